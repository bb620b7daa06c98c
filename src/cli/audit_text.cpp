#include "cli/audit_text.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

#include "adapters/anchors/anchor_text.hpp"
#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace json = boost::json;
using app::tampering;

namespace {

std::string words_of(tampering kind) {
    switch (kind) {
    case tampering::changed_line:
        return "was changed, or doesn't follow the line before it";
    case tampering::missing_line:
        return "is missing";
    case tampering::cut_tail:
        return "and all behind it are cut off";
    case tampering::removed_chain:
        return "and with it the whole chain was removed";
    case tampering::rewritten_chain:
        return "is not what was anchored: the chain was made anew";
    case tampering::added_line:
        return "was added later";
    case tampering::wrong_head:
        return "is not the end that its alert, request, order or complaint names";
    case tampering::missing_head:
        return "lost the alert, request, order or complaint that it is about";
    case tampering::changed_anchor:
        return "was changed";
    case tampering::missing_anchor:
        return "is missing";
    case tampering::other_anchor:
        return "is not the same in the database";
    case tampering::missing_guard:
        return "no longer forbids changes in the database";
    case tampering::lost_evidence:
        return "is the hash of no line: what was printed with it was changed since";
    }
    return {};
}

bool is_about_an_anchor(tampering kind) {
    return kind == tampering::changed_anchor || kind == tampering::missing_anchor ||
           kind == tampering::other_anchor;
}

std::string subject_of(app::chain_finding const& what) {
    if (what.kind == tampering::missing_guard) return "the trigger " + what.more;
    if (what.kind == tampering::lost_evidence) return what.more;
    if (is_about_an_anchor(what.kind)) return fmt::format("anchor {}", what.anchor);
    auto const chain = fmt::format("chain {}", to_string(what.chain));
    return what.seq == 0 ? chain : fmt::format("{} line {}", chain, what.seq);
}

std::string newer_text(audit_result const& of) {
    if (of.log.newer == 0) return {};
    if (!of.anchored_at)
        return fmt::format("nothing is anchored yet: only its own chain vouches for a line, and "
                           "whoever owns the database can make a chain anew\n");
    return fmt::format("{} lines are newer than the last anchor: only their own chain vouches for "
                       "them yet\n",
                       of.log.newer);
}

std::string outside_text(audit_result const& of) {
    if (of.last_outside == of.last_anchor) return {};
    return fmt::format(
        "the copy outside ends at anchor {}, the database has {}: the copy is older, "
        "or was cut; the rest was taken from the database, where it is signed as "
        "well\n",
        of.last_outside, of.last_anchor);
}

} // namespace

std::string finding_text(app::chain_finding const& what) {
    auto text = fmt::format("{:<16} {} {}", domain::to_text(what.kind), subject_of(what),
                            words_of(what.kind));
    if (what.kind == tampering::missing_guard || what.kind == tampering::lost_evidence) return text;
    if (!is_about_an_anchor(what.kind) && what.anchor > 0)
        text += fmt::format(" (anchor {})", what.anchor);
    if (!what.more.empty()) text += ": " + what.more;
    return text;
}

std::string audit_text(audit_result const& of) {
    std::string text;
    for (auto const& each : of.shown)
        text += finding_text(each) + '\n';
    if (of.findings > of.shown.size())
        text += fmt::format("and {} more\n", of.findings - of.shown.size());
    for (auto const& each : of.evidence)
        text += fmt::format("evidence         {} is chain {} line {}\n", anchors::in_hex(each.hash),
                            to_string(each.chain), each.seq);
    text += fmt::format("{} lines of {} chains in {:.1f} s; {} anchored by {} anchors",
                        of.log.lines, of.log.chains, of.seconds, of.log.vouched, of.anchors);
    if (of.anchored_at)
        text += fmt::format(", the last one {} of {}", of.last_anchor,
                            runtime::utc_text(*of.anchored_at));
    text += '\n' + outside_text(of) + newer_text(of);
    if (of.restores > 0)
        text += fmt::format("the database was restored {} times, and somebody has signed for it: "
                            "what the anchors between had is not held against it\n",
                            of.restores);
    return text + (of.findings == 0 ? "whole\n" : fmt::format("NOT WHOLE: {}\n", of.findings));
}

std::string audit_json(audit_result const& of) {
    json::array findings;
    for (auto const& each : of.shown) {
        json::object one{{"kind", domain::to_text(each.kind)}};
        if (each.chain != domain::uuid{}) one["chain"] = to_string(each.chain);
        if (each.seq > 0) one["line"] = each.seq;
        if (each.anchor > 0) one["anchor"] = each.anchor;
        if (!each.more.empty()) one["more"] = each.more;
        findings.push_back(std::move(one));
    }
    json::array evidence;
    for (auto const& each : of.evidence)
        evidence.push_back({{"hash", anchors::in_hex(each.hash)},
                            {"chain", to_string(each.chain)},
                            {"line", each.seq}});
    json::object all{{"whole", of.findings == 0},
                     {"findings", of.findings},
                     {"shown", std::move(findings)},
                     {"evidence", std::move(evidence)},
                     {"lines", of.log.lines},
                     {"chains", of.log.chains},
                     {"anchored", of.log.vouched},
                     {"not_yet_anchored", of.log.newer},
                     {"anchors", of.anchors},
                     {"last_anchor", of.last_anchor},
                     {"last_outside", of.last_outside},
                     {"digest", anchors::in_hex(of.digest)},
                     {"outside", of.outside},
                     {"restores", of.restores},
                     {"seconds", of.seconds}};
    if (of.anchored_at) all["anchored_at"] = runtime::utc_text(*of.anchored_at);
    return json::serialize(all) + '\n';
}

} // namespace linli::cli
