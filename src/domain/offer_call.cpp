#include "domain/offer_call.hpp"

namespace linli::domain {

namespace {

// He has answered it, or that number never will.
bool is_done_with(placed_end last) {
    return last == placed_end::pressed || last == placed_end::no_such_number;
}

} // namespace

offer_call decide(rung_offer const& o, offer_call_times const& by, instant now) {
    bool const runs_out = o.state == offer_state::open && now >= o.expires_at;
    if (o.is_called) {
        if (o.state == offer_state::expired || runs_out) return offer_call::stop_ring;
        return o.state == offer_state::open ? offer_call::leave : offer_call::end;
    }
    bool const may_begin = o.state == offer_state::open && now >= o.opened_at + by.after &&
                           now < o.expires_at - by.least_left;
    if (!may_begin || (o.last && is_done_with(*o.last))) return offer_call::leave;
    bool const rests = o.last_at && now < *o.last_at + by.again;
    return rests ? offer_call::leave : offer_call::begin;
}

std::optional<reply_kind> reply_by_key(char key) {
    switch (key) {
    case accepts_by_key:
        return reply_kind::accept;
    case declines_by_key:
        return reply_kind::decline;
    default:
        return std::nullopt;
    }
}

} // namespace linli::domain
