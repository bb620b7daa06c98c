#include "simulation/switchboard.hpp"

#include <utility>

namespace linli::simulation {

namespace {

using domain::placed_end;
using domain::seconds;

constexpr domain::duration soon_least{1'000};
constexpr domain::duration soon_most{200'000};
constexpr seconds a_text{9}; // said once
constexpr seconds thanks{3};

} // namespace

// ---------------------------------------------------------------- a server comes and goes

switchboard::connection switchboard::connect(ears to) {
    tell([](auto& who) { who.lines_went(); });
    ears_ = std::move(to);
    stands_since_.reset();
    ++connected_;
    if (!is_down_) stand();
    return connected_;
}

// What ended while nobody heard comes before how all stands.
void switchboard::stand() {
    tell([run = std::to_string(run_)](auto& who) { who.lines_came(run); });
    for (auto const& [name, each] : ended_)
        tell([each](auto& who) { who.placed_was(each); });
    app::lines_snapshot all;
    for (auto const& [reference, each] : running_) {
        all.placed.insert(reference);
        if (each.is != stage::rings) all.heard.insert(reference);
    }
    tell([all](auto& who) { who.lines_stand(all); });
    stands_since_ = here_.clock.now();
}

void switchboard::hang_up(connection who) {
    if (who != connected_) return;
    if (!running_.empty()) here_.saw(rare::call_outlives_its_server);
    ears_ = {};
    stands_since_.reset();
}

void switchboard::tell(std::function<void(app::hotline_listener&)> what) {
    if (ears_ && !is_down_) ears_(std::move(what));
}

void switchboard::line_breaks() {
    if (!ears_ || is_down_) return;
    here_.saw(rare::hotline_line_breaks);
    here_.note("the line between the hotline and the server breaks");
    tell([](auto& who) { who.lines_went(); });
    stands_since_.reset();
    is_down_ = true;
    reconnect_soon();
}

// What it had just been told may not be on its disk, and then nobody knows of it any more.
void switchboard::restarts() {
    if (is_down_) return;
    here_.saw(rare::hotline_engine_dies);
    here_.note("the hotline's engine dies");
    tell([](auto& who) { who.lines_went(); });
    stands_since_.reset();
    is_down_ = true;
    ++run_;
    said_.clear();
    auto const lost = std::exchange(running_, {});
    for (auto const& [reference, each] : lost) {
        here_.saw(rare::call_is_lost_with_the_engine);
        bool const is_forgotten = each.is == stage::rings && chance_.percent(20);
        if (is_forgotten)
            begun_.erase(reference);
        else
            over(reference, placed_end::lost);
    }
    reconnect_soon();
}

void switchboard::reconnect_soon() {
    here_.after(chance_.between(domain::duration{500'000}, seconds(8)), [this] {
        is_down_ = false;
        if (ears_) stand();
    });
}

// ---------------------------------------------------------------- what it is told

void switchboard::command(connection who, std::string const& id, std::string const& call,
                          app::line_command const& what) {
    if (who != connected_ || is_down_) return;
    if (auto const* to = std::get_if<app::place_line>(&what)) return place(id, *to);
    if (repeats(id)) return;
    if (std::holds_alternative<app::say_line>(what)) return say(id, call);
    if (std::holds_alternative<app::hang_up_line>(what)) return hang_up_call(id, call);
    answer(id, app::line_refusal::else_);
}

void switchboard::acknowledge(connection who, std::vector<std::string> const& ended) {
    if (who != connected_ || is_down_) return;
    for (auto const& each : ended)
        ended_.erase(each);
}

// Done once, and answered as it was.
bool switchboard::repeats(std::string const& id) {
    auto const said = said_.find(id);
    if (said != said_.end()) answer(id, said->second);
    return said != said_.end();
}

void switchboard::answer(std::string const& id, app::line_refusal why) {
    said_[id] = why;
    tell([id, why](auto& who) { who.lines_answered(id, why); });
}

// The same wish is rung once, whoever tells it how often.
void switchboard::place(std::string const& id, app::place_line const& what) {
    if (repeats(id)) return;
    if (!is_kind() && chance_.percent(5)) {
        here_.saw(rare::hotline_has_no_line);
        return answer(id, app::line_refusal::no_line);
    }
    if (!begun_.insert(what.reference).second)
        here_.broken("a call is rung twice for one wish: " + what.reference);
    answer(id, app::line_refusal::none);
    auto& one = running_[what.reference];
    one.what = what;
    rings(what.reference, one);
}

void switchboard::say(std::string const& id, std::string const& call) {
    auto const at = running_.find(call);
    bool const waits = at != running_.end() && at->second.is == stage::has_pressed;
    answer(id, waits ? app::line_refusal::none : app::line_refusal::not_now);
    if (!waits) return;
    here_.saw(rare::answer_is_said_to_who_pressed);
    plan(call, seconds(5), [this, call](running&) { over(call, placed_end::pressed); });
}

void switchboard::hang_up_call(std::string const& id, std::string const& call) {
    auto const at = running_.find(call);
    if (at == running_.end()) return answer(id, app::line_refusal::unknown_call);
    if (at->second.is == stage::has_pressed) return answer(id, app::line_refusal::not_now);
    answer(id, app::line_refusal::none);
    here_.saw(rare::call_is_withdrawn);
    over(call, placed_end::withdrawn);
}

// ---------------------------------------------------------------- whoever is rung

void switchboard::plan(std::string const& reference, domain::duration after,
                       std::function<void(running&)> what) {
    auto const deed = ++deeds_;
    running_.at(reference).deed = deed;
    here_.after(after, [this, reference, deed, what = std::move(what)] {
        auto const at = running_.find(reference);
        if (at != running_.end() && at->second.deed == deed) what(at->second);
    });
}

void switchboard::rings(std::string const& reference, running& one) {
    auto const ends = [&](domain::duration after, placed_end how) {
        plan(reference, after, [this, reference, how](running&) { over(reference, how); });
    };
    auto const drawn = here_.now.anybody ? chance_.below(100) : 99;
    if (drawn < (is_kind() ? 80U : 55U))
        return plan(reference, chance_.between(seconds(1), seconds(15)),
                    [this, reference](running& now) { picks_up(reference, now); });
    if (drawn < 85) return ends(chance_.between(seconds(1), seconds(3)), placed_end::busy);
    if (drawn < 92) return ends(chance_.between(seconds(1), seconds(9)), placed_end::declined);
    ends(one.what.timeout, placed_end::not_answered);
}

// A seat that has asked for the call, or somebody who listens to a text.
void switchboard::picks_up(std::string const& reference, running& one) {
    auto const* words = std::get_if<app::speak_line>(&one.what.then);
    if (!words) {
        one.is = stage::talks;
        return plan(reference, chance_.between(seconds(5), seconds(90)),
                    [this, reference](running&) { over(reference, placed_end::talked); });
    }
    one.is = stage::listens;
    tell([reference](auto& who) { who.placed_happened({reference}); });
    auto const all = static_cast<int>(words->times) * (a_text + words->pause);
    auto const drawn = chance_.below(100);
    if (drawn < (is_kind() ? 90U : 65U))
        return plan(reference, chance_.between(seconds(3), all),
                    [this, reference](running& now) { presses(reference, now); });
    if (drawn < 95)
        return plan(reference, all,
                    [this, reference](running&) { over(reference, placed_end::spoken); });
    plan(reference, chance_.between(seconds(1), all),
         [this, reference](running&) { over(reference, placed_end::hung_up); });
}

// Of an offer 2 declines it; of a notice the only key says that he has it.
void switchboard::presses(std::string const& reference, running& one) {
    auto const& words = std::get<app::speak_line>(one.what.then);
    bool const declines = words.accepts.size() > 1 && chance_.percent(is_kind() ? 5 : 25);
    one.is = stage::has_pressed;
    one.key = declines ? words.accepts.substr(1, 1) : words.accepts.substr(0, 1);
    if (words.accepts.size() == 1) to_.heard(reference);
    tell([reference, key = one.key[0]](auto& who) { who.placed_happened({reference, key}); });
    auto const left = words.answer_within > seconds{0} ? words.answer_within : thanks;
    plan(reference, left, [this, reference](running&) { over(reference, placed_end::pressed); });
}

void switchboard::over(std::string const& reference, placed_end how) {
    app::placed_over what;
    what.call = "o" + std::to_string(++calls_);
    what.reference = reference;
    what.how = how;
    auto const at = running_.find(reference);
    if (how == placed_end::pressed && at != running_.end()) what.key = at->second.key;
    running_.erase(reference);
    if (how == placed_end::talked) to_.recorded.ends(what.call, chance_.percent(10));
    ended_[what.call] = what;
    tell([what](auto& who) { who.placed_was(what); });
}

} // namespace linli::simulation
