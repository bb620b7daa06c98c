// Time, and the record: what pages have written is looked for, what has happened is written behind.
#include <algorithm>
#include <utility>

#include "app/hotline.hpp"
#include "app/hotline_legs.hpp"
#include "runtime/growing_pause.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{1};
constexpr domain::seconds rank_every{5};    // a button may be pressed meanwhile
constexpr domain::minutes numbers_every{5}; // the registry changes by day
constexpr domain::seconds pages_come_within{15};
constexpr std::size_t most_numbers = 100'000; // a part would shut out the others: then none
constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{2'000};

bool is_same(domain::hotline_seat const& one, domain::hotline_seat const& other) {
    return one.is == other.is && one.call == other.call;
}

} // namespace

runtime::task<void> hotline::begin() {
    runtime::growing_pause pause(first_pause, longest_pause);
    for (;;) {
        auto const seats = co_await with_.keeper.seats();
        auto running = co_await with_.keeper.running();
        if (seats && running) {
            for (auto const& each : *seats)
                seats_[each.who] = each;
            for (auto& each : *running)
                before_[each.name] = std::move(each);
            reads_since_ = with_.clock.now();
            co_return;
        }
        auto const again = with_.clock.now() + pause.next();
        co_await with_.clock.wait_until(again);
    }
}

void hotline::start(runtime::work_scope& tasks) {
    tasks.spawn("hotline_time", keep_time(), runtime::care::vital);
    tasks.spawn("hotline_watch", watch(), runtime::care::vital);
    tasks.spawn("hotline_write", write(), runtime::care::vital);
    tasks.spawn("hotline_numbers", keep_numbers(), runtime::care::vital);
}

void hotline::look() {
    look_now_ = true;
    bell_.ring();
}

// ------------------------------------------------------------------ time

runtime::task<void> hotline::keep_time() {
    for (;;) {
        take_due();
        auto const next = next_due();
        co_await with_.clock.wait_until(next, bell_);
    }
}

void hotline::take_due() {
    auto const now = with_.clock.now();
    bool is_due = false;
    for (auto& [name, each] : lines_) {
        if (each.joins_at && now >= *each.joins_at && stands_) {
            join(each);
            is_due = true;
        }
        if (each.back_at && now >= *each.back_at) {
            each.back_at.reset();
            queue_.parked(each.id, now);
            is_due = true;
        }
    }
    if (stands_) {
        auto const wanted = queue_.next(now);
        for (auto const& each : wanted)
            std::visit([this](auto const& what) { does(what); }, each);
        is_due |= !wanted.empty();
    }
    if (!is_due) return;
    show();
    bell_.ring();
}

domain::instant hotline::next_due() const {
    auto const now = with_.clock.now();
    auto first = now + domain::hours(1);
    for (auto const& [name, each] : lines_) {
        if (each.joins_at && stands_) first = std::min(first, *each.joins_at);
        if (each.back_at) first = std::min(first, *each.back_at);
    }
    if (auto const due = queue_.due(now); due && stands_) first = std::min(first, *due);
    return first;
}

// ------------------------------------------------------------------ what pages write

runtime::task<void> hotline::watch() {
    for (;;) {
        look_now_ = false;
        co_await ask_facts();
        auto const seats = co_await with_.keeper.seats();
        if (seats && !reads_since_) reads_since_ = with_.clock.now();
        if (!seats) reads_since_.reset();
        if (seats)
            take(*seats);
        else
            queue_.none_can_say_ready(with_.clock.now());
        auto const wishes = co_await with_.keeper.wishes();
        if (wishes) grant(*wishes);
        act();
        auto const next = with_.clock.now() + look_every;
        while (!look_now_ && with_.clock.now() < next)
            co_await with_.clock.wait_until(next, bell_);
    }
}

