#include "app/house_voice.hpp"

#include <string>
#include <utility>

#include "app/spoken_text.hpp"

namespace linli::app {

namespace {

constexpr domain::seconds look_every{1};

} // namespace

// Sent again, it rings again: each time is a wish of its own.
void house_voice::carry(letter what, std::function<void(carried)> done) {
    auto const now = with_.time.now();
    placed_call wish;
    wish.id = with_.ids.next(now);
    wish.key = to_string(wish.id);
    wish.number = std::move(what.phone);
    wish.text = spoken_text(what.text, what.language);
    wish.language = std::move(what.language);
    wish.reference = std::move(what.key);
    wish.asked_at = now;
    wish.begin_by = now + begins_within;
    wish.level = what.about.level;
    fresh_.emplace_back(std::move(wish), std::move(done));
    bell_.ring();
}

runtime::task<void> house_voice::run() {
    for (;;) {
        co_await ask();
        co_await look();
        auto const next = with_.time.now() + look_every;
        if (fresh_.empty()) co_await with_.time.wait_until(next, bell_);
    }
}

runtime::task<void> house_voice::ask() {
    auto const all = std::exchange(fresh_, {});
    for (auto const& [wish, done] : all) {
        auto kept = co_await with_.keeper.ask(wish);
        if (!kept) { // it may have it all the same, and rings
            auto const again = co_await with_.keeper.ask(wish);
            kept = again;
        }
        if (kept)
            asked_[*kept] = {done, wish.asked_at + longest};
        else
            done({domain::sending::unreachable, "record_away"});
    }
    if (!all.empty() && with_.asked) with_.asked();
}

runtime::task<void> house_voice::look() {
    if (asked_.empty()) co_return;
    std::vector<domain::uuid> ids;
    for (auto const& [id, each] : asked_)
        ids.push_back(id);
    auto const now = with_.time.now();
    auto const found = co_await with_.keeper.states(ids, now);
    if (found)
        for (auto const& each : *found)
            if (each.ended)
                tell(each.id, {sending_of(*each.ended), std::string(to_text(*each.ended))});
    for (auto const& id : ids)
        if (auto const late = asked_.find(id); late != asked_.end() && now >= late->second.until)
            tell(id, {domain::sending::silent, "timeout"});
}

void house_voice::tell(domain::uuid const& id, carried what) {
    auto const at = asked_.find(id);
    if (at == asked_.end()) return;
    auto const done = std::move(at->second.tell);
    asked_.erase(at);
    bool const is_well = what.how == domain::sending::confirmed;
    if (is_well) what.reason.clear();
    done(std::move(what));
}

} // namespace linli::app
