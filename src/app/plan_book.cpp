#include "app/plan_book.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <stdexcept>

#include "runtime/log.hpp"

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
        auto what = read_again(digest, *body, seen);
        by_digest_[digest] = page{std::move(what), std::move(*body)};
    }
    co_return record_result<void>();
}

domain::plan plan_book::read_again(std::string const& digest, std::string const& body,
                                   view const& seen) const {
    domain::plan what;
    try {
        what = read_(body);
    } catch (std::exception const& e) {
        runtime::log::error(
            "plan_unreadable",
            {{"plan", digest}, {"why", e.what()}, {"instead", "the plan in force"}});
        what = in_place_of(digest, seen);
    }
    what.digest = digest;
    return what;
}

domain::plan plan_book::in_place_of(std::string const& digest, view const& seen) const {
    auto const runs_by_it = [&](auto const& row) { return row.second.plan == digest; };
    auto const alert = std::ranges::find_if(seen.alerts, runs_by_it);
    auto const order = std::ranges::find_if(seen.orders, runs_by_it);
    bool const is_ordered = order != seen.orders.end();
    if (alert == seen.alerts.end()) return in_force_for(order->second);
    auto what = in_force(alert->second.kind);
    if (is_ordered && !what.order) what.order = in_force_for(order->second).order;
    return what;
}

// One that gives that service, and has the clocks of an order in any case.
domain::plan const& plan_book::in_force_for(domain::order const& one) const {
    auto const& booking = in_force(domain::alert_kind::booking);
    if (one.booked && booking.order) return booking;
    domain::plan const* with_an_order = nullptr;
    for (auto const& [kind, digest] : digest_of_kind_) {
        auto const& each = by_digest_.at(digest).what;
        if (!each.order) continue;
        if (each.order->service == one.service) return each;
        if (!with_an_order) with_an_order = &each;
    }
    return with_an_order ? *with_an_order : booking;
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
