#include "app/dry_run.hpp"

#include <algorithm>
#include <utility>

#include "app/turn.hpp"

namespace linli::app {

namespace {

// The last rung rings again and again; so long is enough to see what comes of nobody's doing
// anything, beside the plan's own steps.
constexpr domain::seconds shortest{900};
constexpr int most_turns = 200;
constexpr std::size_t most_steps = 100;

domain::signal press_of(domain::alert_kind kind, domain::instant at) {
    domain::signal s;
    s.device = {"dry-run"};
    s.event = domain::make_event_id(s.device, {1, 1});
    for (auto const& [each, name] : domain::names<domain::signal_kind>::table) {
        if (triage(each, true).kind != kind) continue;
        s.kind = each;
        break; // a fall before one that is confirmed: with its countdown
    }
    s.received_at = at;
    s.is_awaited = false;
    return s;
}

// "station:s1, nobody at …" up to the first of `ends`; the rest behind it.
std::string cut(std::string& text, std::string_view ends) {
    auto const at = text.find(ends);
    auto first = text.substr(0, at);
    text = at == text.npos ? "" : text.substr(at + ends.size());
    return first;
}

class rehearsal {
public:
    rehearsal(plan_book const& plans, dry_run_picture const& seen, domain::area_id const& city,
              domain::minutes utc_offset, domain::instant at)
        : plans_(plans), at_(at), where_(seen.known, city, utc_offset), numbers_(utc_offset) {
        auto facts = seen.pressed;
        facts.registered = true;
        seen_.devices[{"dry-run"}] = facts;
        if (seen.home) seen_.homes[facts.home] = *seen.home;
        if (!facts.home.empty() && !place_of(seen)) gap("no_position");
    }

    dry_run run(domain::alert_kind kind) {
        auto const& with =
            plans_.in_force(kind, seen_.devices.begin()->second.resident, where_.local_day(at_));
        plan_ = &with;
        made_.level = with.level;
        made_.plan = with.digest;
        auto until = at_ + shortest;
        for (auto const& each : with.steps)
            until = std::max(until, at_ + each.after);
        take({press_of(kind, at_)}, at_);
        for (int turns = 0; turns < most_turns && made_.steps.size() < most_steps; ++turns) {
            auto const due = next_due();
            if (!due || *due > until) break;
            take(due_then(*due), *due);
        }
        return std::move(made_);
    }

private:
    std::optional<domain::position> place_of(dry_run_picture const& seen) const {
        if (seen.home && seen.home->place) return seen.home->place;
        return where_.station_place(seen.pressed.area);
    }

    void take(std::vector<input> const& inputs, domain::instant now) {
        std::vector<domain::notice> notices;
        encoder const hear = [&](outgoing const& what) {
            if (auto const* notice = std::get_if<domain::notice>(&what)) notices.push_back(*notice);
            return std::string();
        };
        turn t({where_, plans_, ids_, numbers_, hear, domain::duration{0}}, seen_, now);
        for (auto const& each : inputs)
            static_cast<void>(t.take(each));
        auto const changed = t.finish();
        keep(changed.alerts, seen_.alerts);
        keep(changed.orders, seen_.orders);
        keep(changed.offers, seen_.offers);
        auto const after = std::chrono::floor<domain::seconds>(now - at_);
        for (auto const& each : changed.log)
            tell_line(each.line, after);
        for (auto const& each : notices)
            made_.steps.push_back({.after = after,
                                   .what = "tell",
                                   .whom = std::string(to_text(each.to)),
                                   .notice = each});
        for (auto const& each : changed.searches)
            tell_search(each, after);
    }

    // As a commit leaves them.
    template <class Row, class Id>
    static void keep(std::vector<Row> const& changed, std::map<Id, Row>& rows) {
        for (auto each : changed) {
            ++each.version;
            rows[each.id] = each;
        }
    }

