#pragma once

#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "contract/keeper.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

// A contract that each Keeper must hold, on the twin and on PostgreSQL. A SetUp of its own calls
// this one first, and does no more if the test is skipped.
template <class Keeper>
class contract_of : public testing::TestWithParam<std::unique_ptr<Keeper> (*)()> {
protected:
    void SetUp() override {
        keeper_ = this->GetParam()();
        if (!keeper_) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run the contract on PostgreSQL";
    }

    // Of something that can't fail today.
    template <class T>
    T must(runtime::task<app::record_result<T>> work) {
        auto done = run_on(loop_, std::move(work));
        if (!done) throw std::runtime_error("the record says " + in_words(done.error()));
        if constexpr (!std::is_void_v<T>) return std::move(*done);
    }

    boost::asio::io_context loop_;
    std::unique_ptr<Keeper> keeper_;
};

} // namespace linli::tests
