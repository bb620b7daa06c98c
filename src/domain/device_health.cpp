#include "domain/device_health.hpp"

#include <algorithm>

namespace linli::domain {

namespace {

std::size_t at(trouble what) {
    return static_cast<std::size_t>(what);
}

instant last_word(device_health const& h) {
    return h.heard_at.value_or(h.known_since);
}

struct clock_of {
    instant since;  // what the entry will say
    instant due_at; // when it begins
};

// From the later of what happened, a person's "done" and the moment from which we could hear.
clock_of clock(device_health const& h, trouble what, instant happened, duration allowed,
               instant listening) {
    auto const counts_from = std::max({happened, h.done[at(what)], listening});
    return {std::max(happened, h.done[at(what)]), counts_from + allowed};
}

std::optional<clock_of> goes(device_health const& h, supervision_limits const& held_to,
                             instant listening) {
    if (h.at_broker == broker_word::offline)
        return clock(h, trouble::offline, h.broker_said_at, seconds(0), listening);
    bool const vouched_for = h.at_broker == broker_word::online;
    if (vouched_for || held_to.silent <= seconds(0) || !h.heard_at) return std::nullopt;
    return clock(h, trouble::offline, *h.heard_at, held_to.silent, listening);
}

std::optional<clock_of> falls_dormant(device_health const& h, supervision_limits const& held_to,
                                      instant listening) {
    if (held_to.dormant <= std::chrono::days(0)) return std::nullopt;
    auto c = clock(h, trouble::dormant, last_word(h), held_to.dormant, instant());
    c.due_at = std::max(c.due_at, listening + held_to.silent + held_to.grace);
    return c;
}

// It began before we could not hear for a while, and nothing has come since.
bool still_stands(device_health const& h, trouble what, clock_of const& c) {
    auto const& entry = h.open[at(what)];
    return entry && c.since <= *entry;
}

std::optional<clock_of> wants_test(device_health const& h, supervision_limits const& held_to) {
    if (held_to.test_every <= std::chrono::days(0)) return std::nullopt;
    auto c = clock(h, trouble::test_overdue, h.pressed_at.value_or(h.known_since),
                   held_to.test_every, instant());
    c.since = c.due_at;
    return c;
}

// Takes what is so now over what stood there, and notes what has changed.
struct bookkeeping {
    health_verdict out;
    instant now;

    void is(trouble what, bool so, instant since) {
        auto& entry = out.next.open[at(what)];
        if (so == entry.has_value()) return;
        if (so) {
            entry = since;
            out.changes.push_back({what, since, std::nullopt});
        } else {
            out.changes.push_back({what, *entry, now});
            entry.reset();
        }
    }
    void look_at(instant when) {
        if (when > now) out.look_again = std::min(out.look_again.value_or(when), when);
    }
};

void weigh_battery(bookkeeping& book, supervision_limits const& held_to) {
    auto const& h = book.out.next;
    if (!h.battery_percent || h.battery_at <= h.done[at(trouble::battery)]) return;
    bool const low = *h.battery_percent <= held_to.battery_low;
    bool const well = *h.battery_percent >= held_to.battery_well;
    if (low || well) book.is(trouble::battery, low, h.battery_at);
}

void weigh_silence(bookkeeping& book, supervision_limits const& held_to, listening_since since,
                   bool dormant) {
    auto const& h = book.out.next;
    if (!since) return; // nor does a word that we hear no more end it
    auto const gone = goes(h, held_to, *since);
    bool const stays = gone && still_stands(h, trouble::offline, *gone);
    bool const offline = stays || (gone && gone->due_at + held_to.grace <= book.now);
    book.is(trouble::offline, offline && !dormant, gone ? gone->since : book.now);
    if (!gone || dormant) return;
    book.look_at(gone->due_at);
    book.look_at(gone->due_at + held_to.grace);
}

} // namespace

heard_as heard_from(signal_kind kind) {
    switch (kind) {
    case signal_kind::sos:
    case signal_kind::help_request:
    case signal_kind::test:
        return heard_as::press;
    case signal_kind::online:
        return heard_as::online;
    case signal_kind::offline:
        return heard_as::offline;
    case signal_kind::battery:
        return heard_as::battery_low;
    default:
        return heard_as::signal;
    }
}

bool is_open(device_health const& h, trouble what) {
    return h.open[at(what)].has_value();
}

device_health hear(device_health h, device_word const& word) {
    if (word.battery_percent && word.at >= h.battery_at) {
        h.battery_percent = word.battery_percent;
        h.battery_at = word.at;
    }
    // Who says himself that it is low is low, whatever the figure.
    if (word.what == heard_as::battery_low) {
        h.battery_percent = std::min(h.battery_percent.value_or(1), 1);
        h.battery_at = std::max(h.battery_at, word.at);
    }
    if (word.what == heard_as::offline || word.what == heard_as::online) {
        if (word.at < h.broker_said_at) return h;
        bool const again = h.at_broker == broker_word::offline && word.what == heard_as::offline;
        if (!again) h.broker_said_at = word.at; // a will that is told twice is gone since the first
        h.at_broker = word.what == heard_as::online ? broker_word::online : broker_word::offline;
        if (word.what == heard_as::offline) return h; // the broker's word, not its own
    }
    bool const is_there = word.what != heard_as::telemetry && word.what != heard_as::online;
    if (is_there && h.at_broker == broker_word::offline && word.at >= h.broker_said_at)
        h.at_broker = broker_word::none;
    h.heard_at = std::max(h.heard_at.value_or(word.at), word.at);
    if (word.what == heard_as::press) h.pressed_at = h.heard_at;
    return h;
}

std::optional<instant> gone_since(device_health const& h, supervision_limits const& held_to,
                                  listening_since const& since, instant now) {
    if (!since) return std::nullopt;
    auto const gone = goes(h, held_to, *since);
    if (!gone || gone->due_at > now) return std::nullopt;
    return gone->since;
}

health_verdict judge(device_health const& h, supervision_limits const& held_to,
                     listening_since const& since, instant now) {
    bookkeeping book{{h, {}, {}}, now};
    weigh_battery(book, held_to);
    auto const sleep = since ? falls_dormant(h, held_to, *since) : std::nullopt;
    bool const stays = !sleep || still_stands(h, trouble::dormant, *sleep);
    bool const dormant = (stays && is_open(h, trouble::dormant)) || (sleep && sleep->due_at <= now);
    if (sleep) book.look_at(sleep->due_at);
    book.is(trouble::dormant, dormant, sleep ? sleep->since : now);
    weigh_silence(book, held_to, since, dormant);
    if (auto const test = wants_test(h, held_to)) {
        book.is(trouble::test_overdue, test->due_at <= now && !dormant, test->since);
        book.look_at(test->due_at);
    }
    return std::move(book.out);
}

} // namespace linli::domain
