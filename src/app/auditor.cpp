#include "app/auditor.hpp"

#include <algorithm>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{5};
constexpr domain::seconds confirm_after{5};
// After a start or an outage everything is late for a moment: the due loop, the intake and the
// outbox first do what has gathered.
constexpr domain::seconds settle_for{30};

std::string remedy_of(finding_kind kind) {
    switch (kind) {
    case finding_kind::no_clock:
    case finding_kind::no_owner:
        return "claim or close it at the desk, and tell the makers";
    case finding_kind::overdue:
    case finding_kind::claim_over:
        return "look for set_aside, due_loop and observation above; work it by hand until it moves";
    case finding_kind::untold:
        return "is the broker there? Ring whom it concerns";
    case finding_kind::unanswered:
        return "ring the resident, and tell the makers";
    case finding_kind::uncommitted:
        return "look for set_aside and intake above";
    }
    return {};
}

} // namespace

audit_book::news audit_book::take(std::vector<finding> const& seen, domain::instant now) {
    news told;
    std::set<finding> const now_seen(seen.begin(), seen.end());
    for (auto at = believed_.begin(); at != believed_.end();) {
        if (now_seen.contains(at->first)) {
            ++at;
            continue;
        }
        told.ended.emplace_back(at->first, now - at->second);
        at = believed_.erase(at);
    }
    std::erase_if(suspected_, [&](auto const& each) { return !now_seen.contains(each.first); });
    if (is_settling(now)) return told;
    for (auto const& each : now_seen) {
        if (believed_.contains(each)) continue;
        auto const [at, is_new] = suspected_.try_emplace(each, now);
        if (is_new || now - at->second < confirm_after) continue;
        believed_.emplace(each, at->second);
        suspected_.erase(at);
        told.found.push_back(each);
    }
    return told;
}

void audit_book::interrupted(domain::instant now) {
    suspected_.clear();
    settled_at_ = now + settle_for;
}

std::map<finding_kind, int> audit_book::counts() const {
    std::map<finding_kind, int> all;
    for (auto const& [kind, name] : domain::names<finding_kind>::table)
        all[kind] = 0;
    for (auto const& [each, since] : believed_)
        ++all[each.kind];
    return all;
}

std::string auditor::in_words() const {
    if (!reads_) return "can't look: the database is away";
    if (book_.size() == 0) return "nothing open lacks an owner or a running clock";
    std::string words;
    for (auto const& [kind, count] : book_.counts())
        if (count > 0)
            words += (words.empty() ? "" : ", ") + std::string(domain::to_text(kind)) + ' ' +
                     std::to_string(count);
    return words;
}

void auditor::tell(audit_book::news const& of, domain::instant now) {
    if (!of.found.empty() || !of.ended.empty()) changed_at_ = now;
    for (auto const& each : of.found)
        log::error("audit_finding", {{"kind", domain::to_text(each.kind)},
                                     {"what", each.what},
                                     {"remedy", remedy_of(each.kind)}});
    for (auto const& [each, lasted] : of.ended)
        log::info("audit_finding_ended",
                  {{"kind", domain::to_text(each.kind)},
                   {"what", each.what},
                   {"after_s", std::chrono::round<domain::seconds>(lasted).count()}});
}

runtime::task<void> auditor::run() {
    changed_at_ = time_.now();
    book_.interrupted(changed_at_);
    for (;;) {
        auto const asked = time_.now();
        auto seen = co_await record_.audit(asked, allowed_);
        auto const now = time_.now();
        if (seen) {
            for (auto& each : own_(asked - allowed_.uncommitted))
                seen->push_back(std::move(each));
            tell(book_.take(*seen, now), now);
            ++readings_;
        } else {
            book_.interrupted(now);
        }
        if (reads_ != static_cast<bool>(seen)) changed_at_ = now;
        reads_ = static_cast<bool>(seen);
        auto const next = now + look_every;
        co_await time_.wait_until(next);
    }
}

} // namespace linli::app
