#include "app/call_placer.hpp"

#include <algorithm>
#include <utility>

#include "app/hotline_legs.hpp"
#include "domain/offer_call.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{1};
constexpr std::size_t most_at_once = 20; // the engine has no more lines for it
constexpr std::size_t for_spoken = 16;   // of them: an operator's own call always finds a place
constexpr std::size_t for_ordinary = 10; // of them: and so does an emergency
constexpr domain::seconds found_again_within{60}; // what a server before us has told the lines
constexpr domain::hours forget_every{1};
constexpr int forgotten_at_once = 1000;
constexpr std::string_view key_of_yes = "1";
constexpr std::string_view keys_of_offer{"12"};
static_assert(keys_of_offer[0] == domain::accepts_by_key &&
              keys_of_offer[1] == domain::declines_by_key);

// As long as no more than these run it is begun.
std::size_t places_for(placed_call const& what) {
    if (!what.seat.empty()) return most_at_once;
    bool const is_beside_a_message = what.offer != domain::offer_id();
    bool const is_urgent = what.level == domain::priority::p1 && !is_beside_a_message;
    return is_urgent ? for_spoken : for_ordinary;
}

std::string in_language(std::string_view sound, std::string const& language) {
    return std::string(sound) + (language == "en" ? "_en" : "_zh");
}

} // namespace

std::string_view to_text(line_refusal why) {
    switch (why) {
    case line_refusal::none:
        return "none";
    case line_refusal::unknown_call:
        return "unknown_call";
    case line_refusal::unknown_leg:
        return "unknown_leg";
    case line_refusal::unknown_sound:
        return "unknown_sound";
    case line_refusal::not_now:
        return "not_now";
    case line_refusal::no_line:
        return "no_line";
    case line_refusal::else_:
        break;
    }
    return "else";
}

std::string spoken_name(domain::uuid const& of) {
    return "said-" + to_string(of);
}

std::string noted_name(domain::uuid const& of) {
    return spoken_name(of) + "-noted";
}

std::string answered_name(domain::uuid const& of) {
    return spoken_name(of) + "-answer";
}

void call_placer::start(runtime::work_scope& tasks) {
    tasks_ = &tasks;
    tasks.spawn("placed_calls", run(), runtime::care::vital);
    tasks.spawn("placed_calls_old", forget_old());
}

// What an earlier server had spoken is still needed where its call runs.
void call_placer::lines_stand(lines_snapshot const& what) {
    stands_ = true;
    placed_ = what.placed;
    heard_ = what.heard;
    std::set<std::string> needed;
    auto const needs = [&needed](domain::uuid const& id) {
        needed.insert({spoken_name(id), noted_name(id), answered_name(id)});
    };
    for (auto const& reference : placed_)
        if (auto const id = domain::parse_uuid(reference)) needs(*id);
    for (auto const& [id, each] : running_)
        needs(id);
    with_.speech.forget_others(needed);
    // What was on its way when the lines went may not have arrived: the same command is done once,
    // but not long after anybody waits for it.
    for (auto& [id, each] : running_) {
        if (!each.is_told || is_over(id)) continue;
        each.is_heard |= heard_.contains(to_string(id));
        if (placed_.contains(to_string(id)))
            begun_.push_back({id, with_.time.now()});
        else if (may_still_run(each.what))
            tell(id);
        else
            end(id, domain::placed_end::lost);
    }
    look();
}

void call_placer::look() {
    has_news_ = true;
    bell_.ring();
}

void call_placer::lines_answered(std::string const& command, line_refusal why) {
    auto const id = domain::parse_uuid(command);
    auto const at = id ? running_.find(*id) : running_.end();
    if (at == running_.end()) return;
    if (why == line_refusal::none)
        begun_.push_back({*id, with_.time.now()});
    else
        end(*id, domain::placed_end::failed);
    if (why != line_refusal::none)
        log::warning("call_not_placed", {{"id", command}, {"why", std::string(to_text(why))}});
    look();
}

void call_placer::placed_was(placed_over const& what) {
    auto const id = domain::parse_uuid(what.reference);
    if (!id) return with_.lines.acknowledge(0, {what.call}); // of nobody whom we know
    frees_seat(*id, what.how);
    ended_.push_back({*id, what.how, what.call, with_.time.now(), what.key});
    look();
}

