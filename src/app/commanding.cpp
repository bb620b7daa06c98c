#include "app/commanding.hpp"

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;
using domain::command_state;

namespace {

constexpr domain::seconds look_every{1};
constexpr int most_open = 1000; // more wait for the first of them

void tell(domain::device_command const& what) {
    auto const name = std::string("command_") + std::string(to_text(what.state));
    auto const missed =
        what.state == command_state::expired || what.state == command_state::unanswered;
    auto const say = missed ? &log::warning : &log::info;
    say(name, {{"device", what.device.value},
               {"kind", to_text(what.kind)},
               {"asked_by", what.asked_by.value}});
}

} // namespace

runtime::task<void> commanding::run() {
    for (;;) {
        auto const told = co_await report();
        if (told) {
            co_await seek();
            auto const open = co_await keeper_.open(time_.now(), most_open);
            if (open) give(*open);
        }
        auto const next = time_.now() + look_every;
        co_await time_.wait_until(next);
    }
}

// Nothing of it is remembered here: what the record doesn't have is due again in a second.
runtime::task<void> commanding::seek() {
    auto const now = time_.now();
    auto const due = co_await keeper_.due_for_locate(now, most_open);
    if (!due) co_return;
    for (auto const& device : *due) {
        if (!seeks_(device)) continue;
        domain::device_command what;
        what.id = {ids_.next(now)};
        what.device = device;
        what.kind = domain::command_kind::locate;
        what.asked_by = {std::string(domain::asked_by_the_house)};
        what.asked_at = now;
        what.expires_at = now + useful_for(what.kind);
        auto const asked = co_await keeper_.ask(what);
        if (!asked) co_return;
    }
}

runtime::task<record_result<void>> commanding::report() {
    if (changed_.empty()) co_return record_result<void>();
    std::vector<domain::device_command> news;
    for (auto const& [id, what] : changed_)
        news.push_back(what);
    auto const done = co_await keeper_.become(news, time_.now());
    if (!done) co_return done;
    for (auto const& what : news) // it may have been answered meanwhile
        if (changed_.at(what.id).state == what.state) changed_.erase(what.id);
    co_return done;
}

void commanding::give(std::vector<domain::device_command> const& open) {
    for (auto const& each : open) {
        if (changed_.contains(each.id)) continue;
        if (each.state == command_state::waiting) {
            send(each);
        } else if (each.state == command_state::sent) {
            unanswered_[{each.device, each.kind}] = each;
        } else {
            tell(each);
            unanswered_.erase({each.device, each.kind});
        }
    }
}

void commanding::send(domain::device_command const& what) {
    if (!under_way_.insert(what.id).second) return;
    reach_(what, [this, what](std::optional<command_state> how) { went(what, how); });
}

void commanding::went(domain::device_command what, std::optional<command_state> how) {
    under_way_.erase(what.id);
    if (!how) return;
    what.state = *how;
    tell(what);
    if (*how == command_state::sent) unanswered_[{what.device, what.kind}] = what;
    changed_[what.id] = std::move(what);
}

void commanding::answered(domain::device_id const& device, domain::command_kind kind) {
    auto const found = unanswered_.extract({device, kind});
    if (found.empty()) return;
    auto what = found.mapped();
    what.state = command_state::answered;
    tell(what);
    changed_[what.id] = std::move(what);
}

} // namespace linli::app
