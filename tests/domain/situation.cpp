#include "domain/situation.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;

namespace {

alert_id an_alert_id() {
    alert_id id;
    id.value.bytes[0] = 0xA1;
    return id;
}

order_id an_order_id() {
    order_id id;
    id.value.bytes[0] = 0x0D;
    return id;
}

bool rings(log_line const& line) {
    return line.what == log_kind::rung_reached || line.what == log_kind::rang_again;
}

} // namespace

plan sos_plan() {
    plan p;
    p.digest = "sos-plan";
    p.kind = alert_kind::sos;
    p.level = priority::p1;
    p.answer = {{site_level::station, seconds(30)},
                {site_level::centre, seconds(60)},
                {site_level::city, seconds(90)}};
    p.order = order_plan{};
    return p;
}

plan fall_plan() {
    auto p = sos_plan();
    p.digest = "fall-plan";
    p.kind = alert_kind::fall;
    p.countdown = seconds(30);
    return p;
}

plan plan_of(alert_kind kind, priority level) {
    plan p;
    p.digest = std::string(to_text(kind)) + "-plan";
    p.kind = kind;
    p.level = level;
    p.answer = {{site_level::station, seconds(120)}, {site_level::city, seconds(240)}};
    return p;
}

duty everybody_on_duty() {
    return {site_id{"station"}, site_id{"centre"}, site_id{"city"}};
}
duty only_the_city_on_duty() {
    return {std::nullopt, std::nullopt, site_id{"city"}};
}

alert_story::alert_story(plan plan_, duty on_duty_)
    : with(std::move(plan_)), on_duty(std::move(on_duty_)) {
    alert first;
    first.id = an_alert_id();
    first.about = {subject_kind::resident, "r1"};
    first.area = {"310110"};
    first.home = {"h1"};
    first.resident = {"r1"};
    first.first_event = {"w1:1:1"};
    keep(detect(first, {"w1"}, with, on_duty, now));
}

void alert_story::keep(alert_outcome outcome) {
    last = std::move(outcome);
    is = last.next;
    times_rung_ += static_cast<std::size_t>(std::count_if(last.log.begin(), last.log.end(), rings));
}

void alert_story::happens(alert_event const& event) {
    auto outcome = decide(is, event, with, on_duty, now);
    if (outcome)
        keep(std::move(*outcome));
    else
        ADD_FAILURE() << "refused: " << to_text(outcome.error());
}

refusal alert_story::refused(alert_event const& event) {
    auto const outcome = decide(is, event, with, on_duty, now);
    if (!outcome) return outcome.error();
    ADD_FAILURE() << "taken, and is now " << to_text(outcome->next.state);
    return refusal::unknown;
}

void alert_story::comes_due() {
    now = is.due_at.value();
    happens(time_passed{});
}

void alert_story::press(std::string const& event) {
    happens(signal_joined{{event}, {"w1"}, alert_kind::sos, sos_plan()});
}

void alert_story::falls(std::string const& event) {
    happens(signal_joined{{event}, {"w1"}, alert_kind::fall, fall_plan()});
}

void alert_story::cancels(std::string const& event) {
    happens(cancelled_by_device{{event}});
}

bool alert_story::wrote(log_kind what) const {
    return std::any_of(last.log.begin(), last.log.end(),
                       [&](log_line const& line) { return line.what == what; });
}

std::size_t alert_story::times_rung() const {
    return times_rung_;
}

order_story::order_story(order_plan plan_, order_place place) : with(std::move(plan_)) {
    order first;
    first.id = an_order_id();
    first.number = "310110-20260101-0001";
    first.service = with.service;
    first.alert = an_alert_id();
    first.about = {subject_kind::resident, "r1"};
    first.area = {"310110"};
    first.home = {"h1"};
    first.place = place;
    first.event = {"w1:1:1"};
    keep(open_order(first, with, now));
}

void order_story::keep(order_outcome outcome) {
    last = std::move(outcome);
    is = last.next;
    for (auto const& changed : last.offers) {
        std::erase_if(offers, [&](offer const& o) { return o.id == changed.id; });
        offers.push_back(changed);
    }
    std::sort(offers.begin(), offers.end(),
              [](offer const& a, offer const& b) { return a.id < b.id; });
}

