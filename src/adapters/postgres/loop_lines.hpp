#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/loop_line.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

// Up to `most` loop lines, opened when first needed and again after they broke.
class loop_lines {
public:
    loop_lines(std::string url, std::size_t most, std::vector<statement> prepared,
               std::chrono::milliseconds answers_within);

    // Nothing if all lines are busy, or none can be opened; that is tried on one of `threads`.
    runtime::task<std::optional<app::record_result<answer_rows>>>
    ask(runtime::blocking_pool& threads, std::string name, statement_values values);

private:
    class loan;

    std::optional<loan> borrow();
    void give_back(std::unique_ptr<loop_line> one);

    std::string const url_;
    std::vector<statement> const prepared_;
    answer_limit limit_;
    std::mutex mutex_; // of the following
    std::vector<std::unique_ptr<loop_line>> idle_;
    std::size_t may_open_;
};

} // namespace linli::postgres
