#include "app/recent_traces.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace linli::app {

namespace {

// A record of the journal takes more than one of these, so no two share a note; and half a KiB of
// the journal is remembered for each event.
constexpr std::size_t bytes_a_note = 64;
constexpr std::size_t notes_an_event = 8;

// A press leads to a receipt and two offers, and their later news; resends get receipts, too.
constexpr std::size_t most_messages = 12;

// What an input says about its event; nothing for what has none.
struct origin {
    std::string_view event;
    std::string_view door;
    std::optional<domain::instant> received;
};

struct origin_of {
    std::optional<origin> operator()(domain::signal const& s) const {
        bool const is_known = s.received_at != domain::instant{}; // not of what the disk has spoilt
        return origin{s.event.value, s.door,
                      is_known ? std::optional(s.received_at) : std::nullopt};
    }
    std::optional<origin> operator()(call_case const& c) const {
        return origin{c.event.value, {}, {}};
    }
    std::optional<origin> operator()(book_service const& b) const {
        return origin{b.event.value, {}, {}};
    }
    std::optional<origin> operator()(worker_sos const& w) const {
        return origin{w.event.value, {}, {}};
    }
    template <class Other>
    std::optional<origin> operator()(Other const&) const {
        return std::nullopt;
    }
};

std::optional<domain::instant> instant_of(std::atomic<std::int64_t> const& microseconds) {
    auto const value = microseconds.load(std::memory_order_relaxed);
    if (value == 0) return std::nullopt;
    return domain::instant(domain::duration(value));
}

std::string receipt_text(outbox_row const& row) {
    auto const stage = static_cast<domain::receipt_stage>(row.version - 1);
    return "receipt " + std::string(to_text(stage));
}

// The event that an offer belongs to, and the offer as that commit leaves it.
struct offer_found {
    domain::event_id const& event;
    domain::offer const& what;
};

std::optional<offer_found> offer_of(outbox_row const& row, changes const& by) {
    auto const id = domain::parse_uuid(row.key);
    if (!id) return std::nullopt;
    auto const offer = std::find_if(by.offers.begin(), by.offers.end(),
                                    [&](auto const& f) { return f.id.value == *id; });
    if (offer == by.offers.end()) return std::nullopt;
    auto const order = std::find_if(by.orders.begin(), by.orders.end(),
                                    [&](auto const& o) { return o.id == offer->order; });
    if (order == by.orders.end()) return std::nullopt;
    return offer_found{order->event, *offer};
}

} // namespace

recent_traces::recent_traces(std::size_t most, clock& time, observer took)
    : time_(time), took_(std::move(took)), notes_(std::bit_ceil(most * notes_an_event)),
      slots_(most) {
    slot_of_.reserve(most);
}

// ------------------------------------------------------------------ what doors tell

recent_traces::door_note& recent_traces::note_at(journal_place where) {
    return notes_[(where / bytes_a_note) & (notes_.size() - 1)];
}

void recent_traces::written(journal_place where) {
    auto& note = note_at(where);
    note.place.store(0, std::memory_order_relaxed); // until it is whole
    note.written.store(time_.now().time_since_epoch().count(), std::memory_order_relaxed);
    note.synced.store(0, std::memory_order_relaxed);
    note.place.store(where, std::memory_order_release);
}

void recent_traces::synced(journal_place where) {
    auto& note = note_at(where);
    if (note.place.load(std::memory_order_acquire) != where) return;
    auto const now = time_.now();
    note.synced.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    took(trace_step::synced, instant_of(note.written), now);
}

// A note that is written anew meanwhile belongs to a place that lies megabytes further on.
recent_traces::door_times recent_traces::door_times_of(journal_place where) const {
    auto const& note = notes_[(where / bytes_a_note) & (notes_.size() - 1)];
    if (where == 0 || note.place.load(std::memory_order_acquire) != where) return {};
    return {instant_of(note.written), instant_of(note.synced)};
}

// ------------------------------------------------------------------ on the loop

recent_traces::slot* recent_traces::find_slot(std::string_view event) {
    auto const at = slot_of_.find(event);
    return at == slot_of_.end() ? nullptr : &slots_[at->second];
}

// Of what had the slot before everything goes, but for the room that its words and messages took.
recent_traces::slot& recent_traces::open(std::string_view event) {
    auto const at = std::exchange(next_, (next_ + 1) % slots_.size());
    auto& s = slots_[at];
    slot_of_.erase(s.what.event);
    for (auto const& id : s.ids)
        under_way_.erase(id);
    s.ids.clear();
    s.what.event.assign(event);
    s.what.door.clear();
    s.what.at.fill(std::nullopt);
    s.what.tries = s.what.batch = s.what.repeats = s.what.messages_left_out = 0;
    s.what.messages.clear();
    s.place = 0;
    s.batch = 0;
    slot_of_.emplace(s.what.event, at);
    return s;
}

