#include "app/live_feed.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <unordered_map>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "runtime/growing_pause.hpp"
#include "runtime/log.hpp"
#include "runtime/outcome.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds compare_every{2};
constexpr domain::seconds fresh_for{5};
constexpr std::size_t lines_a_read = 500;

using line_ptr = std::shared_ptr<live_line const>;

// Nobody may guess it: a page that names an old one would be told of changes that it doesn't lack.
std::string new_epoch() {
    std::random_device random;
    std::string text;
    for (int i = 0; i < 4; ++i) {
        std::array<char, 9> word{};
        std::snprintf(word.data(), word.size(), "%08x", random());
        text += word.data();
    }
    return text;
}

bool is_seen_from(line_ptr const& line, domain::area_id const& area) {
    return line && std::find(line->areas.begin(), line->areas.end(), area) != line->areas.end();
}

bool goes_first(line_ptr const& a, line_ptr const& b) {
    auto const rank = [](live_line const& l) { return std::tie(l.level, l.opened_at, l.id); };
    if (a->is_emergency != b->is_emergency) return a->is_emergency;
    return rank(*a) < rank(*b);
}

line_ptr as_live(work_line const& what, live_feed::encoder const& encode) {
    live_line line;
    line.id = to_string(what.id());
    line.mark = what.mark();
    line.areas = what.areas;
    line.is_open = what.is_open();
    line.level = what.level();
    line.opened_at = what.opened_at();
    line.is_emergency = what.alert && line.level == domain::priority::p1 &&
                        what.alert->state == domain::alert_state::raised;
    line.json = std::make_shared<std::string const>(encode(what));
    return std::make_shared<live_line const>(std::move(line));
}

// What happened to one line. Before: nothing, if it is new; after: nothing, if the tables have it
// no longer.
struct change {
    std::string id;
    line_ptr before;
    line_ptr after;
};

} // namespace

struct live_feed::parts {
    parts(desk_reading& tables, clock& ticks, encoder with)
        : from(tables), time(ticks), encode(std::move(with)), epoch(new_epoch()) {}

    void want(domain::uuid const& id, bool urgent) { wanted[id] |= urgent; }
    void ring() {
        if (bell) bell->cancel();
    }

    runtime::task<void> tick();
    runtime::task<void> keep_reading();
    runtime::task<record_result<void>> step();
    runtime::task<record_result<void>> compare();
    runtime::task<record_result<void>> read(std::vector<domain::uuid> const& ids);
    std::vector<domain::uuid> take_wanted();
    void differences(std::unordered_map<std::string, line_mark> const& now);
    bool apply(std::vector<domain::uuid> const& asked, std::vector<work_line> const& found);
    bool put(line_ptr line);
    void remember(change what);
    void tell_readers();

    update snapshot(domain::area_id const& area) const;

    desk_reading& from;
    clock& time;
    encoder encode;
    std::string const epoch;

    std::uint64_t sequence = 0;
    std::deque<change> recent; // the last one's number is `sequence`
    std::unordered_map<std::string, line_ptr> open;
    std::unordered_map<std::string, std::uint64_t> left; // closed: version; as long as in `recent`

    std::map<domain::uuid, bool> wanted; // to be read; true: an emergency may be in it
    bool compare_due = true;
    std::optional<domain::instant> compared_at;
    std::optional<boost::asio::steady_timer> bell; // a timer that only ends by ring()
    std::vector<reader*> readers;
};

live_feed::live_feed(desk_reading& from, clock& time, encoder encode)
    : parts_(std::make_unique<parts>(from, time, std::move(encode))) {}

live_feed::~live_feed() = default;

std::string const& live_feed::epoch() const {
    return parts_->epoch;
}

std::uint64_t live_feed::sequence() const {
    return parts_->sequence;
}

bool live_feed::is_fresh() const {
    return parts_->compared_at && parts_->time.now() - *parts_->compared_at < fresh_for;
}

bool live_feed::is_out_of_sight(std::string const& id, domain::area_id const& area) const {
    auto const found = parts_->open.find(id);
    return found != parts_->open.end() && !is_seen_from(found->second, area);
}

