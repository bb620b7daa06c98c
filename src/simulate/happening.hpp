#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::simulate {

// What somebody in the city did, or was told. `who` is a device, worker or operator; `about` the
// event, offer, order, alert or request; `note` says more where there is more to say.
enum class happening_kind : std::uint8_t {
    // at the device
    pressed,
    resent,
    measured,
    told_stored,
    told_accepted,
    told_arrived,
    gave_up,
    // at the provider
    offered,
    accepted,
    declined,
    kept_silent,
    en_route,
    arrived,
    started,
    completed,
    turned_round,
    withdrawn,
    reply_refused,
    // at the desk
    claimed,
    noted,
    closed,
    followed_up,
    rung_back,
    // on the way
    lost,
    trouble,
};

struct happening {
    happening_kind kind = happening_kind::pressed;
    std::string who;
    std::string about;
    std::string note;
};

} // namespace linli::simulate

template <>
struct linli::domain::names<linli::simulate::happening_kind> {
    using enum linli::simulate::happening_kind;
    static constexpr std::array<std::pair<linli::simulate::happening_kind, std::string_view>, 25>
        table{{{pressed, "pressed"},
               {resent, "resent"},
               {measured, "measured"},
               {told_stored, "told_stored"},
               {told_accepted, "told_accepted"},
               {told_arrived, "told_arrived"},
               {gave_up, "gave_up"},
               {offered, "offered"},
               {accepted, "accepted"},
               {declined, "declined"},
               {kept_silent, "kept_silent"},
               {en_route, "en_route"},
               {arrived, "arrived"},
               {started, "started"},
               {completed, "completed"},
               {turned_round, "turned_round"},
               {withdrawn, "withdrawn"},
               {reply_refused, "reply_refused"},
               {claimed, "claimed"},
               {noted, "noted"},
               {closed, "closed"},
               {followed_up, "followed_up"},
               {rung_back, "rung_back"},
               {lost, "lost"},
               {trouble, "trouble"}}};
};
