#include "app/intake.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "domain/triage.hpp"
#include "runtime/log.hpp"
#include "runtime/outcome.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

// Under load a batch grows by itself, because everything that came during the last commit is taken
// together; this bounds its transaction. An item may be a maker's list of a hundred signals, each
// with bytes that could not be read: more than the database takes at once would be tried for ever.
constexpr std::size_t items_a_batch = 256;
constexpr std::size_t inputs_a_batch = items_a_batch;
constexpr std::size_t raw_a_batch = std::size_t{4} << 20U;
constexpr std::chrono::milliseconds retry_after{200};

// How far it looks for a call among what waits before it, and how much of that it reads at once:
// some 5 ms of the loop's time.
constexpr std::size_t most_waiting = 4096;
constexpr std::size_t read_at_once = 1024;

constexpr std::size_t most_signals_aside = 1000; // in memory; all of them stay in the journal

struct sender {
    std::string operator()(domain::signal const& s) const { return "device:" + s.device.value; }
    std::string operator()(domain::reply const& r) const { return "provider:" + r.provider.value; }
    std::string operator()(unreadable_reply const& r) const {
        return "provider:" + r.provider.value;
    }
    template <class Other>
    std::string operator()(Other const&) const {
        return {}; // comes by no door that this intake serves
    }
};

std::string sender_of(inbox::item const& item) {
    return item.what.empty() ? std::string() : std::visit(sender(), item.what.front());
}

std::size_t raw_of(inbox::item const& item) {
    std::size_t bytes = 0;
    for (auto const& each : item.what)
        if (auto const* s = std::get_if<domain::signal>(&each)) bytes += s->raw.size();
    return bytes;
}

} // namespace

// Two, because the database's work on one batch and ours on the next share nothing: at 500 presses
// a second the median went from 3.05 to 2.26 ms, and the most that goes through from 4,700 to 7,100
// a second. And one for calls alone, while both of them are at work on what a whole city has told:
// a third that always ran would only take the others' time.
runtime::task<void> intake::run() {
    using namespace boost::asio::experimental::awaitable_operators;
    auto executor = co_await boost::asio::this_coro::executor;
    released_.emplace(executor, boost::asio::steady_timer::time_point::max());
    runtime::outcome<void> how_one_ended;
    runtime::outcome<void> how_other_ended;
    runtime::outcome<void> how_calls_ended;
    auto one = runtime::run_into<void>(how_one_ended, lane(serves::everybody));
    auto other = runtime::run_into<void>(how_other_ended, lane(serves::everybody));
    auto calls = runtime::run_into<void>(how_calls_ended, lane(serves::calls));
    auto any = std::move(one) || std::move(other) || std::move(calls);
    auto const first = co_await std::move(any); // the others are cancelled then
    std::array const ended{&how_one_ended, &how_other_ended, &how_calls_ended};
    ended.at(first.index())->take();
}

runtime::task<void> intake::lane(serves whom) {
    std::set<std::string> had; // the senders of its last batch
    for (;;) {
        auto mine = claim(whom, had);
        if (whom == serves::calls) had = {mine.senders.begin(), mine.senders.end()};
        if (mine.items.empty())
            co_await wait();
        else
            co_await take(std::move(mine));
    }
}

// A lane that sleeps isn't told that a sender is free again: what came of him meanwhile would wait
// until somebody else says something. So the lane for calls sees to that before it rests.
intake::claimed intake::claim(serves whom, std::set<std::string> const& had) {
    read_ahead();
    if (whom == serves::calls && lanes_with_others_ < 2) {
        if (had.empty()) return {};
        auto his = claim_of(&had);
        his.are_calls = true; // no lane for others is at work on them
        return his;
    }
    std::set<std::string> callers;
    for (auto const& each : waiting_)
        if (each.is_call && !busy_.contains(each.sender)) callers.insert(each.sender);
    if (whom == serves::calls && callers.empty()) return {};
    auto mine = claim_of(callers.empty() ? nullptr : &callers);
    mine.are_calls = !callers.empty();
    return mine;
}

void intake::read_ahead() {
    if (waiting_.size() >= most_waiting) return;
    auto const now = time_.now();
    for (auto& each : from_.next(std::min(read_at_once, most_waiting - waiting_.size()))) {
        auto who = sender_of(each);
        bool const calls = is_call(each);
        waiting_.push_back({std::move(each), std::move(who), calls, now});
    }
}