// An offer is no part of a line and never changes without its order.
void live_feed::committed(changes const& what) {
    auto& p = *parts_;
    for (auto const& a : what.alerts)
        p.want(a.id.value, a.level == domain::priority::p1);
    for (auto const& r : what.requests)
        p.want(r.id.value, false);
    for (auto const& o : what.orders) {
        auto const urgent = o.level == domain::priority::p1;
        if (o.alert) p.want(o.alert->value, urgent);
        if (o.request) p.want(o.request->value, urgent);
    }
    if (!p.wanted.empty()) p.ring();
}

void live_feed::committed(domain::call_id const& what) {
    parts_->want(what.value, true);
    parts_->ring();
}

void live_feed::hinted() {
    parts_->compare_due = true;
    parts_->ring();
}

void live_feed::add(reader& who) {
    parts_->readers.push_back(&who);
}

void live_feed::remove(reader& who) {
    std::erase(parts_->readers, &who);
}

runtime::task<void> live_feed::run() {
    using namespace boost::asio::experimental::awaitable_operators;
    auto executor = co_await boost::asio::this_coro::executor;
    parts_->bell.emplace(executor, boost::asio::steady_timer::time_point::max());
    runtime::outcome<void> ticked;
    runtime::outcome<void> was_read;
    auto ticking = runtime::run_into<void>(ticked, parts_->tick());
    auto reading = runtime::run_into<void>(was_read, parts_->keep_reading());
    auto const first = co_await (std::move(ticking) || std::move(reading));
    (first.index() == 0 ? ticked : was_read).take(); // neither ends but by an exception
}

runtime::task<void> live_feed::parts::tick() {
    for (;;) {
        auto const next = time.now() + compare_every;
        co_await time.wait_until(next);
        compare_due = true;
        ring();
    }
}

runtime::task<void> live_feed::parts::keep_reading() {
    runtime::growing_pause pause(runtime::growing_pause::length(100));
    for (;;) {
        while (!compare_due && wanted.empty()) {
            auto const rung = co_await bell->async_wait(runtime::use_task_tuple);
            static_cast<void>(rung);
        }
        auto const done = co_await step();
        if (done) {
            pause.reset();
            continue;
        }
        log::debug("live_feed_waits", {{"why", "database_away"}, {"lines", wanted.size()}});
        auto const again = time.now() + pause.next();
        co_await time.wait_until(again);
    }
}

// Own changes go before a comparison, which is longer and for others' sake. What comes meanwhile is
// the next step's.
runtime::task<record_result<void>> live_feed::parts::step() {
    auto const own = take_wanted();
    auto const read_own = co_await read(own);
    if (!read_own) co_return read_own;
    if (!compare_due) co_return read_own;
    auto const began = time.now();
    auto const compared = co_await compare();
    if (!compared) co_return compared;
    auto const others = take_wanted();
    auto const read_others = co_await read(others);
    if (!read_others) {
        compare_due = true; // not compared as long as the difference isn't read
        co_return read_others;
    }
    compared_at = began;
    co_return read_others;
}

runtime::task<record_result<void>> live_feed::parts::compare() {
    compare_due = false; // a hint that comes meanwhile counts again
    auto const now = co_await from.open_marks();
    if (!now) {
        compare_due = true;
        co_return now.error();
    }
    differences(*now);
    co_return record_result<void>();
}

void live_feed::parts::differences(std::unordered_map<std::string, line_mark> const& now) {
    for (auto const& [id, mark] : now) {
        auto const known = open.find(id);
        if (known != open.end() && known->second->mark == mark) continue;
        if (auto const uuid = domain::parse_uuid(id)) want(*uuid, false);
    }
    for (auto const& [id, line] : open)
        if (!now.contains(id)) want(*domain::parse_uuid(id), false);
}

// Emergencies first.
std::vector<domain::uuid> live_feed::parts::take_wanted() {
    std::vector<domain::uuid> ids;
    ids.reserve(wanted.size());
    for (bool const urgent : {true, false})
        for (auto const& [id, is_urgent] : wanted)
            if (is_urgent == urgent) ids.push_back(id);
    wanted.clear();
    return ids;
}

