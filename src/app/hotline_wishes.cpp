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
    if (one.what == call_wish::add_third) return add_third(one, call, of);
    if (one.what == call_wish::drop_third && of.third.empty())
        return end_wish(one.id, of.id, wish_refusal::not_now);
    if (one.what == call_wish::listen) return listen(one, call, of);
    wishes_.insert(one.id);
    auto const id = to_string(one.id);
    asked_[id] = {call, {}, {}, {}, one.id};
    switch (one.what) {
    case call_wish::hold:
        return with_.lines.command(id, call, hold_line{});
    case call_wish::resume:
        return with_.lines.command(id, call, resume_line{});
    case call_wish::park:
        return with_.lines.command(id, call, park_line{});
    case call_wish::hang_up:
        return with_.lines.command(id, call, hang_up_line{});
    case call_wish::join_third:
        return with_.lines.command(id, call, join_third_line{});
    case call_wish::leave:
        return with_.lines.command(id, call, leave_line{});
    case call_wish::drop_third:
        return with_.lines.command(id, call, withdraw_leg{of.third});
    case call_wish::transfer:
    case call_wish::add_third:
    case call_wish::listen:
        return;
    }
}

void hotline::transfer(wished const& one, std::string const& call, line& of) {
    if (of.talks.empty()) return end_wish(one.id, of.id, wish_refusal::not_now);
    bool const is_outside = one.to.empty();
    bool const has_it = !is_outside && user_of(of.talks) == one.to;
    if (has_it) return end_wish(one.id, of.id, {});
    auto leg = is_outside ? leg_outside(++of.rung) : rings_already(of, one.to);
    if (leg.empty()) {
        if (!queue_.hands_over(of.id, one.to, with_.clock.now()))
            return end_wish(one.id, of.id, wish_refusal::not_ready);
        leg = leg_of(one.to, ++of.rung);
    }
    wishes_.insert(one.id);
    auto const id = to_string(one.id);
    asked_[id].wish = one.id;
    ring(call, of, std::move(leg), address_of(one), id);
}

// Her telephone, to take the talk over: it was asked before the link broke, or by a server before
// us, and nobody has heard the answer. Asked by the same names it isn't rung twice.
std::string hotline::rings_already(line const& of, domain::operator_id const& who) const {
    auto const handing = queue_.handing_over();
    auto const found = handing.find(of.id);
    if (found == handing.end() || found->second != who) return {};
    for (auto const& leg : of.legs)
        if (leg != of.talks && user_of(leg) == who) return leg;
    return {};
}

std::string hotline::address_of(wished const& one) const {
    return one.to.empty() ? number_address(one.number, by_.trunk)
                          : seat_address(one.to, by_.domain);
}

// Her seat is asked for as it is for a transfer: until the third is gone nobody else rings there.
// If there is one, the lines know whether it is this one, asked before the link broke.
void hotline::add_third(wished const& one, std::string const& call, line& of) {
    if (of.talks.empty()) return end_wish(one.id, of.id, wish_refusal::not_now);
    bool const has_one = !of.third.empty();
    bool const is_outside = one.to.empty();
    if (!has_one && !is_outside && !queue_.hands_over(of.id, one.to, with_.clock.now()))
        return end_wish(one.id, of.id, wish_refusal::not_ready);
    wishes_.insert(one.id);
    auto const number = ++of.rung;
    auto const leg = is_outside ? leg_outside(number) : leg_of(one.to, number);
    auto const id = to_string(one.id);
    asked_[id] = {call, {}, has_one ? std::string() : leg, {}, one.id};
    if (!has_one) becomes_third(of, leg);
    with_.lines.command(id, call, add_third_leg{telephone_of(of, leg, address_of(one))});
}

void hotline::becomes_third(line& of, std::string const& leg) {
    of.third = leg;
    call_attempt attempt;
    attempt.call = of.id;
    attempt.leg = leg;
    attempt.who = user_of(leg);
    attempt.role = domain::attempt_role::third;
    writes_.emplace_back(std::move(attempt));
}

// It rings at her who wishes it, and nothing of it is her seat's.
void hotline::listen(wished const& one, std::string const& call, line& of) {
    if (of.talks.empty()) return end_wish(one.id, of.id, wish_refusal::not_now);
    wishes_.insert(one.id);
    auto leg = leg_of(one.by, ++of.rung);
    of.listeners.insert(leg);
    call_attempt attempt;
    attempt.call = of.id;
    attempt.leg = leg;
    attempt.who = one.by;
    attempt.role = domain::attempt_role::listens;
    writes_.emplace_back(std::move(attempt));
    auto const id = to_string(one.id);
    asked_[id] = {call, {}, {}, leg, one.id};
    auto telephone = telephone_of(of, std::move(leg), seat_address(one.by, by_.domain));
    telephone.headers.emplace("X-Listen", "1"); // so her page takes it by itself, and no caller
    with_.lines.command(id, call, listen_leg{std::move(telephone)});
}

void hotline::end_wish(domain::uuid id, domain::call_id of, std::optional<wish_refusal> refused) {
    wishes_.insert(id); // until the record has it
    writes_.emplace_back(wish_ended{id, of, refused, with_.clock.now()});
}

} // namespace linli::app
