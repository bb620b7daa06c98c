#include "app/time_line.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace linli::app {

namespace {

using of = time_line_of;

std::string joined(std::string one, std::string_view other, std::string_view between = " ") {
    if (one.empty()) return std::string(other);
    if (other.empty()) return one;
    return one.append(between).append(other);
}

std::string by_text(domain::actor const& by) {
    auto text = "by " + std::string(to_text(by.kind));
    if (!by.who.empty()) text += ' ' + by.who;
    if (!by.behalf.empty()) text += " for " + by.behalf;
    return text;
}

std::string worker_of(domain::order const& o) {
    return o.worker.empty() ? "the worker of " + o.provider.value : o.worker.value;
}

// ------------------------------------------------------------------ what was done

std::string note_of(event_trace const& t, trace_step what) {
    switch (what) {
    case trace_step::received:
        return t.door.empty() ? "" : "by " + t.door;
    case trace_step::written:
        return "to the journal";
    case trace_step::synced:
        return "on disk: its sender may be told";
    case trace_step::taken:
        return "by the intake";
    case trace_step::begun:
        return "in a batch of " + std::to_string(t.batch) +
               (t.tries > 1 ? ", at try " + std::to_string(t.tries) : "");
    case trace_step::read:
        return "the picture of the record";
    case trace_step::committed:
        return "to the record";
    case trace_step::decided:
    case trace_step::put:
    case trace_step::published:
    case trace_step::acknowledged:
        return {};
    }
    return {};
}

void add(time_line& to, of whose, domain::instant at, std::string_view step, std::string what) {
    to.entries.push_back({at, {}, whose, std::string(step), std::move(what)});
}

void add_remembered(time_line& to, event_trace const& t) {
    for (std::size_t n = 0; n < t.at.size(); ++n) {
        auto const step = static_cast<trace_step>(n);
        if (t.at[n]) add(to, of::signal, *t.at[n], domain::to_text(step), note_of(t, step));
    }
}

void add_messages(time_line& to, event_trace const& t) {
    for (auto const& m : t.messages) {
        auto const name = m.what + " to " + m.to;
        add(to, of::message, m.put, domain::to_text(trace_step::put), name + ", into the outbox");
        auto const tries = m.tries > 1 ? ", at try " + std::to_string(m.tries) : std::string();
        if (m.published)
            add(to, of::message, *m.published, domain::to_text(trace_step::published),
                name + tries);
        if (m.acknowledged)
            add(to, of::message, *m.acknowledged, domain::to_text(trace_step::acknowledged),
                name + ", by the broker");
    }
}

void add_recorded(time_line& to, recorded_trace const& r) {
    add(to, of::signal, r.received_at, domain::to_text(trace_step::received), "by " + r.door);
    add(to, of::signal, r.decided_at, domain::to_text(trace_step::committed), "to the record");
}

// Answers how many lines are of before.
std::size_t add_log(time_line& to, recorded_trace const& r) {
    std::size_t before = 0;
    for (auto const& line : r.log) {
        if (line.at < r.received_at) {
            ++before;
            continue;
        }
        auto const whose = domain::from_text<time_line_of>(line.of).value_or(of::alert);
        auto what = whose == of::order ? line.name : std::string();
        what = joined(std::move(what), by_text(line.by));
        add(to, whose, line.at, to_text(line.what), joined(std::move(what), line.why, ": "));
    }
    return before;
}

void put_in_order(std::vector<time_line_entry>& entries) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](auto const& a, auto const& b) { return a.at < b.at; });
    for (std::size_t n = 1; n < entries.size(); ++n)
        entries[n].after = entries[n].at - entries[n - 1].at;
}

// ------------------------------------------------------------------ what it is

std::string level_text(domain::priority level) {
    return "P" + std::to_string(static_cast<int>(level));
}

void head(time_line& to, recorded_trace const& r, std::size_t lines_before) {
    to.heading.push_back(std::string(to_text(r.kind)) + " of device " + r.device.value + " about " +
                         to_string(r.about));
    if (r.alert) {
        bool const is_first = r.alert->first_event.value == to.event;
        to.heading.push_back(std::string(is_first ? "opened" : "joined") + " alert " +
                             to_string(r.alert->id) + " (" + level_text(r.alert->level) + ", " +
                             std::string(to_text(r.alert->state)) + ")");
        if (lines_before > 0)
            to.heading.push_back(std::to_string(lines_before) +
                                 " lines of before are not shown: see event " +
                                 r.alert->first_event.value);
    }
    if (r.request)
        to.heading.push_back("request " + to_string(r.request->id) + " (" +
                             std::string(to_text(r.request->state)) + ")");
    for (auto const& o : r.orders)
        to.heading.push_back("order " + o.number + " (" + std::string(to_text(o.state)) + ")");
    if (!r.alert && !r.request)
        to.heading.push_back("it calls nobody: no alert and no request came of it");
}

void head(time_line& to, event_trace const& t) {
    if (t.repeats > 0)
        to.heading.push_back("it came again " + std::to_string(t.repeats) +
                             (t.repeats == 1 ? " time" : " times"));
    if (t.messages_left_out > 0)
        to.heading.push_back(std::to_string(t.messages_left_out) +
                             " more messages came of it than are kept in memory");
}

