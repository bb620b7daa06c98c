#include "support/memory_bookings.hpp"

#include <algorithm>

#include "domain/masked.hpp"
#include "support/let_others_run.hpp"
#include "support/memory_areas.hpp"

namespace linli::tests {

using app::booking_line;
using app::record_errc;

namespace {

bool is_to_come(domain::order_state s) {
    using enum domain::order_state;
    return s == requested || s == offered || s == accepted || s == en_route || s == unfilled;
}

bool is_in_trouble(domain::order const& o, std::string const& not_as_booked) {
    using enum domain::order_state;
    bool const is_silent = (o.state == arrived || o.state == in_service) &&
                           o.reason == to_text(domain::log_kind::check_in_missed);
    return o.due_at && (o.state == unfilled || o.state == no_access || o.state == stood_down ||
                        is_silent || !not_as_booked.empty());
}

} // namespace

// Why nobody should go, of what is to come: "resident_hospital", "home_changed".
std::string memory_bookings::not_as_booked(domain::order const& o) const {
    if (!is_to_come(o.state)) return {};
    auto const& who = of_.holds().bookings.at(o.id).resident;
    if (auto const s = statuses.find(who.value); s != statuses.end())
        return "resident_" + s->second;
    for (auto const& r : of_.town().residents)
        if (r.id == who && r.home != o.home) return "home_changed";
    return {};
}

booking_line memory_bookings::line_of(domain::order const& o) const {
    booking_line line;
    line.order = o;
    line.terms = of_.holds().bookings.at(o.id);
    line.terms.words.clear();
    auto const why = not_as_booked(o);
    if (!why.empty()) line.order.reason += (o.reason.empty() ? "" : " ") + why;
    for (auto const& r : of_.town().residents)
        if (r.id == line.terms.resident) line.name = domain::masked_name(r.name);
    if (auto const* home = of_.town().find(o.home)) line.rough_place = home->rough_place;
    line.area_name = o.area.value; // the town's areas are called by their codes
    line.areas = areas_around(of_.town(), o.area);
    if (auto const name = worker_names.find(o.worker.value); name != worker_names.end())
        line.worker_name = name->second;
    line.provider_name = o.provider.value;
    return line;
}

bool memory_bookings::is_meant(booking_line const& line, app::booking_question const& what) const {
    auto const& o = line.order;
    bool const is_coming = o.due_at && o.state != domain::order_state::completed;
    return is_real(o.what_for) && (what.with_ended || is_coming) &&
           (what.resident.empty() || line.terms.resident == what.resident) &&
           (!what.from || o.booked->until > *what.from) &&
           (!what.until || o.booked->from < *what.until) &&
           (what.area.empty() || std::ranges::find(line.areas, what.area) != line.areas.end());
}

runtime::task<app::record_result<app::booking_page>>
memory_bookings::list(app::booking_question const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    app::booking_page page;
    std::vector<booking_line> meant;
    for (auto const& [id, o] : of_.holds().orders)
        if (o.booked)
            if (auto line = line_of(o); is_meant(line, what)) meant.push_back(std::move(line));
    std::ranges::sort(meant, {}, [](booking_line const& line) {
        return std::pair(line.order.booked->from, line.order.id);
    });
    page.total = static_cast<std::uint32_t>(meant.size());
    page.in_trouble =
        static_cast<std::uint32_t>(std::ranges::count_if(meant, [this](booking_line const& line) {
            return is_in_trouble(line.order, not_as_booked(line.order));
        }));
    std::size_t const first = (what.page - 1) * what.per_page;
    for (auto at = first; at < std::min<std::size_t>(meant.size(), first + what.per_page); ++at)
        page.lines.push_back(meant[at]);
    co_return page;
}

runtime::task<app::record_result<std::optional<booking_line>>>
memory_bookings::find(domain::order_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::optional<booking_line> found;
    auto const at = of_.holds().orders.find(id);
    if (at != of_.holds().orders.end() && at->second.booked) found = line_of(at->second);
    co_return found;
}

runtime::task<app::record_result<std::optional<booking_line>>>
memory_bookings::made_by(domain::event_id const& event) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::optional<booking_line> found;
    for (auto const& [id, o] : of_.holds().orders)
        if (o.booked && o.event == event) found = line_of(o);
    co_return found;
}

} // namespace linli::tests