    std::optional<domain::instant> next_due() const {
        std::optional<domain::instant> first;
        auto const look = [&](std::optional<domain::instant> const& due) {
            if (due && (!first || *due < *first)) first = due;
        };
        for (auto const& [id, each] : seen_.alerts)
            look(each.due_at);
        for (auto const& [id, each] : seen_.orders)
            look(each.due_at);
        return first;
    }

    std::vector<input> due_then(domain::instant now) const {
        std::vector<input> all;
        for (auto const& [id, each] : seen_.alerts)
            if (each.due_at && *each.due_at <= now) all.push_back(alert_due{id});
        for (auto const& [id, each] : seen_.orders)
            if (each.due_at && *each.due_at <= now) all.push_back(order_due{id});
        return all;
    }

    void tell_line(domain::log_line const& line, domain::seconds after) {
        dry_run_step step{.after = after};
        auto text = line.why;
        switch (line.what) {
        case domain::log_kind::countdown_began:
            step.what = "countdown";
            break;
        case domain::log_kind::raised:
            step.what = "raise";
            break;
        case domain::log_kind::rung_reached:
            step.what = "rung";
            step.whom = cut(text, ":");
            reach(step, cut(text, ", "));
            step.note += text; // "nobody at station": the rungs passed by
            break;
        case domain::log_kind::asked:
            step.what = "ask";
            step.whom = cut(text, " ");
            step.note = text.starts_with("step ") ? "" : text;
            step.say = words_for(step.whom, text);
            break;
        case domain::log_kind::step_skipped:
            step.what = "skip";
            step.whom = cut(text, ": ");
            step.note = text;
            break;
        default:
            return;
        }
        made_.steps.push_back(std::move(step));
    }

    // A desk that is asked because there is no other may be shut.
    void reach(dry_run_step& step, std::string site) {
        bool const is_desk = domain::from_text<domain::site_level>(step.whom).has_value();
        auto const now = at_ + step.after;
        if (is_desk && !where_.is_open({site}, now)) {
            step.note = "no_desk_open ";
            gap("no_desk_open");
        }
        if (!site.empty()) step.who.push_back(std::move(site));
    }

    // Of the plan's step, or of the rung of who goes: "step 2", or the trouble.
    std::string words_for(std::string const& whom, std::string const& why) const {
        for (std::size_t i = 0; i < plan_->steps.size(); ++i)
            if (why == "step " + std::to_string(i + 1)) return plan_->steps[i].say;
        for (auto const& each : plan_->go)
            if (to_text(each.call) == whom && to_text(each.when) == why) return each.say;
        return {};
    }

    void tell_search(search_record const& search, domain::seconds after) {
        // Only looked who could go, for the desk: nobody is asked yet.
        if (seen_.orders.at(search.order).state == domain::order_state::requested) return;
        dry_run_step step{.after = after, .what = "offer", .candidates = search.ranked};
        for (auto const& each : search.ranked)
            if (each.why == domain::match_reason::chosen)
                step.who.push_back(each.by_company ? each.provider.value : each.id.value);
        // When all have kept silent, that is no gap: somebody was there.
        if (step.who.empty()) step.note = "nobody_to_go";
        if (step.who.empty() && seen_.offers.empty()) gap("nobody_to_go");
        made_.steps.push_back(std::move(step));
    }

    void gap(char const* code) {
        if (std::ranges::find(made_.gaps, code) == made_.gaps.end()) made_.gaps.emplace_back(code);
    }

    plan_book const& plans_;
    domain::instant at_;
    directory where_;
    order_numbers numbers_; // none are taken from the record: nobody reads these out
    id_source ids_{0};
    view seen_;
    domain::plan const* plan_ = nullptr;
    dry_run made_;
};

} // namespace

dry_run run_dry(plan_book const& plans, dry_run_picture const& seen, domain::alert_kind kind,
                domain::area_id const& city, domain::minutes utc_offset, domain::instant at) {
    return rehearsal(plans, seen, city, utc_offset, at).run(kind);
}

} // namespace linli::app