void recent_traces::taken(input const& what, journal_place from) {
    auto const by = std::visit(origin_of(), what);
    if (!by) return;
    if (auto* known = find_slot(by->event)) {
        if (known->what.when(trace_step::committed)) ++known->what.repeats;
        return;
    }
    auto& s = open(by->event);
    s.what.door.assign(by->door);
    s.what.when(trace_step::received) = by->received;
    s.what.when(trace_step::taken) = time_.now();
    s.place = from;
}

// What has been committed keeps its times: all that comes of it later is a repetition.
template <class F>
void recent_traces::each_uncommitted(std::vector<input> const& batch, F const& touch) {
    for (auto const& each : batch) {
        auto const by = std::visit(origin_of(), each);
        if (!by) continue;
        auto* s = find_slot(by->event);
        if (s && !s->what.when(trace_step::committed)) touch(*s);
    }
}

// Those that no intake has taken (a call, a worker's page, the house itself) are opened here.
void recent_traces::begun(std::vector<input> const& batch) {
    auto const now = time_.now();
    ++batches_;
    for (auto const& each : batch) {
        auto const by = std::visit(origin_of(), each);
        if (!by || find_slot(by->event)) continue;
        auto& s = open(by->event);
        s.what.door.assign(by->door);
        s.what.when(trace_step::received) = by->received;
    }
    each_uncommitted(batch, [&](slot& s) {
        if (std::exchange(s.batch, batches_) == batches_) return; // twice in this batch
        s.what.when(trace_step::begun) = now;
        s.what.when(trace_step::read).reset();
        s.what.when(trace_step::decided).reset();
        s.what.batch = static_cast<std::uint32_t>(batch.size());
        ++s.what.tries;
    });
}

void recent_traces::did(trace_step what, std::vector<input> const& batch) {
    auto const now = time_.now();
    each_uncommitted(batch, [&](slot& s) { s.what.when(what) = now; });
}

void recent_traces::read(std::vector<input> const& batch) {
    did(trace_step::read, batch);
}

void recent_traces::decided(std::vector<input> const& batch) {
    did(trace_step::decided, batch);
}

void recent_traces::committed(std::vector<input> const& batch, changes const& what) {
    auto const now = time_.now();
    each_uncommitted(batch, [&](slot& s) {
        auto& t = s.what;
        t.when(trace_step::committed) = now;
        auto const written = door_times_of(s.place).written;
        took(trace_step::written, t.when(trace_step::received), written);
        took(trace_step::taken, written ? written : t.when(trace_step::received),
             t.when(trace_step::taken));
        for (auto const each :
             {trace_step::begun, trace_step::read, trace_step::decided, trace_step::committed}) {
            auto const before = static_cast<trace_step>(static_cast<int>(each) - 1);
            took(each, t.when(before), t.when(each));
        }
    });
    for (auto const& row : what.outbox)
        put(row, what, now);
}

void recent_traces::took(trace_step what, std::optional<domain::instant> const& before,
                         std::optional<domain::instant> const& then) const {
    if (took_ && before && then) took_(what, *then - *before);
}

// ------------------------------------------------------------------ messages

void recent_traces::put(outbox_row const& row, changes const& by, domain::instant now) {
    bool const is_receipt = row.destination.starts_with("device:");
    if (is_receipt) return keep(row, row.key, receipt_text(row), now);
    if (!row.destination.starts_with("provider:")) return; // people: the record says who was told
    if (auto const offer = offer_of(row, by))
        keep(row, offer->event.value, "offer " + std::string(to_text(offer->what.state)), now);
}

void recent_traces::keep(outbox_row const& row, std::string_view event, std::string what,
                         domain::instant now) {
    auto const at = slot_of_.find(event);
    if (at == slot_of_.end()) return;
    auto& s = slots_[at->second];
    if (s.ids.size() == most_messages) {
        ++s.what.messages_left_out;
        return;
    }
    under_way_.emplace(row.id, message_at{at->second, s.ids.size()});
    s.ids.push_back(row.id);
    s.what.messages.push_back({row.destination, std::move(what), now, {}, {}, 0});
}

message_trace* recent_traces::find_message(outbox_row const& row) {
    auto const at = under_way_.find(row.id);
    if (at == under_way_.end()) return nullptr;
    return &slots_[at->second.slot].what.messages[at->second.number];
}

void recent_traces::published(outbox_row const& what) {
    auto* message = find_message(what);
    if (!message) return;
    message->published = time_.now();
    ++message->tries;
}

void recent_traces::acknowledged(outbox_row const& what) {
    auto* message = find_message(what);
    if (!message) return;
    message->acknowledged = time_.now();
    took(trace_step::published, message->put, message->published);
    took(trace_step::acknowledged, message->published, message->acknowledged);
    under_way_.erase(what.id);
}

std::optional<event_trace> recent_traces::find(std::string_view event) const {
    auto const at = slot_of_.find(event);
    if (at == slot_of_.end()) return std::nullopt;
    auto const& s = slots_[at->second];
    auto found = s.what;
    auto const door = door_times_of(s.place);
    found.when(trace_step::written) = door.written;
    found.when(trace_step::synced) = door.synced;
    return found;
}

} // namespace linli::app
