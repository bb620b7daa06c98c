#include "simulation/plans.hpp"

#include <fmt/core.h>

namespace linli::simulation {

namespace {

using domain::alert_kind;

domain::priority level_of(alert_kind kind) {
    switch (kind) {
    case alert_kind::sos:
    case alert_kind::fall:
    case alert_kind::smoke:
    case alert_kind::gas:
    case alert_kind::unreadable:
    case alert_kind::unknown_device:
    case alert_kind::needs_120:
        return domain::priority::p1;
    case alert_kind::water:
    case alert_kind::inactivity:
    case alert_kind::fence:
    case alert_kind::bed:
    case alert_kind::vitals:
    case alert_kind::clock_jump:
    case alert_kind::outage:
    case alert_kind::check_in_missed:
    case alert_kind::no_access:
        return domain::priority::p2;
    case alert_kind::removed:
    case alert_kind::help_request:
    case alert_kind::cause_visit:
    case alert_kind::installation:
    case alert_kind::booking:
    case alert_kind::visit_failed:
        return domain::priority::p3;
    }
    return domain::priority::p1;
}

std::optional<domain::order_plan> order_of(alert_kind kind) {
    domain::order_plan with;
    with.follow_up_within = domain::seconds(900); // else an evening would never see the reminder
    if (kind == alert_kind::help_request) {
        with.service = {"ring_back"};
        return with;
    }
    if (kind == alert_kind::cause_visit) {
        with.service = {"cause_visit"};
        return with;
    }
    if (kind == alert_kind::installation) {
        with.service = {"installation"};
        with.needs_live_press = true;
        return with;
    }
    if (kind == alert_kind::booking) {
        with.service = {"meal"}; // the booked one's own takes its place
        with.offers_at_once = 2;
        with.offer_before = domain::seconds(600);
        return with;
    }
    if (level_of(kind) != domain::priority::p1 || kind == alert_kind::unknown_device)
        return std::nullopt;
    with.offers_at_once = 2;
    if (kind == alert_kind::sos) with.when = domain::offer_when::unless_cleared;
    if (kind != alert_kind::smoke && kind != alert_kind::gas) with.certificate = "first_aid";
    return with;
}

std::vector<domain::plan_step> steps_of(alert_kind kind, domain::seconds more) {
    using domain::ask;
    using domain::audience;
    using domain::seconds;
    using domain::step_unless;
    if (level_of(kind) == domain::priority::p3) return {};
    return {
        {.after = seconds(0), .tell = audience::alarm_hook},
        {.after = seconds(30) + more, .asks = ask::ring_back, .unless = step_unless::handled},
        {.after = seconds(30), .tell = audience::duty_phone, .unless = step_unless::free},
        {.after = seconds(60) + more, .tell = audience::contacts, .unless = step_unless::claimed},
        {.after = seconds(180), .asks = ask::dial_120, .say = "120"}};
}

std::vector<domain::go_rung> go_of() {
    using domain::ask;
    using domain::audience;
    using domain::go_trouble;
    return {{go_trouble::nobody, ask::property_guard, {}, audience::shift_leader},
            {go_trouble::nobody, ask::dial_120, {}, audience::duty_phone},
            {go_trouble::no_access, ask::key_holder, {}, {}}};
}

domain::plan plan_of(alert_kind kind, int edition) {
    domain::plan what;
    what.digest = fmt::format("{}/{}", to_text(kind), edition);
    what.kind = kind;
    what.level = level_of(kind);
    if (kind == alert_kind::fall) what.countdown = domain::seconds(20 + edition);
    auto const more = domain::seconds(edition); // so that editions differ
    what.answer = {{domain::site_level::station, domain::seconds(30) + more},
                   {domain::site_level::centre, domain::seconds(30) + more},
                   {domain::site_level::city, domain::seconds(60) + more}};
    what.steps = steps_of(kind, more);
    what.go = go_of();
    if (what.level == domain::priority::p1) {
        what.shown_within = domain::seconds(10);
        what.answer.push_back(
            {domain::site_level::city, domain::seconds(60) + more, domain::audience::duty_phone});
    }
    what.order = order_of(kind);
    return what;
}

// The body of a stored plan is its digest.
domain::plan read_plan(std::string const& body) {
    auto const slash = body.find('/');
    auto const kind = domain::from_text<alert_kind>(body.substr(0, slash));
    return plan_of(kind.value(), std::stoi(body.substr(slash + 1)));
}

} // namespace

app::plan_book plans_of(int edition) {
    std::vector<app::plan_book::page> pages;
    for (auto const& [kind, text] : domain::names<alert_kind>::table) {
        auto what = plan_of(kind, edition);
        auto body = what.digest;
        pages.push_back({std::move(what), std::move(body)});
    }
    return {std::move(pages), read_plan};
}

} // namespace linli::simulation
