#include "app/calls.hpp"

#include <algorithm>
#include <utility>

#include "domain/call_decision.hpp"

namespace linli::app {

namespace {

using domain::call_event;
using domain::call_outcome;

struct told_line {
    call_event event;
    domain::log_kind what;
    std::optional<domain::instant> at;
};

call_case case_of(domain::call const& c, domain::subject about, domain::signal_kind kind,
                  domain::operator_id who) {
    return {domain::make_call_event(c.id, to_text(kind)),
            kind,
            std::move(about),
            c.area,
            std::move(who),
            to_string(c.id),
            {}};
}

// Its answer is the seat's, whoever sits there; the rest tells the house.
call_heard line_of(domain::call const& c, told_line const& told) {
    domain::actor by{domain::actor_kind::house, {}, {}};
    if (told.event == call_event::answered) by = {domain::actor_kind::operator_, c.seat, {}};
    auto why = to_string(c.id);
    if (!c.recording.empty()) why += ' ' + c.recording;
    return {*c.alert, told.what, std::move(by), std::move(why)};
}

bool is_among(std::vector<domain::caller> const& all, domain::resident_id const& who) {
    return std::ranges::any_of(all, [&](domain::caller const& each) {
        return each.kind != domain::caller_kind::worker && each.id == who.value;
    });
}

verdict refused(domain::refusal why) {
    return {why, false};
}

} // namespace

runtime::task<record_result<known_call>> calls::report(domain::call_report told) {
    auto const fresh = ids_.make<domain::call_id>(time_.now());
    auto taken = co_await report(std::move(told), fresh, std::nullopt);
    co_return taken;
}

runtime::task<record_result<known_call>> calls::report(domain::call_report told,
                                                       domain::call_id fresh,
                                                       std::optional<domain::ring_back> back) {
    auto line = of_lines_(told.called);
    auto taken = co_await keeper_.take(told, fresh, std::move(line));
    if (!taken) co_return taken.error();
    auto const found = co_await find_alert(*taken);
    if (!found) co_return found.error();
    auto const on_alert = co_await tell_alert(*taken);
    if (!on_alert) co_return on_alert.error();
    auto const missed = co_await open_missed(*taken, back);
    if (!missed) co_return missed.error();
    co_return taken;
}

// Only of a home that is certain: between two, a person chooses.
runtime::task<record_result<void>> calls::find_alert(known_call& c) {
    auto const about = subject_of(c.what, c.who);
    if (c.what.outcome || about.kind == domain::subject_kind::area) co_return record_result<void>();
    auto const home = c.who.front().home;
    auto const then = c.what.rang_at.value_or(c.what.first_heard);
    auto const near = co_await keeper_.alert_near(home, then);
    if (!near) co_return near.error();
    if (!*near) co_return record_result<void>();
    call_decision joining{c.what.id, call_outcome::joined, {}, {}, **near, {}};
    auto const done = co_await keeper_.decide(joining);
    if (!done) co_return done.error();
    if (!*done) co_return record_result<void>(); // an operator was quicker
    c.what.outcome = call_outcome::joined;
    c.what.alert = **near;
    co_return record_result<void>();
}

// After a crash between the two a line may stand twice: it says of which call.
runtime::task<record_result<void>> calls::tell_alert(known_call& c) {
    if (!c.what.alert) co_return record_result<void>();
    std::vector<input> lines;
    std::set<call_event> events;
    for (auto const& each :
         {told_line{call_event::ringing, domain::log_kind::called, c.what.rang_at},
          told_line{call_event::answered, domain::log_kind::call_answered, c.what.answered_at},
          told_line{call_event::ended, domain::log_kind::call_ended, c.what.ended_at}}) {
        if (!each.at || c.on_alert.contains(each.event)) continue;
        lines.push_back(line_of(c.what, each));
        events.insert(each.event);
    }
    if (lines.empty()) co_return record_result<void>();
    auto const done = co_await to_.run(std::move(lines));
    if (!done) co_return done.error();
    auto const kept = co_await keeper_.is_on_alert(c.what.id, events);
    if (!kept) co_return kept.error();
    c.on_alert.merge(events);
    co_return record_result<void>();
}

runtime::task<record_result<void>> calls::open_missed(known_call& c,
                                                      std::optional<domain::ring_back> back) {
    if (!is_missed(c.what)) co_return record_result<void>();
    auto missed = case_of(c.what, subject_of(c.what, c.who), domain::signal_kind::help_request, {});
    missed.back = back;
    call_decision decision{c.what.id, call_outcome::missed, {}, {}, {}, missed.event};
    auto const opened = co_await one(std::move(missed));
    if (!opened) co_return opened.error();
    auto const done = co_await keeper_.decide(decision);
    if (!done) co_return done.error();
    auto const decided = co_await keeper_.find(c.what.id); // with its request
    if (!decided) co_return decided.error();
    if (*decided) c = **decided;
    co_return record_result<void>();
}

runtime::task<calls::answer> calls::open_alert(domain::call_id id, domain::operator_id who,
                                               domain::resident_id resident) {
    return open(id, std::move(who), std::move(resident), domain::signal_kind::sos,
                call_outcome::alert);
}

runtime::task<calls::answer> calls::open_request(domain::call_id id, domain::operator_id who,
                                                 domain::resident_id resident) {
    return open(id, std::move(who), std::move(resident), domain::signal_kind::help_request,
                call_outcome::request);
}

runtime::task<calls::answer> calls::open(domain::call_id id, domain::operator_id who,
                                         domain::resident_id resident, domain::signal_kind kind,
                                         call_outcome outcome) {
    auto const found = co_await keeper_.find(id);
    if (!found) co_return found.error();
    if (!*found) co_return refused(domain::refusal::unknown);
    auto const& c = **found;
    if (!may_become(c.what.outcome, outcome)) co_return refused(domain::refusal::held);
    if (!resident.empty() && !is_among(c.who, resident))
        co_return refused(domain::refusal::unknown);
    domain::subject const chosen{domain::subject_kind::resident, resident.value};
    auto opens = case_of(c.what, resident.empty() ? subject_of(c.what, c.who) : chosen, kind, who);
    call_decision decision{id, outcome, std::move(who), {}, {}, opens.event};
    auto opened = co_await one(std::move(opens));
    if (!opened || opened->refused || opened->set_aside) co_return opened;
    auto done = co_await decided(std::move(decision));
    co_return done;
}

runtime::task<calls::answer> calls::join(domain::call_id id, domain::operator_id who,
                                         domain::alert_id alert) {
    auto const found = co_await keeper_.find(id);
    if (!found) co_return found.error();
    if (!*found) co_return refused(domain::refusal::unknown);
    if (!may_become((*found)->what.outcome, call_outcome::joined))
        co_return refused(domain::refusal::held);
    call_heard heard{alert,
                     domain::log_kind::called,
                     {domain::actor_kind::operator_, who.value, {}},
                     to_string(id)};
    auto told = co_await one(std::move(heard));
    if (!told || told->refused || told->set_aside) co_return told;
    call_decision decision{id, call_outcome::joined, std::move(who), {}, alert, {}};
    auto done = co_await decided(std::move(decision));
    if (!done || done->refused) co_return done;
    std::set<call_event> const rang{call_event::ringing};
    auto const kept = co_await keeper_.is_on_alert(id, rang);
    if (!kept) co_return kept.error();
    co_return done;
}

runtime::task<calls::answer> calls::no_case(domain::call_id id, domain::operator_id who,
                                            domain::no_case_reason why, std::string words) {
    auto const found = co_await keeper_.find(id);
    if (!found) co_return found.error();
    if (!*found) co_return refused(domain::refusal::unknown);
    if (needs_words(why, (*found)->who) && words.empty())
        co_return refused(domain::refusal::needs_reason);
    auto reason = std::string(to_text(why));
    if (!words.empty()) reason += ": " + words;
    call_decision decision{id, call_outcome::no_case, std::move(who), std::move(reason), {}, {}};
    auto done = co_await decided(std::move(decision));
    co_return done;
}

runtime::task<calls::answer> calls::decided(call_decision what) {
    auto const done = co_await keeper_.decide(what);
    if (!done) co_return done.error();
    if (!*done) co_return refused(domain::refusal::held);
    co_return verdict{};
}

runtime::task<calls::answer> calls::one(input what) {
    std::vector<input> batch;
    batch.push_back(std::move(what));
    auto done = co_await to_.run(std::move(batch));
    if (!done) co_return done.error();
    co_return done->front();
}

} // namespace linli::app