void call_placer::placed_happened(placed_news const& what) {
    auto const id = domain::parse_uuid(what.reference);
    auto const at = id ? running_.find(*id) : running_.end();
    if (at == running_.end()) return; // its end has the key
    at->second.is_heard = true;
    bool const is_answer = what.key != 0 && at->second.what.offer != domain::offer_id();
    if (is_answer && with_.pressed) with_.pressed(at->second.what, what.key);
}

void call_placer::answer(domain::uuid const& id, std::string text) {
    tasks_->spawn("placed_call_answer", say(id, std::move(text)));
}

// The engine refuses it where somebody has pressed a key.
void call_placer::withdraw(domain::uuid const& id, bool if_unheard) {
    auto const at = running_.find(id);
    if (at == running_.end() || is_over(id) || (if_unheard && at->second.is_heard)) return;
    if (at->second.is_told)
        with_.lines.command(to_string(id) + "-end", to_string(id), hang_up_line{});
    else
        end(id, domain::placed_end::withdrawn);
}

void call_placer::runs(domain::uuid const& id, placing what) {
    auto const seat = what.what.seat;
    running_[id] = std::move(what);
    if (!seat.empty() && with_.dials) with_.dials(seat);
}

// Once: what has ended is on its way into the record for as long as that is away.
void call_placer::frees_seat(domain::uuid const& id, domain::placed_end how) {
    auto const at = running_.find(id);
    if (at == running_.end() || at->second.what.seat.empty() || is_over(id)) return;
    auto const& seat = at->second.what.seat;
    for (auto const& [other, each] : running_)
        if (other != id && each.what.seat == seat && !is_over(other)) return;
    if (with_.has_dialled) with_.has_dialled(seat, how == domain::placed_end::talked);
}

void call_placer::end(domain::uuid const& id, domain::placed_end how) {
    frees_seat(id, how);
    ended_.push_back({id, how, {}, with_.time.now()});
    look();
}

runtime::task<void> call_placer::run() {
    for (;;) {
        has_news_ = false;
        co_await write();
        if (stands_) co_await take_up();
        auto const next = with_.time.now() + look_every;
        if (!has_news_) co_await with_.time.wait_until(next, bell_);
    }
}

// In their order; while the record is away they wait.
runtime::task<void> call_placer::write() {
    while (!begun_.empty()) {
        auto const one = begun_.front();
        auto const done = co_await with_.keeper.begun(one.id, one.at);
        if (!done && done.error() == record_errc::away) co_return;
        begun_.pop_front();
    }
    while (!ended_.empty()) {
        auto const one = ended_.front();
        placed_ending const what{one.how, one.at, one.key, one.call};
        auto const done = co_await with_.keeper.ended(one.id, what);
        if (!done && done.error() == record_errc::away) co_return;
        ended_.pop_front();
        running_.erase(one.id);
        forget_words(one.id);
        if (!one.call.empty()) with_.lines.acknowledge(0, {one.call});
    }
}

void call_placer::forget_words(domain::uuid const& id) {
    for (auto const& said : {spoken_name(id), noted_name(id), answered_name(id)})
        with_.speech.forget(said);
}

runtime::task<void> call_placer::take_up() {
    auto const open = co_await with_.keeper.open();
    if (!open) co_return;
    for (auto const& each : *open) {
        auto const id = each.what.id;
        if (running_.contains(id) || is_over(id)) continue;
        if (each.is_taken && placed_.contains(to_string(id))) { // begun by a server before us
            runs(id, {each.what, true, heard_.contains(to_string(id))});
            begun_.push_back({id, with_.time.now()});
            continue;
        }
        if (!may_still_run(each.what)) {
            using domain::placed_end;
            running_[id] = {each.what, false};
            end(id, each.is_taken ? placed_end::lost : placed_end::not_begun);
            continue;
        }
        if (running_.size() >= places_for(each.what)) continue;
        auto const now = with_.time.now();
        auto const mine = co_await with_.keeper.take(id, now);
        if (!mine || !*mine) continue;
        runs(id, {each.what, false});
        tasks_->spawn("placed_call", place(id));
    }
}

// Its end is on its way into the record.
bool call_placer::is_over(domain::uuid const& id) const {
    return std::ranges::find(ended_, id, &ending::id) != ended_.end();
}