// ------------------------------------------------------------------ what is missing

void miss(time_line& in, std::string what, std::optional<domain::instant> due_at = {}) {
    in.missing.push_back({std::move(what), due_at});
}

void miss_of(time_line& in, domain::alert const& a) {
    switch (a.state) {
    case domain::alert_state::pending:
        return miss(in, "the alert is counted down: its wearer may cancel it", a.due_at);
    case domain::alert_state::raised:
        return miss(in, "nobody has claimed the alert; it rings at " + a.desk.value, a.due_at);
    case domain::alert_state::claimed:
        return miss(in, a.holder.value + " holds the alert, and has not handled it", a.due_at);
    case domain::alert_state::handled:
        return miss(in, "the outcome of the alert is not known", a.due_at);
    case domain::alert_state::closed:
        return;
    }
}

std::string unanswered_text(domain::order const& o, std::vector<domain::offer> const& offers) {
    std::string asked;
    for (auto const& f : offers)
        if (f.order == o.id && f.state == domain::offer_state::open)
            asked = joined(std::move(asked), f.provider.value, ", ");
    return "no provider has answered" + (asked.empty() ? "" : "; asked: " + asked);
}

std::string lack_of(domain::order const& o, std::vector<domain::offer> const& offers) {
    switch (o.state) {
    case domain::order_state::requested:
        return "it is not offered yet";
    case domain::order_state::offered:
        return unanswered_text(o, offers);
    case domain::order_state::accepted:
        return worker_of(o) + " has not set out";
    case domain::order_state::en_route:
        return worker_of(o) + " has not arrived";
    case domain::order_state::arrived:
        return worker_of(o) + " has not begun";
    case domain::order_state::in_service:
        return worker_of(o) + " has not ended";
    case domain::order_state::completed:
        return "nobody has asked afterwards whether help came";
    case domain::order_state::no_access:
        return worker_of(o) + " can't get in";
    case domain::order_state::unfilled:
        return joined("there is nobody to go", o.reason, ": ");
    case domain::order_state::stood_down:
        return o.due_at ? worker_of(o) + " has not confirmed that he is stood down" : "";
    case domain::order_state::followed_up:
    case domain::order_state::cancelled:
    case domain::order_state::failed:
        return {};
    }
    return {};
}

void miss_of(time_line& in, recorded_trace const& r) {
    if (r.alert) miss_of(in, *r.alert);
    if (r.request && r.request->state == domain::request_state::open)
        miss(in, "the request is open", r.request->due_at);
    for (auto const& o : r.orders)
        if (auto const lack = lack_of(o, r.offers); !lack.empty())
            miss(in, "order " + o.number + ": " + lack, o.due_at);
    for (auto const& n : r.notices)
        miss(in, n.who + " is not told by " + std::string(to_text(n.by)) + " yet", n.due_at);
}

// A row leaves the outbox a moment after the broker has it, so what the memory knows goes first.
void miss_messages(time_line& in, std::optional<event_trace> const& remembered,
                   recorded_trace const& r) {
    for (auto const& m : r.messages) {
        bool const is_for_people = m.to.starts_with("people:");
        if (remembered && !remembered->messages.empty() && remembered->messages_left_out == 0 &&
            !is_for_people)
            continue;
        miss(in,
             "to " + m.to + ": waits in the outbox (" + m.what + "), sent " +
                 std::to_string(m.attempts) + " times",
             m.due_at);
    }
}

void miss_of(time_line& in, event_trace const& t) {
    if (!t.when(trace_step::committed) && !in.is_recorded)
        miss(in, t.tries == 0 ? "it waits for the intake"
                              : "it is not committed yet, at try " + std::to_string(t.tries));
    for (auto const& m : t.messages) {
        if (m.acknowledged) continue;
        miss(in, m.what + " to " + m.to +
                     (m.published ? ": the broker has not acknowledged it" : ": not published"));
    }
}

// Begun after the record had committed it: the server was started anew, and knows but a repetition.
bool is_repetition(event_trace const& t, recorded_trace const& r) {
    auto const& begun = t.when(trace_step::begun);
    return begun && *begun > r.decided_at;
}

} // namespace

time_line make_time_line(std::string const& event, std::optional<event_trace> const& in_memory,
                         std::optional<recorded_trace> const& recorded) {
    static std::optional<event_trace> const nothing;
    bool const repeats = in_memory && recorded && is_repetition(*in_memory, *recorded);
    auto const& remembered = repeats ? nothing : in_memory;
    time_line all;
    all.event = event;
    all.is_remembered = remembered.has_value();
    all.is_recorded = recorded.has_value();
    if (remembered)
        add_remembered(all, *remembered);
    else if (recorded)
        add_recorded(all, *recorded);
    if (recorded) head(all, *recorded, add_log(all, *recorded));
    if (remembered) {
        head(all, *remembered);
        add_messages(all, *remembered);
        miss_of(all, *remembered);
    }
    if (recorded) {
        miss_messages(all, remembered, *recorded);
        miss_of(all, *recorded);
        all.happened_at = recorded->happened_at;
    }
    put_in_order(all.entries);
    return all;
}

} // namespace linli::app
