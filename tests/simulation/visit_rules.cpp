#include "simulation/visit_rules.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace linli::simulation {

namespace {

using domain::instant;
using domain::log_kind;
using domain::order_state;

using chain = std::vector<tests::kept_line>;

bool is_trouble(log_kind what) {
    return what == log_kind::check_in_missed || what == log_kind::access_overdue ||
           what == log_kind::failed;
}

// What alerts have heard of visits that no open one of theirs heard: by the order's number, when.
std::multimap<std::string, instant> heard_of_visits(scene const& here) {
    std::multimap<std::string, instant> all;
    auto const& t = here.record.holds();
    for (auto const& [id, a] : t.alerts)
        for (auto const& each : t.log.at(id.value)) {
            auto const& line = each.what.line;
            if (is_trouble(line.what)) all.emplace(line.why.substr(0, line.why.find(' ')), line.at);
        }
    return all;
}

bool is_heard_at(std::multimap<std::string, instant> const& by, std::string const& number,
                 instant at) {
    auto const [from, to] = by.equal_range(number);
    return std::any_of(from, to, [&](auto const& each) { return each.second == at; });
}

bool was_open_at(scene const& here, domain::order const& o, instant at) {
    if (!o.alert) return false;
    auto const& a = here.record.holds().alerts.at(*o.alert);
    return !a.closed_at || *a.closed_at >= at;
}

bool is_a_word(log_kind what) {
    return what == log_kind::arrived || what == log_kind::no_access || what == log_kind::started ||
           what == log_kind::completed;
}

// One that has failed on the way is offered to the next; only the last word ends it.
bool ends_it(domain::order const& o, chain const& all, std::size_t line) {
    if (o.state != order_state::failed) return false;
    return std::none_of(all.begin() + static_cast<std::ptrdiff_t>(line) + 1, all.end(),
                        [](auto const& each) { return each.what.line.what == log_kind::failed; });
}

void check_visit(scene& here, domain::order const& o,
                 std::multimap<std::string, instant> const& heard) {
    auto const& all = here.record.holds().log.at(o.id.value);
    bool is_known = false; // to somebody, and there was no word since
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& line = all[i].what.line;
        if (is_a_word(line.what)) is_known = false;
        if (line.what == log_kind::completed && !was_open_at(here, o, line.at))
            here.saw(rare::visit_outlives_its_alert);
        if (!is_trouble(line.what)) continue;
        if (line.what == log_kind::failed && !ends_it(o, all, i)) continue;
        if (was_open_at(here, o, line.at)) continue;
        if (is_heard_at(heard, o.number, line.at)) {
            here.saw(rare::visit_is_heard_by_itself);
            is_known = true;
        }
        if (!is_known)
            here.broken("rule 3: nobody hears of the visit " + o.number + ": " +
                        std::string(to_text(line.what)));
    }
}

bool has_an_alert_for_120(scene const& here, std::string const& number) {
    auto const& t = here.record.holds();
    return std::any_of(t.alerts.begin(), t.alerts.end(), [&](auto const& each) {
        bool is_of_it = false;
        bool says_120 = false;
        for (auto const& kept : t.log.at(each.first.value)) {
            auto const& line = kept.what.line;
            is_of_it = is_of_it || line.why.starts_with(number + ' ');
            says_120 = says_120 || line.why.find(" needs_120") != std::string::npos;
        }
        return is_of_it && says_120;
    });
}

} // namespace

void check_visits_are_heard(scene& here, std::set<domain::order_id> const& need_120) {
    auto const& t = here.record.holds();
    auto const heard = heard_of_visits(here);
    for (auto const& [id, o] : t.orders) {
        bool const is_meant =
            is_real(o.what_for) && o.place == domain::order_place::home && !o.home.empty();
        if (!is_meant) continue;
        check_visit(here, o, heard);
    }
    for (auto const& id : need_120) {
        auto const& o = t.orders.at(id);
        if (!is_real(o.what_for) || o.home.empty()) continue;
        here.saw(rare::somebody_needs_120);
        if (!has_an_alert_for_120(here, o.number))
            here.broken("rule 6: who went says 120, and there is no alert: " + o.number);
    }
}

} // namespace linli::simulation
