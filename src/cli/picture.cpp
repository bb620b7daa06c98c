#include "cli/picture.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace {

constexpr std::string_view reset = "\x1b[0m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view green = "\x1b[32m";

struct canvas {
    drawing const& how;
    std::string text;

    void line(std::string const& what, std::string_view in = {}) {
        auto cut = what;
        if (how.columns > 0 && cut.size() > static_cast<std::size_t>(how.columns)) {
            auto at = static_cast<std::size_t>(how.columns);
            while (at > 0 && (static_cast<unsigned char>(cut[at]) & 0xC0U) == 0x80U)
                --at; // not in the middle of a character
            cut.resize(at);
        }
        if (how.colour && !in.empty())
            text += std::string(in) + cut + std::string(reset) + '\n';
        else
            text += cut + '\n';
    }
};

std::string span(domain::duration d) {
    auto const s = std::chrono::duration_cast<domain::seconds>(d).count();
    auto const sign = s < 0 ? "-" : "";
    auto const a = s < 0 ? -s : s;
    if (a < 120) return fmt::format("{}{} s", sign, a);
    if (a < 7200) return fmt::format("{}{} min", sign, a / 60);
    return fmt::format("{}{} h", sign, a / 3600);
}

std::string due(std::optional<domain::instant> const& at, domain::instant now) {
    if (!at) return "-";
    return *at < now ? "now" : "in " + span(*at - now);
}

std::string last(domain::uuid const& id) {
    return to_string(id).substr(30);
}

std::string_view colour_of(domain::alert const& a) {
    if (a.state == domain::alert_state::pending) return dim;
    if (a.state == domain::alert_state::raised)
        return a.level == domain::priority::p1 ? red : yellow;
    return a.state == domain::alert_state::claimed ? yellow : green;
}

// Nobody shall take an exercise for the real thing, or the other way round.
std::string mark_of(domain::purpose what_for) {
    if (what_for == domain::purpose::drill) return "[演练 DRILL] ";
    return what_for == domain::purpose::synthetic ? "[synthetic] " : "";
}

std::string order_text(app::order_line const& o) {
    auto text = mark_of(o.what_for) + fmt::format("{} {}", o.number, to_text(o.state));
    if (!o.worker.empty()) text += " by " + o.worker.value;
    if (!o.reason.empty()) text += " (" + o.reason + ")";
    return text;
}

std::string orders_text(app::alert_line const& line) {
    if (line.what.state == domain::alert_state::pending) return "none yet: its wearer may cancel";
    return line.orders.empty() ? "no order" : order_text(line.orders.back());
}

// What the plan asks of the operators, and whom it has told.
std::string plan_text(domain::progress const& p) {
    std::string text;
    if (!p.asks.empty()) text += "   ASKED: " + to_string(p.asks);
    if (!p.told.empty()) text += "   told: " + to_string(p.told);
    return text;
}

// A name that is longer than its column moves what follows, and never touches it.
constexpr auto alert_columns = "{:<6} {:<2} {:<19} {:<15} {:<8} {:<7} {:<17} {:<10} {}";

void draw_alerts(canvas& on, app::overview const& seen, domain::instant now, std::size_t most) {
    on.line(fmt::format(alert_columns, "ALERT", "P", "SUBJECT", "KIND", "STATE", "SINCE",
                        "HOLDER/DESK", "NEXT", "ORDER"),
            bold);
    for (auto const& line : seen.alerts) {
        auto const& a = line.what;
        if (most-- == 0) {
            on.line(fmt::format("       … {} open in all", seen.alerts_open), dim);
            return;
        }
        auto const who = a.holder.empty() ? a.desk.value : a.holder.value;
        on.line(fmt::format(alert_columns, last(a.id.value), static_cast<int>(a.level),
                            to_string(a.about), to_text(a.kind), to_text(a.state),
                            span(now - a.opened_at), who, due(a.due_at, now),
                            mark_of(a.what_for) + orders_text(line) + plan_text(a.progress)),
                is_real(a.what_for) ? colour_of(a) : dim);
    }
    if (seen.alerts.empty()) on.line("       nothing is open", dim);
}

void draw_rest(canvas& on, app::overview const& seen, domain::instant now, std::size_t most) {
    for (auto const& q : seen.requests) {
        if (most-- == 0) return;
        on.line(fmt::format("{:<6} {:<2} {:<19} {:<15} {}", last(q.id.value),
                            static_cast<int>(q.level), to_string(q.about),
                            is_installation(q.about) ? "installation" : "ring back",
                            due(q.due_at, now)));
    }
    for (auto const& o : seen.orders) {
        bool const is_ring_back = o.request && !is_installation(o.about);
        if (is_ring_back) continue; // stands above as its request
        if (most-- == 0) return;
        on.line(fmt::format("{:<6} {:<2} {:<19} {} {}", last(o.id.value), static_cast<int>(o.level),
                            to_string(o.about), order_text(o), due(o.due_at, now)));
    }
}

void draw_latest(canvas& on, app::overview const& seen, std::size_t most) {
    on.line("");
    on.line("LATEST", bold);
    for (auto const& l : seen.latest) {
        if (most-- == 0) return;
        on.line(fmt::format("{}  {:<18} {:<22} {:<9}{:<14} {}",
                            runtime::utc_text(l.at).substr(11, 12), to_text(l.what), l.name,
                            to_text(l.by.kind), l.by.who, l.why),
                dim);
    }
}

} // namespace

std::string draw(app::overview const& seen, domain::instant now, drawing const& how) {
    canvas on{how, {}};
    on.line(
        fmt::format("Linli 邻里  {}   open: {} alerts, {} orders   today: {} signals, {} alerts, "
                    "{} closed ({} by wearers), {} followed up   to send: {}   overdue: {}",
                    runtime::utc_text(now).substr(0, 19), seen.alerts_open, seen.orders_open,
                    seen.signals_today, seen.alerts_today, seen.alerts_closed_today,
                    seen.alerts_cancelled_today, seen.orders_followed_up_today, seen.outbox_waiting,
                    seen.overdue),
        bold);
    on.line("");
    auto const rows = static_cast<std::size_t>(std::max(how.rows, 0));
    auto const fixed = 6 + how.hints.size();
    auto const room = rows > fixed ? rows - fixed : std::size_t{12};
    auto const all = how.rows == 0;
    draw_alerts(on, seen, now, all ? seen.alerts.size() : room / 2);
    draw_rest(on, seen, now, all ? seen.requests.size() + seen.orders.size() : room / 8);
    auto const used = static_cast<std::size_t>(std::count(on.text.begin(), on.text.end(), '\n'));
    draw_latest(on, seen,
                all ? 20
                    : (rows > used + how.hints.size() + 3 ? rows - used - how.hints.size() - 3
                                                          : std::size_t{3}));
    for (auto const& hint : how.hints)
        on.line(hint, green);
    return on.text;
}

} // namespace linli::cli
