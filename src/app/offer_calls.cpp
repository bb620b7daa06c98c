#include "app/offer_calls.hpp"

#include <algorithm>
#include <utility>

#include "app/spoken_text.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{1};
constexpr int settled_at_once = 50;

// "worker:k1 voice offer pressed 1 <call>": as who was told is written on an alert.
call_heard line_of(offer_call_over const& what) {
    bool const has_pressed = what.how == domain::placed_end::pressed;
    auto const who =
        what.worker.empty() ? "company:" + what.provider.value : "worker:" + what.worker.value;
    call_heard line;
    line.id = what.alert;
    line.what = has_pressed ? domain::log_kind::told : domain::log_kind::not_told;
    line.by = {domain::actor_kind::house, {}, {}};
    line.why = who + " voice offer " + std::string(to_text(what.how)) + ' ' +
               (what.key.empty() ? "" : what.key + ' ') + to_string(what.call);
    return line;
}

} // namespace

void offer_calls::start(runtime::work_scope& tasks) {
    tasks_ = &tasks;
    tasks.spawn("offer_calls", run(), runtime::care::vital);
}

runtime::task<void> offer_calls::run() {
    for (;;) {
        co_await settle();
        co_await ring();
        auto const next = with_.time.now() + look_every;
        co_await with_.time.wait_until(next);
    }
}

runtime::task<void> offer_calls::ring() {
    auto const now = with_.time.now();
    auto const found = co_await with_.keeper.rung(now);
    if (!found) co_return;
    for (auto const& each : *found) {
        if (each.call) asked_[*each.call] = {each.provider, each.worker};
        auto const what = decide(each.stands, how_.times, now);
        if (what == domain::offer_call::stop_ring) with_.placer.withdraw(*each.call, true);
        if (what == domain::offer_call::end) with_.placer.withdraw(*each.call, false);
        if (what != domain::offer_call::begin || each.number.empty()) continue;
        auto const wish = wish_for(each);
        auto const kept = co_await with_.placed.ask(wish);
        if (!kept) co_return;
        asked_[*kept] = {each.provider, each.worker};
        with_.placer.look();
    }
}

placed_call offer_calls::wish_for(offer_by_telephone const& o) const {
    auto const now = with_.time.now();
    auto const& kinds = words_in(with_.texts, how_.language).kinds;
    auto const kind = kinds.find(o.kind);
    offer_said said;
    said.kind = kind == kinds.end() ? std::string() : kind->second;
    said.place = o.rough_place;
    said.distance_m = o.distance_m;
    said.is_drill = o.what_for == domain::purpose::drill;
    said.is_for_colleague = o.is_for_colleague;
    placed_call wish;
    wish.id = with_.ids.next(now);
    wish.key = "offer " + to_string(o.id) + ' ' + std::to_string(o.calls + 1);
    wish.number = o.number;
    wish.text = spoken_text(word_offer(words(), how_.language, said), how_.language);
    wish.noted = spoken_text(word_noted(words(), how_.callback), how_.language);
    wish.language = how_.language;
    wish.reference = to_string(o.alert);
    wish.asked_at = now;
    wish.begin_by = std::min<domain::instant>(now + begins_within, o.stands.expires_at);
    wish.offer = o.id;
    return wish;
}

offer_words const& offer_calls::words() const {
    return words_in(with_.texts, how_.language).offers;
}

domain::reply offer_calls::reply_of(domain::uuid const& call, domain::offer_id const& offer,
                                    domain::provider_id const& by, domain::reply_kind kind) const {
    domain::reply said;
    said.reply_id = "telephone-" + to_string(call);
    said.offer = offer;
    said.provider = by;
    said.kind = kind;
    said.by.kind = domain::actor_kind::worker;
    return said;
}

// The first key that means something; what he presses then changes nothing. Of a call that an
// earlier holder had begun just now, its end says the same.
void offer_calls::pressed(placed_call const& call, char key) {
    auto const kind = domain::reply_by_key(key);
    auto const by = asked_.find(call.id);
    if (!kind || by == asked_.end() || !pressed_.insert(call.id).second) return;
    auto said = reply_of(call.id, call.offer, by->second.provider, *kind);
    bool const is_by_company = by->second.worker.empty();
    tasks_->spawn("offer_answered", answer(call, std::move(said), is_by_company));
}

// While the record is away he hears that his key is noted, and its end makes the reply.
runtime::task<void> offer_calls::answer(placed_call call, domain::reply what, bool is_by_company) {
    auto const kind = what.kind;
    std::vector<input> batch;
    batch.emplace_back(std::move(what));
    auto const done = co_await with_.into.run(std::move(batch));
    if (!done || done->front().set_aside) co_return;
    answered_.insert(call.id);
    offer_answered const outcome{kind, done->front().refused, is_by_company};
    auto const text = word_answer(words(), outcome, how_.callback);
    with_.placer.answer(call.id, spoken_text(text, how_.language));
}

runtime::task<void> offer_calls::settle() {
    for (;;) {
        auto const found = co_await with_.keeper.over(settled_at_once);
        if (!found || found->empty()) co_return;
        for (auto const& each : *found) {
            auto const done = co_await settle(each);
            if (!done) co_return;
        }
    }
}

// Said again, a reply changes nothing; a line that a crash makes twice carries the call's id.
runtime::task<bool> offer_calls::settle(offer_call_over what) {
    std::vector<input> batch;
    auto const kind = what.key.size() == 1 ? domain::reply_by_key(what.key[0]) : std::nullopt;
    if (kind && !answered_.contains(what.call))
        batch.emplace_back(reply_of(what.call, what.offer, what.provider, *kind));
    batch.emplace_back(line_of(what));
    auto const done = co_await with_.into.run(std::move(batch));
    if (!done) co_return false;
    auto const kept = co_await with_.keeper.settled(what.call, with_.time.now());
    if (!kept) co_return false;
    asked_.erase(what.call);
    pressed_.erase(what.call);
    answered_.erase(what.call);
    log::info("offer_rung", {{"call", to_string(what.call)}, {"how", to_text(what.how)}});
    co_return true;
}

} // namespace linli::app