// What could not be read is wanted again.
runtime::task<record_result<void>> live_feed::parts::read(std::vector<domain::uuid> const& ids) {
    for (std::size_t done = 0; done < ids.size(); done += lines_a_read) {
        auto const first = ids.begin() + static_cast<std::ptrdiff_t>(done);
        auto const count = std::min(lines_a_read, ids.size() - done);
        std::vector<domain::uuid> const some(first, first + static_cast<std::ptrdiff_t>(count));
        auto const found = co_await from.lines(some);
        if (!found) {
            for (auto each = first; each != ids.end(); ++each)
                want(*each, true);
            co_return found.error();
        }
        if (apply(some, *found)) tell_readers();
    }
    co_return record_result<void>();
}

// Only the line itself says that it has ended, never its absence from a comparison. A line that the
// tables don't know has left all the same.
bool live_feed::parts::apply(std::vector<domain::uuid> const& asked,
                             std::vector<work_line> const& found) {
    auto const before = sequence;
    std::set<domain::uuid> missing(asked.begin(), asked.end());
    for (auto const& line : found) {
        missing.erase(line.id());
        put(as_live(line, encode));
    }
    for (auto const& id : missing) {
        auto const known = open.extract(to_string(id));
        if (!known.empty()) remember({known.key(), known.mapped(), nullptr});
    }
    return sequence != before;
}

// An older read never overwrites a newer line, nor does it bring back one that has ended. What has
// ended before anybody saw it is no news. (A call whose end is never told ends by time alone.)
bool live_feed::parts::put(line_ptr line) {
    auto const known = open.find(line->id);
    auto const before = known == open.end() ? nullptr : known->second;
    auto const version = line->mark.version;
    if (before && version < before->mark.version) return false;
    if (before && line->mark == before->mark && line->is_open) return false;
    if (!before && !line->is_open) return false;
    if (auto const ended = left.find(line->id); ended != left.end() && version <= ended->second)
        return false;
    if (line->is_open) {
        open[line->id] = line;
    } else {
        open.erase(line->id);
        left[line->id] = version;
    }
    remember({line->id, before, line});
    return true;
}

void live_feed::parts::remember(change what) {
    ++sequence;
    recent.push_back(std::move(what));
    if (recent.size() <= most_changes) return;
    auto const& oldest = recent.front();
    if (oldest.after && !oldest.after->is_open) left.erase(oldest.id);
    recent.pop_front();
}

// A reader that is told may leave, or make another leave.
void live_feed::parts::tell_readers() {
    auto const all = readers;
    for (auto* const each : all)
        if (std::find(readers.begin(), readers.end(), each) != readers.end()) each->changed();
}

live_feed::update live_feed::parts::snapshot(domain::area_id const& area) const {
    update all;
    all.is_snapshot = true;
    all.after = all.sequence = sequence;
    for (auto const& [id, line] : open)
        if (is_seen_from(line, area)) all.lines.push_back(line);
    std::sort(all.lines.begin(), all.lines.end(), goes_first);
    return all;
}

live_feed::update live_feed::since(std::string const& epoch, std::uint64_t after,
                                   domain::area_id const& area) const {
    auto const& p = *parts_;
    auto const oldest = p.sequence - p.recent.size();
    if (epoch != p.epoch || after > p.sequence || after < oldest) return p.snapshot(area);
    update news;
    news.after = after;
    news.sequence = p.sequence;
    std::map<std::string, std::pair<line_ptr, bool>> last; // and whether she has seen it
    for (auto at = after - oldest; at < p.recent.size(); ++at) {
        auto const& c = p.recent[at];
        auto& [line, seen] = last[c.id];
        seen = seen || is_seen_from(c.before, area);
        line = c.after;
    }
    for (auto const& [id, told] : last) {
        auto const& [line, seen] = told;
        bool const hers = is_seen_from(line, area);
        if (hers && (line->is_open || seen)) news.lines.push_back(line);
        if (seen && !(hers && line->is_open)) news.gone.push_back(id);
    }
    std::sort(news.lines.begin(), news.lines.end(), goes_first);
    return news;
}

} // namespace linli::app
