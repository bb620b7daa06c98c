// What operators wish for the calls that they talk on.
#include <utility>

#include "app/hotline.hpp"
#include "app/hotline_legs.hpp"

namespace linli::app {

using domain::call_wish;
using domain::wish_refusal;

// What can't be done yet, because the lines are away, is seen again at the next look, until nobody
// can want it any more.
void hotline::grant(std::vector<wished> const& all) {
    auto const now = with_.clock.now();
    for (auto const& each : all) {
        if (wishes_.contains(each.id)) continue;
        auto const call = names_.find(each.call);
        if (now > each.at + domain::wish_is_good_for) {
            end_wish(each.id, each.call, wish_refusal::too_late);
        } else if (!stands_) {
            continue;
        } else if (call == names_.end()) {
            end_wish(each.id, each.call, wish_refusal::unknown_call);
        } else {
            grant(each, call->second, lines_.at(call->second));
        }
    }
}

// Its own name is the command's: asked again by another server it is done once.
void hotline::grant(wished const& one, std::string const& call, line& of) {
    if (one.what == call_wish::transfer) return transfer(one, call, of);
    wishes_.insert(one.id);
    auto const id = to_string(one.id);
    asked_[id] = {call, {}, one.id};
    switch (one.what) {
    case call_wish::hold:
        return with_.lines.command(id, call, hold_line{});
    case call_wish::resume:
        return with_.lines.command(id, call, resume_line{});
    case call_wish::park:
        return with_.lines.command(id, call, park_line{});
    case call_wish::hang_up:
        return with_.lines.command(id, call, hang_up_line{});
    case call_wish::transfer:
        return;
    }
}

void hotline::transfer(wished const& one, std::string const& call, line& of) {
    if (of.talks.empty()) return end_wish(one.id, of.id, wish_refusal::not_now);
    bool const is_outside = one.to.empty();
    if (!is_outside && !queue_.hands_over(of.id, one.to, with_.clock.now()))
        return end_wish(one.id, of.id, wish_refusal::not_ready);
    wishes_.insert(one.id);
    auto const number = ++of.rung;
    auto leg = is_outside ? leg_outside(number) : leg_of(one.to, number);
    auto address = is_outside ? one.number + '@' + by_.trunk : one.to.value + '@' + by_.domain;
    auto const id = to_string(one.id);
    asked_[id].wish = one.id;
    ring(call, of, std::move(leg), "sip:" + address, id);
}

void hotline::end_wish(domain::uuid id, domain::call_id of, std::optional<wish_refusal> refused) {
    wishes_.insert(id); // until the record has it
    writes_.emplace_back(wish_ended{id, of, refused, with_.clock.now()});
}

} // namespace linli::app
