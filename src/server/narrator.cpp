#include "server/narrator.hpp"

#include <map>
#include <string>

#include "runtime/log.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

struct thing {
    std::string_view kind;
    std::string name;
    std::string event;
    std::string subject;
    domain::purpose what_for = domain::purpose::real;
};

std::map<domain::uuid, thing> things_of(app::changes const& c) {
    std::map<domain::uuid, thing> all;
    for (auto const& a : c.alerts)
        all[a.id.value] = {"alert", to_string(a.id), a.first_event.value, to_string(a.about),
                           a.what_for};
    for (auto const& r : c.requests)
        all[r.id.value] = {"request", to_string(r.id), r.first_event.value, to_string(r.about),
                           domain::purpose::real};
    for (auto const& o : c.orders)
        all[o.id.value] = {"order", o.number, o.event.value, to_string(o.about), o.what_for};
    return all;
}

// What the person on duty at 3 a.m. should not overlook.
bool is_trouble(domain::log_kind what) {
    switch (what) {
    case domain::log_kind::nobody_to_go:
    case domain::log_kind::not_told:
    case domain::log_kind::not_shown:
    case domain::log_kind::unfilled:
    case domain::log_kind::claim_expired:
    case domain::log_kind::no_show:
    case domain::log_kind::late:
    case domain::log_kind::no_access:
    case domain::log_kind::failed:
    case domain::log_kind::check_in_missed:
        return true;
    default:
        return false;
    }
}

} // namespace

void narrate(app::changes const& committed) {
    if (!log::enabled(log::level::info)) return;
    auto const things = things_of(committed);
    for (auto const& each : committed.log) {
        auto const at = things.find(each.chain);
        if (at == things.end()) continue;
        auto const& thing = at->second;
        if (thing.what_for == domain::purpose::synthetic) continue; // its own process tells
        bool const calls_somebody = is_trouble(each.line.what) && is_real(thing.what_for);
        auto const tell = calls_somebody ? log::warning : log::info;
        tell(to_text(each.line.what), {{"event", thing.event},
                                       {thing.kind, thing.name},
                                       {"subject", thing.subject},
                                       {"for", to_text(thing.what_for)},
                                       {"by", to_text(each.line.by.kind)},
                                       {"who", each.line.by.who},
                                       {"why", each.line.why}});
    }
}

} // namespace linli::server
