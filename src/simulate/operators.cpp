#include "simulate/operators.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/machine_time.hpp"

namespace linli::simulate {

namespace {

using namespace std::chrono_literals;
using domain::alert_state;
using domain::disposition;
using domain::order_state;

// What rings at the other ones' seats is none of theirs.
bool is_theirs(auto const& what, bool synthetic) {
    return (what.what_for == domain::purpose::synthetic) == synthetic;
}

std::set<std::string> open_events(app::overview const& seen, bool synthetic) {
    std::set<std::string> open;
    for (auto const& line : seen.alerts) {
        if (!is_theirs(line.what, synthetic)) continue;
        open.insert(line.what.first_event.value);
        for (auto const& order : line.orders)
            open.insert(order.event.value);
    }
    for (auto const& order : seen.orders)
        if (is_theirs(order, synthetic)) open.insert(order.event.value);
    for (auto const& request : seen.requests)
        if (!synthetic) open.insert(request.first_event.value);
    return open;
}

// Nothing more will happen at the door.
bool is_done(app::order_line const& order) {
    switch (order.state) {
    case order_state::completed:
    case order_state::followed_up:
    case order_state::cancelled:
    case order_state::stood_down:
    case order_state::failed:
        return true;
    case order_state::requested:
    case order_state::offered:
    case order_state::accepted:
    case order_state::en_route:
    case order_state::arrived:
    case order_state::in_service:
    case order_state::no_access:
    case order_state::unfilled:
        break;
    }
    return false;
}

bool is_more_urgent(app::alert_line const* a, app::alert_line const* b) {
    return std::pair(a->what.level, a->what.raised_at) <
           std::pair(b->what.level, b->what.raised_at);
}

} // namespace

operators::operators(std::vector<std::unique_ptr<desk_person>> people, options with, report tell,
                     looked seen)
    : people_(std::move(people)), with_(with), tell_(std::move(tell)), seen_(std::move(seen)),
      dice_(with.seed, "operators") {}

operators::~operators() {
    stop();
}

void operators::start() {
    if (!people_.empty()) thread_ = std::thread([this] { run(); });
}

void operators::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

bool operators::pause(std::chrono::milliseconds length) {
    auto const scaled = std::chrono::duration<double, std::milli>(length) * with_.time_scale;
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, scaled, [this] { return stopping_; });
}

void operators::run() {
    auto const turn = 1000ms / static_cast<std::int64_t>(people_.size());
    while (true)
        for (auto const& who : people_) {
            work(*who);
            if (!pause(turn)) return;
        }
}

void operators::work(desk_person& who) {
    auto const seen = who.look();
    if (!seen) return;
    claim_one(who, *seen);
    for (auto const& line : seen->alerts) {
        if (line.what.holder == who.name()) see_to(who, line);
        follow_up(who, line.orders);
    }
    follow_up(who, seen->orders);
    ring_back(who, *seen);
    seen_(open_events(*seen, with_.synthetic));
}

// Somebody at a page may want it; after the wait he doesn't.
bool operators::is_left_alone(domain::instant since) const {
    return runtime::machine_time() - since < with_.wait;
}

void operators::claim_one(desk_person& who, app::overview const& seen) {
    std::vector<app::alert_line const*> ringing;
    std::size_t held = 0;
    for (auto const& line : seen.alerts) {
        if (line.what.state == alert_state::raised && is_theirs(line.what, with_.synthetic) &&
            !is_left_alone(line.what.raised_at))
            ringing.push_back(&line);
        if (line.what.state == alert_state::claimed && line.what.holder == who.name()) ++held;
    }
    if (ringing.empty() || held >= with_.most_held) return;
    auto const& first = **std::ranges::min_element(ringing, is_more_urgent);
    if (who.claim(first.what.id))
        say(happening_kind::claimed, who, to_string(first.what.id), to_string(first.what.about));
}

void operators::see_to(desk_person& who, app::alert_line const& line) {
    auto const id = to_string(line.what.id);
    // A new press on an alert that she holds: answered by claiming it again.
    if (line.what.acknowledge_by && who.claim(line.what.id))
        return say(happening_kind::claimed, who, id, "again");
    if (noted_.insert(id).second) {
        if (who.note(line.what.id, "已与老人通话，神志清楚，等待服务人员上门。"))
            say(happening_kind::noted, who, id);
        return;
    }
    if (!std::ranges::all_of(line.orders, is_done)) return;
    constexpr std::array outcomes{disposition::helped,           disposition::helped,
                                  disposition::helped,           disposition::helped,
                                  disposition::handed_to_family, disposition::false_alarm,
                                  disposition::sent_to_hospital};
    auto const outcome =
        with_.synthetic ? disposition::test : outcomes[dice_.below(outcomes.size())];
    if (!who.close(line.what.id, outcome, "服务人员已上门处理。")) return;
    noted_.erase(id);
    say(happening_kind::closed, who, id, std::string(domain::to_text(outcome)));
}

void operators::ring_back(desk_person& who, app::overview const& seen) {
    if (with_.synthetic) return; // it asks for nothing by the green key
    for (auto const& request : seen.requests)
        if (!is_left_alone(request.opened_at) &&
            who.ring_back(request.id, "已回拨，老人咨询助餐服务。"))
            say(happening_kind::rung_back, who, to_string(request.id));
}

void operators::follow_up(desk_person& who, std::vector<app::order_line> const& orders) {
    for (auto const& order : orders) {
        if (order.state != order_state::completed || !is_theirs(order, with_.synthetic)) continue;
        auto const rating = 3 + static_cast<int>(dice_.below(3));
        if (who.follow_up(order.id, rating, "回访：满意。"))
            say(happening_kind::followed_up, who, to_string(order.id), order.number);
    }
}

void operators::say(happening_kind what, desk_person const& who, std::string about,
                    std::string note) {
    tell_({what, who.name().value, std::move(about), std::move(note)});
}

} // namespace linli::simulate