// Those who came first are asked for first.
runtime::task<void> hotline::ask_facts() {
    std::vector<std::pair<std::string, bool>> due;
    auto const now = with_.clock.now();
    for (auto const& [name, each] : lines_)
        if (each.talks.empty() && (!each.facts_at || now >= *each.facts_at + rank_every))
            due.emplace_back(name, each.facts_at.has_value());
    std::ranges::stable_sort(due, {}, &std::pair<std::string, bool>::second);
    for (auto const& [name, is_known] : due) {
        auto const before = lines_.find(name);
        if (before == lines_.end()) continue;
        auto const id = before->second.id;
        auto number = before->second.number;
        auto const facts = co_await with_.keeper.facts_of(std::move(number), id, now);
        auto const at = lines_.find(name);
        if (!facts) co_return; // away; each question may take its whole time to say so
        if (at == lines_.end()) continue;
        at->second.facts = *facts;
        at->second.facts_at = now;
        if (at->second.joins_at && stands_) join(at->second);
        queue_.ranked(id, rank_of(*facts), facts->language);
        act();
    }
}

// After a silence of the record, or of ours, her page has time to come again.
void hotline::take(std::vector<domain::hotline_seat> const& all) {
    auto const now = with_.clock.now();
    bool const could_come = now >= *reads_since_ + pages_come_within;
    auto const doing = queue_.seats();
    for (auto const& each : all) {
        auto const known = seats_.find(each.who);
        bool const says_so = known == seats_.end() || each.said_ready > known->second.said_ready;
        auto const hers = doing.find(each.who);
        bool const talks = hers != doing.end() && hers->second.is == domain::seat_state::talking;
        bool const is_here = could_come ? now < each.until : is_believed(each, now);
        if (says_so && now < each.until && each.is != domain::seat_state::away)
            queue_.is_ready(each.who, each.languages, now);
        else if (!is_here && hers != doing.end() && !talks)
            queue_.went(each.who, now);
        seats_[each.who] = each;
    }
}

// Apart from all else: of a city's numbers it is seconds before they are read.
runtime::task<void> hotline::keep_numbers() {
    for (;;) {
        co_await tell_bound_numbers();
        auto const next = with_.clock.now() + look_every;
        co_await with_.clock.wait_until(next);
    }
}

runtime::task<void> hotline::tell_bound_numbers() {
    auto const now = with_.clock.now();
    if (!stands_ || (numbers_at_ && now < *numbers_at_ + numbers_every)) co_return;
    auto const found = co_await with_.keeper.bound_numbers(most_numbers);
    if (!found || !stands_) co_return;
    if (!*found)
        log::error("hotline_numbers_too_many",
                   {{"most", most_numbers}, {"follows", "no line is kept for bound numbers"}});
    auto all = found->value_or(std::vector<std::string>());
    bool const is_first = !numbers_at_;
    numbers_at_ = now;
    if (!is_first && all == numbers_) co_return;
    numbers_ = std::move(all);
    with_.lines.bound_numbers(numbers_);
}

// ------------------------------------------------------------------ what is written

// What stands otherwise than the record has it.
void hotline::show() {
    if (!has_stood_) return; // it stands as whoever held the hotline before us has left it
    std::map<domain::call_id, domain::call_standing> now;
    auto const handing = queue_.handing_over();
    for (auto const& [name, each] : lines_) {
        auto& one = now[each.id];
        one.rank = rank_of(each.facts);
        one.is_held = each.is_held;
        if (!each.third.empty())
            one.third = domain::third_party{each.third_is, user_of(each.third)};
        auto const taking = handing.find(each.id);
        bool const is_rung = taking != handing.end() && taking->second != user_of(each.third);
        if (is_rung) one.ringing = taking->second;
    }
    for (auto const& each : queue_.line()) {
        auto& one = now[each.call];
        one.waits = true;
        one.rank = each.rank;
        one.place = each.place;
        one.ringing = each.ringing;
    }
    for (auto const& [id, standing] : now) {
        auto const shown = shown_.find(id);
        if (shown == shown_.end() || shown->second != standing) to_show_[id] = standing;
    }
    auto const doing = queue_.seats();
    for (auto const& [who, seat] : seats_) {
        auto const hers = doing.find(who);
        auto next = seat;
        next.is = hers == doing.end() ? domain::seat_state::away : hers->second.is;
        next.call = hers == doing.end() ? std::nullopt : hers->second.call;
        auto const waits = seats_to_show_.find(who);
        bool const is_told = waits != seats_to_show_.end();
        if (is_same(next, seat)) {
            if (is_told) seats_to_show_.erase(waits); // it is as it was
            continue;
        }
        // While the record is away she is that since it was first seen, and not just now.
        bool const is_so_still = is_told && is_same(waits->second, next);
        next.since = is_so_still ? waits->second.since : with_.clock.now();
        seats_to_show_[who] = next;
    }
}

