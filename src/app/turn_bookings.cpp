// A life service that somebody wishes for at a time: an order that is offered before its window, by
// the same search, offers and clocks as any.
#include "app/turn.hpp"

namespace linli::app {

domain::result<void> turn::take_one(book_service const& b) {
    if (seen_.known_events.contains(b.event.value)) return {};
    auto const known = seen_.callers.find({domain::subject_kind::resident, b.resident.value});
    if (known == seen_.callers.end()) return domain::refusal::unknown;
    auto const& facts = known->second;
    if (domain::fault_of_window(b.from, b.until, now_) != domain::window_fault::none)
        return domain::refusal::out_of_turn;
    auto const& with = parts_.plans.in_force(domain::alert_kind::booking);
    if (!with.order) return domain::refusal::out_of_turn;
    auto const number = parts_.numbers.next(facts.area);
    auto const request = request_of(b, facts, number);
    if (!request) return request.error();
    auto clocks = *with.order;
    clocks.service = b.what.code;
    auto first = order_of(*request, with, clocks, parts_.ids.make<domain::order_id>(now_), number);
    first.about = facts.about;
    first.area = facts.area;
    first.home = facts.home;
    first.what_for = facts.what_for;
    first.event = b.event;
    first.booked = domain::booking{b.from, b.until, b.what.certificate};
    first.due_at = domain::offer_time(b.from, clocks.offer_before, parts_.where.utc_offset(), now_);
    out_.bookings.push_back(
        {first.id, b.resident, b.what.unit, b.what.minutes, b.what.price_fen, b.words});
    write(chain_of::order, first.id.value,
          {now_,
           domain::log_kind::booked,
           {domain::actor_kind::operator_, b.who.value, {}},
           b.what.code.value + ' ' + domain::window_code(b.from, b.until),
           b.words},
          b.resident);
    seen_.known_events.emplace(b.event.value, b.event);
    settle(domain::open_order(first, clocks, now_));
    domain::signal s;
    s.event = b.event;
    s.device = {std::string(domain::desk)};
    s.kind = domain::signal_kind::help_request;
    s.door = "desk";
    s.received_at = now_;
    s.is_awaited = false;
    out_.signals.push_back({std::move(s), facts.about, {}, request->id});
    return {};
}

// The one that it answers, if nobody has yet; else what was asked for is noted as another, which
// ends with its first line: so each booking has what it came of.
domain::result<domain::request> turn::request_of(book_service const& b, device_facts const& facts,
                                                 std::string const& number) {
    if (b.request) {
        auto const asked = seen_.requests.find(*b.request);
        if (asked == seen_.requests.end()) return domain::refusal::unknown;
        if (is_installation(asked->second.about)) return domain::refusal::out_of_turn;
        auto const current = asked->second;
        if (current.state == domain::request_state::open) {
            auto const answered = answer_by(current, b, number);
            if (!answered) return answered.error();
            return current;
        }
    }
    domain::request first;
    first.id = parts_.ids.make<domain::request_id>(now_);
    first.about = facts.about;
    first.area = facts.area;
    first.home = facts.home;
    first.first_event = b.event;
    write(chain_of::request, first.id.value,
          {now_,
           domain::log_kind::requested,
           {domain::actor_kind::operator_, b.who.value, {}},
           b.event.value,
           {}},
          {});
    auto const done = domain::booked_at_once(std::move(first), b.who, number, now_);
    seen_.requests[done.next.id] = done.next; // not put(): another may be open about the resident
    changed_requests_.insert(done.next.id);
    write(chain_of::request, done.next.id.value, done.line, {});
    return done.next;
}

// She has rung back, or there would be nothing to book.
domain::result<void> turn::answer_by(domain::request const& asked, book_service const& b,
                                     std::string const& number) {
    auto const ended = domain::end_by_booking(asked, b.who, number, now_);
    if (!ended) return ended.error();
    put(ended->next);
    write(chain_of::request, asked.id.value, ended->line, {});
    std::vector<domain::order> waiting;
    for (auto const& [id, o] : seen_.orders)
        if (o.request == asked.id && is_open(o) && o.place == domain::order_place::seat)
            waiting.push_back(o);
    for (auto const& o : waiting) {
        auto const rung = move(o, domain::rung_back{b.who, {}});
        if (!rung) return rung.error();
    }
    return {};
}

domain::result<void> turn::take_one(move_booking const& m) {
    auto const at = seen_.orders.find(m.id);
    if (at == seen_.orders.end() || !at->second.booked) return domain::refusal::unknown;
    auto const& current = at->second;
    bool const moved_on = m.if_state && current.state != *m.if_state;
    if (moved_on && is_open(current)) return domain::refusal::stale;
    if (domain::fault_of_window(m.from, m.until, now_) != domain::window_fault::none)
        return domain::refusal::out_of_turn;
    auto const before = parts_.plans.snapshot(current.plan).order.value().offer_before;
    auto const offer_at = domain::offer_time(m.from, before, parts_.where.utc_offset(), now_);
    return move(current, domain::change_window{m.who, m.from, m.until, offer_at, m.why});
}

} // namespace linli::app
