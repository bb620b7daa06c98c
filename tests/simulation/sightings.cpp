#include "simulation/sightings.hpp"

#include "simulation/words.hpp"

namespace linli::simulation {

std::map<std::string, std::size_t> sightings::table(fortune const& luck) const {
    std::map<std::string, std::size_t> all;
    events.tell("rare", all);
    signals.tell("signal", all);
    kinds.tell("alert of", all);
    alerts.tell("alert", all);
    endings.tell("alert ends as", all);
    orders.tell("order", all);
    offers.tell("offer", all);
    requests.tell("request", all);
    lines.tell("line", all);
    refusals.tell("refused as", all);
    deliveries.tell("delivery", all);
    letters.tell("letter", all);
    calls.tell("call", all);
    commands.tell("command", all);
    placed.tell("placed", all);
    recordings.tell("recording", all);
    for (auto const& [where, place_name] : domain::names<place>::table)
        for (auto const what : fates_of(where))
            all[std::string(place_name) + ' ' + std::string(domain::to_text(what))] +=
                luck.times(where, what);
    return all;
}

std::string_view why_never(std::string const& name) {
    static std::map<std::string, std::string_view, std::less<>> const known{
        {"command waiting", "all have ended at the end"},
        {"command sent", "all have ended at the end"},
        {"delivery queued", "all have ended at the end"},
        {"rare set_aside", "the record takes everything without its words"},
        {"signal outage", "supervision is not simulated"},
        {"alert ends as duplicate", "no rule hangs on it"},
        {"recording recording", "all are sealed at the end"},
        {"recording gone", "nobody is erased"},
        {"alert of outage", "supervision is not simulated"},
        {"alert of help_request", "it names a plan, and is no alert"},
        {"alert of cause_visit", "it names a plan, and is no alert"},
        {"alert of installation", "it names a plan, and is no alert"},
        {"alert of booking", "it names a plan, and is no alert"},
    };
    auto const at = known.find(name);
    return at == known.end() ? std::string_view() : at->second;
}

} // namespace linli::simulation