// Else it was told to the lines by a server before us, who died before they had heard it; or it is
// long over, and its end gone with the engine's disk; or whoever has asked for it isn't there to
// say that it is too late.
bool call_placer::may_still_run(placed_call const& what) const {
    return with_.time.now() < what.begin_by + found_again_within;
}

runtime::task<void> call_placer::place(domain::uuid id) {
    auto const what = running_.at(id).what;
    auto const trunk = how_.trunk.empty() ? how_.domain : how_.trunk;
    if (number_address(what.number, trunk).empty()) {
        end(id, domain::placed_end::no_such_number);
        co_return;
    }
    if (what.seat.empty()) {
        auto const said = co_await speak(what);
        if (!said) {
            log::warning("text_not_spoken", {{"id", to_string(id)}});
            end(id, domain::placed_end::failed);
            co_return;
        }
    }
    auto const at = running_.find(id);
    if (at == running_.end()) forget_words(id);
    if (at == running_.end() || is_over(id)) co_return;
    if (!may_still_run(what)) { // it waited for a voice
        end(id, domain::placed_end::not_begun);
        co_return;
    }
    at->second.is_told = true;
    tell(id);
}

// All that may have to be said to him, before he is rung.
runtime::task<bool> call_placer::speak(placed_call what) {
    auto saying = with_.speech.say(spoken_name(what.id), what.text, what.language);
    auto const said = co_await std::move(saying);
    if (!said || what.noted.empty()) co_return said.has_value();
    auto saying_too = with_.speech.say(noted_name(what.id), what.noted, what.language);
    auto const noted = co_await std::move(saying_too);
    co_return noted.has_value();
}

// What can't be spoken or comes too late, he hears as noted.
runtime::task<void> call_placer::say(domain::uuid id, std::string text) {
    auto const at = running_.find(id);
    if (at == running_.end()) co_return;
    auto const name = answered_name(id);
    auto saying = with_.speech.say(name, std::move(text), at->second.what.language);
    auto const spoken = co_await std::move(saying);
    if (!running_.contains(id)) with_.speech.forget(name);
    if (!spoken || !running_.contains(id)) co_return;
    say_line words;
    words.sounds.push_back(name);
    with_.lines.command(to_string(id) + "-answer", to_string(id), std::move(words));
}

// While the lines are away nothing arrives: lines_stand tells it again.
void call_placer::tell(domain::uuid const& id) {
    with_.lines.command(to_string(id), {}, command_of(running_.at(id).what));
}

speak_line call_placer::words_of(placed_call const& what) const {
    speak_line said;
    said.sounds = {in_language("notice", what.language), spoken_name(what.id)};
    said.times = how_.times;
    said.pause = how_.pause;
    if (what.offer != domain::offer_id()) {
        said.accepts = keys_of_offer;
        said.answer_within = how_.answers_within;
        if (!what.noted.empty()) said.thanks = noted_name(what.id);
        return said;
    }
    said.sounds.push_back(in_language("press_1", what.language));
    said.accepts = key_of_yes;
    said.thanks = in_language("thanks", what.language);
    return said;
}

line_command call_placer::command_of(placed_call const& what) const {
    place_line to;
    to.reference = to_string(what.id);
    to.to = number_address(what.number, how_.trunk.empty() ? how_.domain : how_.trunk);
    to.timeout = how_.rings_for;
    if (what.seat.empty()) {
        to.then = words_of(what);
        return to;
    }
    ring_leg seat;
    seat.leg = leg_of(what.seat, 1);
    seat.address = seat_address(what.seat, how_.domain);
    seat.timeout = how_.seat_rings;
    seat.headers = {{"X-Call", what.reference}};
    seat.webrtc = how_.browsers;
    if (seat.webrtc) seat.headers.emplace(rings_a_seat, "1");
    to.then = std::move(seat);
    return to;
}

runtime::task<void> call_placer::forget_old() {
    for (;;) {
        auto const before = with_.time.now() - how_.keep_for;
        auto const gone = co_await with_.keeper.forget(before, forgotten_at_once);
        if (gone && *gone == static_cast<std::size_t>(forgotten_at_once)) continue;
        auto const again = with_.time.now() + forget_every;
        co_await with_.time.wait_until(again);
    }
}

} // namespace linli::app
