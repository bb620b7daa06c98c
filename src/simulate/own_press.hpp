#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "domain/named.hpp"
#include "simulate/happening.hpp"

namespace linli::simulate {

// What the house's own press must go through, in this order.
enum class press_stage : std::uint8_t {
    stored,      // the device has its receipt
    claimed,     // it rang at a seat
    offered,     // a worker's provider heard of it
    accepted,    // and the device that somebody comes
    arrived,     // and that he is there
    closed,      // by the desk
    followed_up, // somebody asked whether help came
};

// How far one press has come, by what its people say.
class own_press {
public:
    void see(happening const& what);
    // The first stage that it has not reached; nothing: it is whole.
    std::optional<press_stage> stuck_at() const;

private:
    std::set<press_stage> reached_;
};

// What a person must be told: once that the way from the button to the door is broken, and once
// that it is whole again. What could not be said is said again.
class break_bell {
public:
    enum class word : std::uint8_t { nothing, broken, whole };

    word to_say(bool is_whole) const;
    void said(word what) { was_broken_ = what == word::broken; }

private:
    bool was_broken_ = false; // and somebody was told
};

} // namespace linli::simulate

template <>
struct linli::domain::names<linli::simulate::press_stage> {
    using enum linli::simulate::press_stage;
    static constexpr std::array<std::pair<linli::simulate::press_stage, std::string_view>, 7> table{
        {{stored, "stored"},
         {claimed, "claimed"},
         {offered, "offered"},
         {accepted, "accepted"},
         {arrived, "arrived"},
         {closed, "closed"},
         {followed_up, "followed_up"}}};
};