// Whoever waits for it waits for help: a signal that is an alert, and not said again; and what a
// provider answers.
bool intake::is_call(inbox::item const& item) const {
    return std::ranges::any_of(item.what, [&](input const& each) {
        if (std::holds_alternative<domain::reply>(each)) return true;
        auto const* s = std::get_if<domain::signal>(&each);
        return s && domain::triage(s->kind, true).what == domain::meaning::alert &&
               !decided_.has(s->event);
    });
}

// Of these senders, or of all, in the order in which they came.
intake::claimed intake::claim_of(std::set<std::string> const* senders) {
    claimed mine;
    std::deque<waiting> left;
    std::size_t inputs = 0;
    std::size_t raw = 0;
    for (auto& each : waiting_) {
        bool const is_full = inputs >= inputs_a_batch || raw >= raw_a_batch;
        bool const is_meant = !senders || senders->contains(each.sender);
        if (is_full || !is_meant || busy_.contains(each.sender)) {
            left.push_back(std::move(each));
            continue;
        }
        if (mine.items.empty()) mine.since = each.since; // they lie in the order of their coming
        inputs += each.item.what.size();
        raw += raw_of(each.item);
        mine.items.push_back(std::move(each.item));
        if (!each.sender.empty()) mine.senders.push_back(std::move(each.sender));
    }
    waiting_ = std::move(left);
    busy_.insert(mine.senders.begin(), mine.senders.end());
    return mine;
}

// The lane that releases a sender claims anew itself; this one only has to know when there is room.
runtime::task<void> intake::wait() {
    if (waiting_.size() < most_waiting) {
        co_await from_.wait();
    } else {
        auto const ended = co_await released_->async_wait(runtime::use_task_tuple);
        static_cast<void>(ended);
    }
}

runtime::task<void> intake::take(claimed mine) {
    lanes_with_others_ += mine.are_calls ? 0 : 1;
    auto const since = in_hand_.insert(mine.since);
    std::vector<input> batch;
    std::vector<inbox::token> names; // of the item behind each input
    for (auto& each : mine.items) {
        for (auto const& what : each.what)
            steps_.taken(what, each.place);
        names.insert(names.end(), each.what.size(), each.name);
        std::move(each.what.begin(), each.what.end(), std::back_inserter(batch));
    }
    std::vector<verdict> verdicts;
    if (!batch.empty()) verdicts = co_await decide(batch);
    remember(batch, verdicts);
    in_hand_.erase(since);
    from_.done(but_for_set_aside(mine.items, names, verdicts));
    lanes_with_others_ -= mine.are_calls ? 0 : 1;
    release(mine.senders);
}

void intake::remember(std::vector<input> const& batch, std::vector<verdict> const& verdicts) {
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        auto const* s = std::get_if<domain::signal>(&batch[i]);
        if (!s) continue;
        decided_.add(s->event);
        bool const has_room = signals_aside_.size() < most_signals_aside;
        if (verdicts[i].set_aside && has_room) signals_aside_.push_back(*s);
    }
}

void intake::release(std::vector<std::string> const& senders) {
    for (auto const& who : senders)
        busy_.erase(who);
    released_->cancel();
}

std::vector<inbox::token> intake::but_for_set_aside(std::vector<inbox::item> const& items,
                                                    std::vector<inbox::token> const& names,
                                                    std::vector<verdict> const& verdicts) {
    std::set<inbox::token> aside;
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (verdicts[i].set_aside) aside.insert(names[i]);
    set_aside_ += aside.size();
    std::vector<inbox::token> done;
    for (auto const& each : items)
        if (!aside.contains(each.name)) done.push_back(each.name);
    return done;
}

std::optional<domain::instant> intake::undecided_since() const {
    if (undecided_.empty()) return std::nullopt;
    return *undecided_.begin();
}

std::optional<domain::instant> intake::waiting_since() const {
    std::optional<domain::instant> first;
    if (!waiting_.empty()) first = waiting_.front().since;
    if (in_hand_.empty()) return first;
    return std::min(first.value_or(*in_hand_.begin()), *in_hand_.begin());
}

// Until it is in the record, however long that takes.
runtime::task<std::vector<verdict>> intake::decide(std::vector<input> const& batch) {
    auto const since = undecided_.insert(time_.now());
    for (;;) {
        auto done = co_await to_.run(batch);
        if (done) {
            undecided_.erase(since);
            if (stuck_) log::info("database_back");
            stuck_ = false;
            co_return std::move(*done);
        }
        if (!stuck_) log::error("database_away", {{"waiting_inputs", batch.size()}});
        stuck_ = true;
        auto const again = time_.now() + retry_after;
        co_await time_.wait_until(again);
    }
}

} // namespace linli::app
