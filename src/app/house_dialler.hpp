#pragma once

#include <functional>
#include <utility>

#include "app/clock.hpp"
#include "app/dialler.hpp"
#include "app/id_source.hpp"
#include "app/placed_call_record.hpp"

namespace linli::app {

// app::dialler by our own hotline: it rings her seat, then the number.
class house_dialler final : public dialler {
public:
    struct ports {
        placed_call_record& keeper;
        app::clock& time;
        id_source& ids;
        std::function<void()> asked = {}; // for a call; must not throw
    };

    explicit house_dialler(ports with) : with_(std::move(with)) {}

    static constexpr domain::seconds begins_within{5}; // a person looks at her page

    runtime::task<dialled> dial(dialling what) override;

private:
    ports with_;
};

} // namespace linli::app
