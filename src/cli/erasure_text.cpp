#include "cli/erasure_text.hpp"

#include <chrono>
#include <string_view>

#include <fmt/core.h>

#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace {

using domain::erasure_obstacle;
using domain::erasure_refusal;

std::string_view remedy_for(erasure_obstacle what) {
    switch (what) {
    case erasure_obstacle::alert:
        return "close it";
    case erasure_obstacle::request:
        return "ring back and close it";
    case erasure_obstacle::order:
        return "end it, with its follow-up, or cancel it";
    case erasure_obstacle::complaint:
        return "answer it and note that it is accepted";
    case erasure_obstacle::device:
        return "take it off: bind it to nobody, and reset it, for it keeps numbers itself";
    case erasure_obstacle::notice:
        return "wait until it is told, or its gateway is back";
    }
    return "";
}

std::string obstacles_text(std::vector<domain::obstacle> const& all) {
    std::string text;
    for (auto const& each : all)
        text += fmt::format("  {} {}: {}\n", to_text(each.what), each.which, remedy_for(each.what));
    return text;
}

std::string day_text(domain::instant at) {
    return runtime::utc_text(at).substr(0, 10);
}

std::string withdrawal_text(domain::erasure const& what) {
    if (!what.withdrawn) return "-";
    auto const& how = *what.withdrawn;
    return fmt::format("{} {} by {}", day_text(how.at), to_text(how.why), how.by.value);
}

} // namespace

std::string refusal_text(domain::resident_id const& who, app::erasures::answer const& said) {
    switch (said.refused.value()) {
    case erasure_refusal::unknown:
        return fmt::format("there is no resident {}", who.value);
    case erasure_refusal::gone:
        return fmt::format("{} was erased on {}", who.value, day_text(*said.now.asked->erased_at));
    case erasure_refusal::not_asked:
        return fmt::format("nobody has asked for it: \"linli residents erase {}\"", who.value);
    case erasure_refusal::twice:
        return fmt::format("{} asked for it on {}; somebody else confirms by \"linli residents "
                           "confirm {}\"",
                           said.now.asked->asked_by.value, day_text(said.now.asked->asked_at),
                           who.value);
    case erasure_refusal::alone:
        return fmt::format("{} asked for it, so somebody else must confirm",
                           said.now.asked->asked_by.value);
    case erasure_refusal::needed:
        return "it is still needed for:\n" + obstacles_text(said.now.obstacles);
    }
    return "";
}

std::string asked_text(domain::erasure_standing const& now) {
    auto const& who = now.asked->resident.value;
    auto text = fmt::format("asked for; nothing has gone yet. Somebody else confirms by \"linli "
                            "residents confirm {}\"; you take it back by \"linli residents "
                            "withdraw {} --why taken_back\"\n",
                            who, who);
    if (!now.obstacles.empty()) text += "before that:\n" + obstacles_text(now.obstacles);
    return text;
}

std::string erased_text(domain::erasure const& what, std::size_t rows, int backups_days) {
    auto const last = *what.erased_at + std::chrono::days(backups_days);
    return fmt::format(
        "{0} is erased: the key, the registry's rows, and {1} rows that lay under the id.\n"
        "Left are ids, codes and times of what happened; the chains of the log hold as before.\n"
        "Not reached from here: recordings in the telephone system; what a worn device keeps "
        "itself; "
        "files that the registry was imported from, and plans of his in plans/resident (take his "
        "lines out); answers to commands of the last 24 hours, which go by themselves, sealed.\n"
        "Backups made before now hold the key until they are gone: by [keeping] backups_days = {2} "
        "on {3}. A restored one needs \"linli residents erase\" and \"confirm\" again.\n",
        what.resident.value, rows, backups_days, day_text(last));
}

std::string erasures_text(std::vector<domain::erasure> const& all) {
    if (all.empty()) return "nobody's data was asked to go\n";
    constexpr auto line = "{:<18}{:<10}{:<12}{:<12}{:<16}{:<16}{:<12}{:<12}{}\n";
    auto text = fmt::format(line, "RESIDENT", "REASON", "CAME", "ASKED", "BY", "CONFIRMED BY",
                            "ERASED", "CLEARED", "WITHDRAWN");
    for (auto const& each : all)
        text += fmt::format(
            line, each.resident.value, to_text(each.why),
            each.wished_on ? day_text(*each.wished_on) : "-", day_text(each.asked_at),
            each.asked_by.value, each.confirmed_by.empty() ? "-" : each.confirmed_by.value,
            each.erased_at ? day_text(*each.erased_at) : "-",
            each.cleared_at ? day_text(*each.cleared_at) : "-", withdrawal_text(each));
    return text;
}

} // namespace linli::cli