void order_story::happens(order_event const& event) {
    auto outcome = decide(is, offers, event, with, now);
    if (outcome)
        keep(std::move(*outcome));
    else
        ADD_FAILURE() << "refused: " << to_text(outcome.error());
}

refusal order_story::refused(order_event const& event) {
    auto const outcome = decide(is, offers, event, with, now);
    if (!outcome) return outcome.error();
    ADD_FAILURE() << "taken, and is now " << to_text(outcome->next.state);
    return refusal::unknown;
}

void order_story::comes_due() {
    now = is.due_at.value();
    happens(order_time_passed{});
}

void order_story::found(std::vector<std::string> const& workers) {
    auto const first = next_offer_;
    next_offer_ = static_cast<std::uint8_t>(next_offer_ + workers.size());
    happens(search_found(workers, first));
}

void order_story::found_nobody() {
    happens(search_result{});
}

offer const& order_story::offer_to(std::string const& worker) const {
    auto const newest = std::find_if(offers.rbegin(), offers.rend(),
                                     [&](offer const& o) { return o.worker.value == worker; });
    if (newest == offers.rend()) throw std::logic_error("no offer was shown to " + worker);
    return *newest;
}

offer_state order_story::state_of_offer_to(std::string const& worker) const {
    return offer_to(worker).state;
}

reply order_story::says(std::string const& worker, reply_kind kind) const {
    reply r;
    r.reply_id = worker + '/' + std::string(to_text(kind));
    r.offer = offer_to(worker).id;
    r.provider = {"company"};
    r.kind = kind;
    r.by = {actor_kind::worker, worker, {}};
    return r;
}

void order_story::hears(std::string const& worker, reply_kind kind) {
    happens(says(worker, kind));
}

bool order_story::wrote(log_kind what) const {
    return std::any_of(last.log.begin(), last.log.end(),
                       [&](log_line const& line) { return line.what == what; });
}

std::vector<std::string> order_story::words() const {
    std::vector<std::string> all;
    for (auto const& line : last.log)
        all.emplace_back(to_text(line.what));
    return all;
}

order_story order_story::in(order_state state) {
    using enum order_state;
    order_story s;
    if (state == requested) return s;
    if (state == unfilled) return s.found_nobody(), s;
    s.found({"wang"});
    if (state == offered) return s;
    if (state == cancelled) return s.happens(cancel{{}, "false_alarm"}), s;
    s.hears("wang", reply_kind::accept);
    if (state == accepted) return s;
    if (state == stood_down) return s.happens(cancel{{}, "false_alarm"}), s;
    s.hears("wang", reply_kind::en_route);
    if (state == en_route) return s;
    if (state == no_access) return s.hears("wang", reply_kind::no_access), s;
    s.hears("wang", reply_kind::arrived);
    if (state == arrived) return s;
    if (state == failed) return s.hears("wang", reply_kind::failed), s;
    s.hears("wang", reply_kind::started);
    if (state == in_service) return s;
    s.hears("wang", reply_kind::completed);
    if (state == completed) return s;
    s.happens(follow_up{{"op1"}, 5, {}});
    return s;
}

candidate may_be_asked(std::string const& worker) {
    candidate c;
    c.id = {worker};
    c.provider = {"company"};
    c.why = match_reason::chosen;
    c.distance_m = 800;
    return c;
}

offer_id offer_numbered(std::uint8_t number) {
    offer_id id;
    id.value.bytes[15] = number;
    return id;
}

offer_to chosen_by_li(std::string const& worker, std::uint8_t offer) {
    auto him = may_be_asked(worker);
    him.why = match_reason::by_operator;
    return {{"li"}, {worker}, him, {}, offer_numbered(offer)};
}

search_result search_found(std::vector<std::string> const& workers, std::uint8_t first_offer) {
    search_result found;
    for (auto const& worker : workers) {
        found.ranked.push_back(may_be_asked(worker));
        found.fresh_ids.push_back(offer_numbered(first_offer++));
    }
    return found;
}

} // namespace linli::tests