runtime::task<void> hotline::write() {
    runtime::growing_pause pause(first_pause, longest_pause);
    for (;;) {
        bool is_done = true;
        if (!writes_.empty())
            is_done = co_await write_first();
        else if (!to_show_.empty() || !seats_to_show_.empty())
            is_done = co_await write_standing();
        else
            co_await until_there_is_something();
        if (is_done) {
            pause.reset();
            continue;
        }
        auto const again = with_.clock.now() + pause.next();
        co_await with_.clock.wait_until(again);
    }
}

runtime::task<void> hotline::until_there_is_something() {
    auto const some_time = with_.clock.now() + domain::hours(1);
    co_await with_.clock.wait_until(some_time, bell_);
}

// False: again, later. What the record will never take is left out, and said.
runtime::task<bool> hotline::write_first() {
    auto const what = writes_.front();
    auto const of = starts_over_;
    record_result<void> done;
    if (auto const* const seen = std::get_if<happened>(&what)) {
        if (seen->run == run_ && is_there_) with_.lines.acknowledge(seen->sequence, {});
    } else if (auto const* const call = std::get_if<was_over>(&what)) {
        with_.lines.acknowledge(0, {call->call});
    } else if (auto const* const attempt = std::get_if<call_attempt>(&what)) {
        done = co_await with_.keeper.keep(*attempt);
    } else if (auto const* const wish = std::get_if<wish_ended>(&what)) {
        done = co_await with_.keeper.done(wish->id, wish->refused, wish->at);
        if (done) wishes_.erase(wish->id);
        if (done && wish->refused) with_.changed(wish->of);
    } else {
        done = co_await one(std::get<told>(what));
    }
    if (!done && done.error() != record_errc::bad_data) co_return false;
    if (!done) log::error("hotline_not_written", {{"why", "the database refuses it"}});
    if (of == starts_over_) writes_.pop_front();
    co_return true;
}

// Of whoever was missed, how soon he is rung back.
runtime::task<record_result<void>> hotline::one(told what) {
    auto back = std::optional<domain::ring_back>();
    if (what.is_missed) {
        auto number = what.what.number;
        auto const facts = co_await with_.keeper.facts_of(std::move(number), what.id, what.what.at);
        if (!facts) co_return facts.error();
        back = domain::after_abandoning(facts->is_bound, facts->has_given_up);
    }
    auto const taken = co_await with_.calls.report(std::move(what.what), what.id, back);
    if (!taken) co_return taken.error();
    with_.changed(taken->what.id);
    co_return record_result<void>();
}

runtime::task<bool> hotline::write_standing() {
    hotline_record::standing now;
    for (auto const& each : std::exchange(to_show_, {}))
        now.calls.push_back(each);
    for (auto const& [who, seat] : std::exchange(seats_to_show_, {}))
        now.seats.push_back(seat);
    auto const done = co_await with_.keeper.stands(now);
    for (auto const& [id, standing] : now.calls) {
        if (!done)
            to_show_.try_emplace(id, standing); // what is newer stays
        else if (names_.contains(id))
            shown_[id] = standing;
        else
            shown_.erase(id);
        if (done) with_.changed(id);
    }
    for (auto const& seat : now.seats) {
        if (!done) {
            auto const [newer, is_first] = seats_to_show_.try_emplace(seat.who, seat);
            if (!is_first && is_same(newer->second, seat)) newer->second.since = seat.since;
            continue;
        }
        auto& known = seats_[seat.who];
        known.is = seat.is;
        known.call = seat.call;
        known.since = seat.since;
    }
    if (!done) show(); // some may be by now what the record has
    co_return done.has_value();
}

} // namespace linli::app
