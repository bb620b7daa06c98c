#include "app/plan_book.hpp"

#include <set>
#include <stdexcept>

namespace linli::app {

plan_book::plan_book(std::vector<page> in_force, reader read) : read_(std::move(read)) {
    for (auto& each : in_force) {
        if (each.what.own)
            digest_of_own_[{each.what.kind, each.what.own->resident}] = each.what.digest;
        else
            digest_of_kind_[each.what.kind] = each.what.digest;
        by_digest_[each.what.digest] = std::move(each);
    }
    for (auto const& [kind, name] : domain::names<domain::alert_kind>::table)
        if (!digest_of_kind_.contains(kind))
            throw std::runtime_error("no plan for " + std::string(name) + ": put a file " +
                                     std::string(name) + ".toml into the folder of plans");
}

domain::plan const& plan_book::in_force(domain::alert_kind kind) const {
    return by_digest_.at(digest_of_kind_.at(kind)).what;
}

domain::plan const& plan_book::in_force(domain::alert_kind kind, domain::resident_id const& whose,
                                        std::chrono::sys_days local_day) const {
    auto const own = digest_of_own_.find({kind, whose});
    if (own == digest_of_own_.end()) return in_force(kind);
    auto const& his = by_digest_.at(own->second).what;
    bool const over = his.own->until && *his.own->until < local_day;
    return over ? in_force(kind) : his;
}

std::vector<plan_book::page> plan_book::in_force() const {
    std::vector<page> all;
    for (auto const& [kind, digest] : digest_of_kind_)
        all.push_back(by_digest_.at(digest));
    for (auto const& [whose, digest] : digest_of_own_)
        all.push_back(by_digest_.at(digest));
    return all;
}

domain::plan const& plan_book::snapshot(std::string const& digest) const {
    return by_digest_.at(digest).what;
}

runtime::task<record_result<void>> plan_book::learn(record& from, view const& seen) {
    std::set<std::string> missing;
    for (auto const& [id, each] : seen.alerts)
        if (!by_digest_.contains(each.plan)) missing.insert(each.plan);
    for (auto const& [id, each] : seen.orders)
        if (!by_digest_.contains(each.plan)) missing.insert(each.plan);
    for (auto const& digest : missing) {
        auto body = co_await from.plan_body(digest);
        if (!body) co_return body.error();
        auto what = read_(*body);
        what.digest = digest;
        by_digest_[digest] = page{std::move(what), std::move(*body)};
    }
    co_return record_result<void>();
}

runtime::task<record_result<void>> plan_book::keep(record& to) const {
    std::vector<std::pair<std::string, std::string>> pages;
    for (auto const& [kind, digest] : digest_of_kind_)
        pages.emplace_back(digest, by_digest_.at(digest).body);
    for (auto const& [whose, digest] : digest_of_own_)
        pages.emplace_back(digest, by_digest_.at(digest).body);
    auto kept = co_await to.keep_plans(pages);
    co_return kept;
}

} // namespace linli::app
