#include <iterator>

#include <fmt/core.h>

#include "system/load/audit.hpp"

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr auto around = 3s; // deaths that may have to do with it

double seconds(steady::duration d) {
    return std::chrono::duration<double>(d).count();
}

void tell_press(std::string& to, press const& p, ledger const& outside) {
    auto const at = [&](std::optional<moment> const& m) {
        return m ? fmt::format("{:.3f} s", seconds(*m - outside.began_at())) : std::string("never");
    };
    fmt::format_to(
        std::back_inserter(to),
        "  pressed {}, sent {} times, the broker took it {} (said {}), receipt {} ({})\n",
        at(p.pressed_at), p.sendings, at(p.taken_at), p.broker_said, at(p.stored_at), p.receipts);
    auto const last = p.stored_at.value_or(p.pressed_at);
    for (auto const& d : outside.deaths()) {
        if (d.at < p.pressed_at - around || d.at > last + around) continue;
        constexpr char const* names[] = {"server", "database", "broker"};
        fmt::format_to(std::back_inserter(to), "  {} killed {}\n",
                       names[static_cast<std::size_t>(d.who)], at(d.at));
    }
}

void tell_chain(std::string& to, std::string const& id, record_picture const& record) {
    auto const at = record.chains.find(id);
    if (at == record.chains.end()) return;
    for (auto const& l : at->second)
        fmt::format_to(std::back_inserter(to), "    {} {} {} {}\n", l.seq,
                       to_text(l.what.line.what), l.what.line.by.who, l.what.line.why);
}

} // namespace

std::string history_of(std::string const& event, ledger const& outside,
                       record_picture const& record) {
    std::string text = event + '\n';
    for (auto const& p : outside.presses())
        if (p.event.value == event) tell_press(text, p, outside);
    auto const signal = record.signals.find(event);
    auto const out = std::back_inserter(text);
    if (signal == record.signals.end()) {
        text += "  not in the record\n";
    } else {
        fmt::format_to(out, "  signal {} of alert {}\n", signal->second.kind, signal->second.alert);
        tell_chain(text, signal->second.alert, record);
    }
    for (auto const& [id, a] : record.alerts) {
        if (a.first_event != event ||
            (signal != record.signals.end() && id == signal->second.alert))
            continue;
        fmt::format_to(out, "  alert {} {}\n", id, a.state);
        tell_chain(text, id, record);
    }
    for (auto const& [id, o] : record.orders) {
        if (o.event != event) continue;
        fmt::format_to(out, "  order {} {} of alert {}\n", id, o.state, o.alert);
        tell_chain(text, id, record);
    }
    return text;
}

} // namespace linli::tests::load
