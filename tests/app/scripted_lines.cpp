#include "app/scripted_lines.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/hotline_legs.hpp"

namespace linli::tests {

using app::leg_state;
using app::line_refusal;
using domain::attempt_end;
using domain::attempt_role;

// ------------------------------------------------------------------ the dispatch server

void scripted_lines::connect(app::hotline_listener& to) {
    if (server_) hang_up_on_server();
    server_ = &to;
    for (auto& [name, each] : calls_)
        each.rings_duty = false;
    unsaid_.emplace_back([run = run()](auto& server) { server.lines_came(run); });
    unsaid_.emplace_back([shows = now()](auto& server) { server.lines_clock(shows); });
    for (auto const& each : over_)
        unsaid_.emplace_back([each](auto& server) { server.line_was(each); });
    for (auto const& each : backlog_)
        unsaid_.emplace_back([each](auto& server) { server.line_happened(each); });
    unsaid_.emplace_back([all = snapshot()](auto& server) { server.lines_stand(all); });
}

void scripted_lines::hang_up_on_server() {
    auto* const was = std::exchange(server_, nullptr);
    unsaid_.clear();
    if (was) was->lines_went();
}

void scripted_lines::server_dies() {
    server_ = nullptr;
    unsaid_.clear();
}

void scripted_lines::dies() {
    hang_up_on_server();
    auto const died_at = now();
    for (auto const& [name, each] : calls_)
        over_.push_back({name, {each.number, "12349"}, each.came_at, each.talked_at, died_at, {}});
    calls_.clear();
    backlog_.clear();
    answered_.clear();
    sequence_ = 0;
    ++runs_;
}

bool scripted_lines::say_all() {
    bool has_said = false;
    while (server_ && !unsaid_.empty()) {
        auto const next = std::move(unsaid_.front());
        unsaid_.pop_front();
        next(*server_);
        has_said = true;
    }
    return has_said;
}

template <class What>
void scripted_lines::tell(std::string const& name, What what) {
    backlog_.push_back({++sequence_, name, now(), std::move(what)});
    if (server_)
        unsaid_.emplace_back([told = backlog_.back()](auto& to) { to.line_happened(told); });
}

app::lines_snapshot scripted_lines::snapshot() const {
    app::lines_snapshot all;
    all.as_of = sequence_;
    for (auto const& [name, each] : calls_) {
        auto& one = all.calls.emplace_back();
        one.call = name;
        one.offered = {each.number, "12349"};
        one.came_at = each.came_at;
        one.talked_at = each.talked_at;
        one.is_held = each.is_held;
        one.is = talks(name).empty() ? app::line_state::waits : app::line_state::talks;
        for (auto const& [leg, what] : each.legs)
            one.legs.push_back({leg, what.address, what.is, what.role, what.is_aside});
    }
    return all;
}

// ------------------------------------------------------------------ people

std::string scripted_lines::comes(std::string number) {
    auto name = run() + '-' + std::to_string(++came_); // as the engine names them
    calls_[name] = {number, now()};
    tell(name, app::line_offered{std::move(number), "12349"});
    tell(name, app::line_answered{});
    return name;
}

void scripted_lines::ends(std::string const& name, bool by_caller) {
    auto const one = calls_.at(name);
    app::line_over was{name, {one.number, "12349"}, one.came_at, one.talked_at, now(), {}};
    for (auto const& [leg, what] : one.legs) {
        if (what.is == leg_state::talks) was.address = what.address;
        auto const how = what.is == leg_state::talks && !by_caller ? attempt_end::hung_up
                                                                   : attempt_end::call_ended;
        tell(name, app::leg_ends{leg, how, 0});
    }
    calls_.erase(name);
    tell(name, app::line_ended{});
    over_.push_back(was);
    if (server_) unsaid_.emplace_back([was](auto& to) { to.line_was(was); });
}

std::set<std::string> scripted_lines::ringing(std::string const& name) const {
    std::set<std::string> all;
    auto const found = calls_.find(name);
    if (found == calls_.end()) return all;
    for (auto const& [leg, what] : found->second.legs)
        if (what.is == leg_state::rings) all.insert(app::seat_of(leg));
    return all;
}

std::string scripted_lines::talks(std::string const& name) const {
    auto const found = calls_.find(name);
    if (found == calls_.end()) return {};
    for (auto const& [leg, what] : found->second.legs)
        if (what.is == leg_state::talks && what.role == attempt_role::takes_caller)
            return app::seat_of(leg);
    return {};
}

std::string scripted_lines::leg_of(std::string const& name, std::string const& who,
                                   leg_state is) const {
    for (auto const& [leg, what] : calls_.at(name).legs)
        if (app::seat_of(leg) == who && what.is == is) return leg;
    throw std::logic_error(who + " has no part in " + name);
}

void scripted_lines::answers(std::string const& name, std::string const& who) {
    auto const answered = leg_of(name, who, leg_state::rings);
    tell(name, app::leg_answers{answered});
    auto& one = calls_.at(name);
    auto const legs = one.legs;
    for (auto const& [leg, what] : legs) {
        if (leg == answered || what.role != attempt_role::takes_caller) continue;
        leg_goes(name, leg,
                 what.is == leg_state::talks ? attempt_end::transferred : attempt_end::elsewhere);
    }
    one.legs.at(answered).is = leg_state::talks;
    one.is_held = false;
    one.rings_duty = false;
    if (!one.talked_at) one.talked_at = now();
    tell(name, app::leg_talks{answered});
}

void scripted_lines::leg_goes(std::string const& name, std::string const& leg, attempt_end how,
                              int sip_code) {
    calls_.at(name).legs.erase(leg);
    tell(name, app::leg_ends{leg, how, sip_code});
}

void scripted_lines::refuses(std::string const& name, std::string const& who, int sip_code) {
    leg_goes(name, leg_of(name, who, leg_state::rings), attempt_end::refused, sip_code);
}

void scripted_lines::answers_in_vain(std::string const& name, std::string const& who) {
    constexpr int not_acceptable = 488;
    auto const leg = leg_of(name, who, leg_state::rings);
    tell(name, app::leg_answers{leg});
    leg_goes(name, leg, attempt_end::refused, not_acceptable);
}

void scripted_lines::does_not_answer(std::string const& name, std::string const& who) {
    leg_goes(name, leg_of(name, who, leg_state::rings), attempt_end::not_answered);
}

void scripted_lines::loses_her(std::string const& name) {
    her_leg_goes(name, attempt_end::lost);
}

// As the engine's rule is: the third has the caller then, unless she is lost while they spoke
// aside.
void scripted_lines::her_leg_goes(std::string const& name, attempt_end how) {
    leg_goes(name, leg_of(name, talks(name), leg_state::talks), how);
    auto& legs = calls_.at(name).legs;
    auto const third = std::ranges::find_if(
        legs, [](auto const& each) { return each.second.role == attempt_role::third; });
    if (third == legs.end()) return;
    auto const leg = third->first;
    bool const has_come = third->second.is == leg_state::talks;
    bool const is_left = how == attempt_end::lost && third->second.is_aside;
    if (!has_come || is_left) return leg_goes(name, leg, attempt_end::withdrawn);
    third->second.role = attempt_role::takes_caller;
    tell(name, app::leg_talks{leg});
}

void scripted_lines::comes_to(std::string const& name, std::string const& who) {
    auto const leg = leg_of(name, who, leg_state::rings);
    auto& what = calls_.at(name).legs.at(leg);
    what.is = leg_state::talks;
    what.is_aside = what.role == attempt_role::third;
    tell(name, app::leg_answers{leg});
    if (what.is_aside) tell(name, app::third_joins{leg, true});
}

void scripted_lines::goes_from(std::string const& name, std::string const& who) {
    leg_goes(name, leg_of(name, who, leg_state::talks), attempt_end::hung_up);
}

// ------------------------------------------------------------------ what it is told

struct scripted_lines::obeying {
    scripted_lines& in;
    std::string const& name;
    call& one;

    line_refusal operator()(app::line_plays const& what) const {
        if (!in.talks(name).empty()) return line_refusal::not_now;
        one.heard.push_back(what.sound);
        return line_refusal::none;
    }
    line_refusal operator()(app::ring_leg const& what) const {
        one.legs[what.leg] = {what.address, leg_state::rings, what.headers};
        in.tell(name, app::leg_rings{what.leg});
        return line_refusal::none;
    }
    line_refusal operator()(app::add_third_leg const& what) const {
        auto const is_third = [](auto const& each) {
            return each.second.role == attempt_role::third;
        };
        if (in.talks(name).empty() || std::ranges::any_of(one.legs, is_third))
            return line_refusal::not_now;
        one.legs[what.whom.leg] = {what.whom.address, leg_state::rings, what.whom.headers,
                                   attempt_role::third};
        in.tell(name, app::leg_rings{what.whom.leg});
        return line_refusal::none;
    }
    line_refusal operator()(app::join_third_line const&) const {
        for (auto& [leg, what] : one.legs)
            if (std::exchange(what.is_aside, false)) {
                in.tell(name, app::third_joins{leg, false});
                return line_refusal::none;
            }
        return line_refusal::not_now;
    }
    line_refusal operator()(app::leave_line const&) const {
        for (auto const& [leg, what] : one.legs)
            if (what.role == attempt_role::third && what.is == leg_state::talks) {
                in.her_leg_goes(name, attempt_end::transferred);
                return line_refusal::none;
            }
        return line_refusal::not_now;
    }
    line_refusal operator()(app::listen_leg const& what) const {
        if (in.talks(name).empty()) return line_refusal::not_now;
        one.legs[what.who.leg] = {what.who.address, leg_state::rings, what.who.headers,
                                  attempt_role::listens};
        in.tell(name, app::leg_rings{what.who.leg});
        return line_refusal::none;
    }
    line_refusal operator()(app::withdraw_leg const& what) const {
        auto const found = one.legs.find(what.leg);
        if (found == one.legs.end()) return line_refusal::unknown_leg;
        bool const has_him = found->second.role == attempt_role::takes_caller;
        if (has_him && found->second.is == leg_state::talks) return line_refusal::not_now;
        in.leg_goes(name, what.leg, attempt_end::withdrawn);
        return line_refusal::none;
    }
    line_refusal operator()(app::ring_duty const& what) const {
        one.rings_duty = what.on;
        return line_refusal::none;
    }
    line_refusal operator()(app::park_line const&) const {
        if (in.talks(name).empty()) return line_refusal::not_now;
        in.leg_goes(name, in.leg_of(name, in.talks(name), leg_state::talks),
                    attempt_end::withdrawn);
        return line_refusal::none;
    }
    line_refusal operator()(app::hold_line const&) const { return holds(true); }
    line_refusal operator()(app::resume_line const&) const { return holds(false); }
    // Calls that we begin are another's.
    line_refusal operator()(app::say_line const&) const { return line_refusal::else_; }
    line_refusal operator()(app::place_line const&) const { return line_refusal::else_; }
    line_refusal operator()(app::hang_up_line const&) const {
        in.ends(std::string(name), false);
        return line_refusal::none;
    }

    line_refusal holds(bool on) const {
        if (in.talks(name).empty()) return line_refusal::not_now;
        if (std::exchange(one.is_held, on) == on) return line_refusal::none;
        if (on)
            in.tell(name, app::line_held{});
        else
            in.tell(name, app::line_resumed{});
        return line_refusal::none;
    }
};

void scripted_lines::command(std::string id, std::string name, app::line_command what) {
    if (!server_) return;
    auto [at, is_new] = answered_.try_emplace(id, line_refusal::unknown_call);
    auto const found = calls_.find(name);
    if (is_new && found != calls_.end())
        at->second = std::visit(obeying{*this, name, found->second}, what);
    unsaid_.emplace_back([id, why = at->second](auto& server) { server.lines_answered(id, why); });
}

void scripted_lines::acknowledge(std::uint64_t through, std::vector<std::string> ended_calls) {
    if (!server_) return;
    std::erase_if(backlog_, [&](auto const& each) { return each.sequence <= through; });
    std::erase_if(over_, [&](auto const& each) {
        return std::ranges::find(ended_calls, each.call) != ended_calls.end();
    });
}

} // namespace linli::tests
