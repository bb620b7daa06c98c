#include "adapters/files/plan_file.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/files/strict_toml.hpp"
#include "domain/progress.hpp"
#include "runtime/log.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;
constexpr auto required = presence::required;
constexpr auto optional = presence::optional;

constexpr std::int64_t an_hour = 3600;
constexpr std::int64_t a_day = 86400;

void check_rung(toml::table const& section, domain::answer_rung const& rung,
                toml_problems& problems) {
    if (section.contains("desk") == section.contains("tell"))
        problems.add(section, "answer: one of desk (whose seats ring) and tell (shift_leader or "
                              "duty_phone, whose telephone rings)");
    bool const answers =
        rung.tell == domain::audience::shift_leader || rung.tell == domain::audience::duty_phone;
    if (rung.tell && !answers)
        problems.add(*section.get("tell"),
                     fmt::format("answer.tell: {} can't take an alert; shift_leader and duty_phone "
                                 "can. To tell {}, write a [[step]]",
                                 domain::to_text(*rung.tell), domain::to_text(*rung.tell)));
}

std::optional<domain::ask> take_dial(strict_table& keys) {
    static std::vector<std::string> const words{"120", "110", "119"};
    constexpr std::array asks{domain::ask::dial_120, domain::ask::dial_110, domain::ask::dial_119};
    auto const chosen = keys.one_of("ask_dial", optional, words);
    if (!chosen) return std::nullopt;
    return asks.at(*chosen);
}

void check_step(toml::table const& section, domain::plan_step const& step,
                toml_problems& problems) {
    int const deeds = int(section.contains("tell")) + int(section.contains("ring_back")) +
                      int(section.contains("ask_dial"));
    if (deeds != 1) problems.add(section, "step: one of tell, ring_back = true and ask_dial");
    if (section.contains("ask_dial") && step.say.empty())
        problems.add(section, "step.say is missing: add the words that the operator reads out");
    if (section.contains("from") != section.contains("until"))
        problems.add(section, "step: from and until belong together");
    else if (step.from_minute == step.until_minute)
        problems.add(section, "step: from and until are the same time, so it is never run");
}

std::vector<domain::plan_step> take_steps(strict_table& file, toml_problems& problems) {
    std::vector<domain::plan_step> steps;
    for (auto const* each : file.sections("step", optional)) {
        domain::plan_step step;
        bool ring_back = false;
        strict_table keys(*each, "step", problems);
        keys.seconds("after_s", required, 0, 4 * an_hour, step.after);
        keys.word("tell", optional, step.tell);
        keys.flag("ring_back", optional, ring_back);
        step.asks = take_dial(keys);
        if (ring_back) step.asks = domain::ask::ring_back;
        keys.text("say", optional, step.say);
        keys.word("unless", optional, step.unless);
        keys.minute("from", optional, step.from_minute);
        keys.minute("until", optional, step.until_minute);
        keys.finish();
        check_step(*each, step, problems);
        steps.push_back(step);
        if (steps.size() == domain::most_steps + 1)
            problems.add(*each,
                         fmt::format("more than {} steps: leave some out", domain::most_steps));
    }
    return steps;
}

std::vector<domain::go_rung> take_go(strict_table& file, toml_problems& problems) {
    std::vector<domain::go_rung> rungs;
    for (auto const* each : file.sections("go", optional)) {
        domain::go_rung rung;
        strict_table keys(*each, "go", problems);
        keys.word("when", required, rung.when);
        keys.word("call", required, rung.call);
        keys.text("say", optional, rung.say);
        keys.word("tell", optional, rung.tell);
        keys.finish();
        if (rung.when == domain::go_trouble::other)
            problems.add(*each->get("when"), "go.when is \"other\"; it must be one of nobody (a "
                                             "search found nobody) and no_access (a locked door)");
        if (each->contains("call") && rung.call == domain::ask::ring_back)
            problems.add(*each->get("call"), "go.call is \"ring_back\"; nobody goes there by that");
        rungs.push_back(rung);
    }
    return rungs;
}

std::optional<domain::own_plan> take_own(strict_table& file, toml_problems& problems) {
    auto const* section = file.section("own", optional);
    if (!section) return std::nullopt;
    domain::own_plan own;
    std::vector<std::string> signatures;
    strict_table keys(*section, "own", problems);
    keys.text("resident", required, own.resident.value);
    keys.texts("signed_by", optional, signatures);
    keys.date("until", optional, own.until);
    keys.finish();
    for (auto& each : signatures)
        own.signed_by.push_back({std::move(each)});
    return own;
}

std::vector<domain::answer_rung> take_answer(strict_table& file, toml_problems& problems) {
    std::vector<domain::answer_rung> rungs;
    for (auto const* each : file.sections("answer", required)) {
        domain::answer_rung rung;
        strict_table keys(*each, "answer", problems);
        keys.word("desk", optional, rung.desk);
        keys.word("tell", optional, rung.tell);
        check_rung(*each, rung, problems);
        // A human's telephone rings three minutes after the press at the latest (field-rules 4).
        keys.seconds("wait_s", required, 1, 180, rung.wait);
        keys.finish();
        rungs.push_back(rung);
    }
    return rungs;
}

// "worker station_staff": the kinds of one group, who are asked together.
std::vector<domain::responder_kind> kinds_of(std::string const& group, toml::node const& at,
                                             toml_problems& problems) {
    std::vector<domain::responder_kind> kinds;
    std::istringstream in(group);
    for (std::string word; in >> word;) {
        auto const kind = domain::from_text<domain::responder_kind>(word);
        if (kind) {
            kinds.push_back(*kind);
            continue;
        }
        std::vector<std::string> known;
        for (auto const& [value, text] : domain::names<domain::responder_kind>::table)
            known.emplace_back(text);
        problems.add(at, fmt::format("responders: nobody is called {}; there are {}", word,
                                     fmt::join(known, ", ")));
    }
    return kinds;
}

void take_responders(strict_table& keys, toml::table const& section, toml_problems& problems,
                     domain::order_plan& order) {
    std::vector<std::string> groups;
    keys.texts("responders", optional, groups);
    if (groups.empty()) return;
    order.responders.clear();
    for (auto const& group : groups)
        order.responders.push_back(kinds_of(group, *section.get("responders"), problems));
}

domain::order_plan take_order(toml::table const& section, domain::priority level,
                              toml_problems& problems) {
    // Nobody waits longer than ten minutes for help; a visit by day may.
    auto const longest_window = level == domain::priority::p1 ? std::int64_t{600} : 3 * a_day;
    domain::order_plan order;
    strict_table keys(section, "order", problems);
    keys.text("service", required, order.service.value);
    keys.text("certificate", optional, order.certificate);
    take_responders(keys, section, problems, order);
    keys.word("offer", optional, order.when); // left out: now, the safe side
    keys.seconds("cleared_window_s", optional, 1, longest_window, order.cleared_window);
    keys.number("offers_at_once", optional, 1, 20, order.offers_at_once);
    keys.seconds("offer_lease_s", optional, 1, 600, order.offer_lease);
    keys.seconds("set_out_within_s", optional, 1, an_hour, order.set_out_within);
    keys.seconds("ring_back_within_s", optional, 1, a_day, order.ring_back_within);
    keys.seconds("ring_back_again_s", optional, 1, a_day, order.ring_back_again);
    keys.seconds("arrive_within_s", optional, 1, 4 * an_hour, order.arrive_within);
    keys.seconds("late_grace_s", optional, 0, an_hour, order.late_grace);
    keys.seconds("check_in_after_s", optional, 1, 4 * an_hour, order.check_in_after);
    keys.seconds("no_access_within_s", optional, 1, an_hour, order.no_access_within);
    keys.seconds("retry_unfilled_s", optional, 1, an_hour, order.retry_unfilled);
    keys.seconds("confirm_stand_down_s", optional, 1, an_hour, order.confirm_stand_down);
    keys.seconds("rest_after_visit_s", optional, 0, 4 * an_hour, order.rest_after_visit);
    keys.seconds("assign_within_s", optional, 1, an_hour, order.assign_within);
    keys.flag("needs_live_press", optional, order.needs_live_press);
    keys.seconds("offer_before_s", optional, 600, 3 * a_day, order.offer_before);
    keys.seconds("follow_up_within_s", optional, 1, 7 * a_day, order.follow_up_within);
    keys.finish();
    return order;
}

domain::priority take_level(strict_table& file) {
    static std::vector<std::string> const words{"P1", "P2", "P3"};
    constexpr std::array levels{domain::priority::p1, domain::priority::p2, domain::priority::p3};
    auto const chosen = file.one_of("level", required, words);
    return levels.at(chosen.value_or(0));
}

// Whoever presses, and whatever burns, is not made to wait: only a fall has somebody to cancel it.
void take_countdown(strict_table& file, toml::table const& root, toml_problems& problems,
                    domain::plan& plan) {
    constexpr std::int64_t longest = 60;
    file.seconds("countdown_s", optional, 0, longest, plan.countdown);
    if (plan.countdown == domain::seconds{0} || plan.kind == domain::alert_kind::fall) return;
    problems.add(
        *root.get("countdown_s"),
        fmt::format("countdown_s is for a fall, whose wearer can cancel it; a {} would only "
                    "come later: remove it",
                    domain::to_text(plan.kind)));
}

void take_shown(strict_table& file, toml::table const& root, toml_problems& problems,
                domain::plan& plan) {
    file.seconds("shown_within_s", optional, 0, 60, plan.shown_within);
    if (plan.shown_within > domain::seconds{0} && plan.level != domain::priority::p1)
        problems.add(*root.get("shown_within_s"),
                     "shown_within_s is for P1, which goes up when no console shows it: remove it");
}

void take_locate(strict_table& file, toml::table const& root, toml_problems& problems,
                 domain::plan& plan) {
    constexpr std::int64_t soonest = 10; // as often as a watch can be set to tell it
    file.seconds("locate_every_s", optional, 0, an_hour, plan.locate_every);
    if (plan.locate_every == domain::seconds{0}) return;
    if (plan.kind != domain::alert_kind::fence)
        problems.add(*root.get("locate_every_s"),
                     "locate_every_s is for fence, whose wearer is sought: remove it");
    if (plan.locate_every < domain::seconds(soonest))
        problems.add(*root.get("locate_every_s"),
                     fmt::format("locate_every_s is {}; it must be 0 (off) or {} to {}",
                                 plan.locate_every.count(), soonest, an_hour));
}

// At 03:00 a human's telephone rings three minutes after the press at the latest (field-rules 4):
// the last rung is the one that rings until somebody takes it.
void check_ladder(domain::plan const& plan, toml::table const& root, toml_problems& problems) {
    if (plan.level != domain::priority::p1 || plan.answer.empty()) return;
    if (std::ranges::all_of(plan.answer, [](auto const& rung) { return rung.tell.has_value(); }))
        problems.add(*root.get("answer"), "no desk answers: add a rung with desk");
    auto before_last = plan.countdown;
    for (auto const& rung : plan.answer)
        before_last += rung.wait;
    before_last -= plan.answer.back().wait;
    if (before_last > domain::seconds(180))
        problems.add(*root.get("answer"),
                     fmt::format("a P1 alert reaches the last rung after {} s: shorten wait_s, the "
                                 "sum before the last rung, with the countdown, must not be over "
                                 "180",
                                 before_last.count()));
}

// Every *.toml in the folder, by name.
std::vector<std::filesystem::path> plan_files(std::filesystem::path const& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> found;
    for (auto const& each : std::filesystem::directory_iterator(folder, error))
        if (each.path().extension() == ".toml") found.push_back(each.path());
    if (error)
        throw file_error({fmt::format("{}: can't be read ({}); it must hold one TOML file for each "
                                      "kind of alert, see config/plans",
                                      folder.string(), error.message())});
    std::ranges::sort(found);
    return found;
}

using plans_by_kind = std::map<domain::alert_kind, plan_text>;

plans_by_kind load_folder(std::filesystem::path const& folder, std::vector<std::string>& problems) {
    plans_by_kind plans;
    for (auto const& file : plan_files(folder)) {
        try {
            auto read = load_plan(file);
            auto const kind = read.plan.kind;
            if (read.plan.own)
                problems.push_back(fmt::format("{}: [own] belongs to a resident's plan: move the "
                                               "file to {}",
                                               file.string(), (folder / "resident").string()));
            if (!plans.emplace(kind, std::move(read)).second)
                problems.push_back(fmt::format("{}: a second plan for {} in this folder: keep one",
                                               file.string(), domain::to_text(kind)));
        } catch (file_error const& error) {
            std::ranges::copy(error.problems(), std::back_inserter(problems));
        }
    }
    return plans;
}

struct plan_reading {
    domain::plan plan;
    std::vector<std::string> problems;
};

plan_reading read_plan(toml::table const& root, std::string_view text, std::string const& origin) {
    toml_problems problems(origin);
    domain::plan plan;
    plan.digest = digest_of(text);
    strict_table file(root, "", problems);
    file.word("kind", required, plan.kind);
    plan.level = take_level(file);
    take_countdown(file, root, problems, plan);
    plan.answer = take_answer(file, problems);
    check_ladder(plan, root, problems);
    file.seconds("claim_lease_s", optional, 10, 4 * an_hour, plan.claim_lease);
    take_shown(file, root, problems, plan);
    file.seconds("acknowledge_within_s", optional, 1, 600, plan.acknowledge_within);
    take_locate(file, root, problems, plan);
    file.seconds("burst_window_s", optional, 0, 60, plan.burst_window);
    file.seconds("handled_review_s", optional, 10, a_day, plan.handled_review);
    if (auto const* section = file.section("order", optional))
        plan.order = take_order(*section, plan.level, problems);
    plan.steps = take_steps(file, problems);
    plan.go = take_go(file, problems);
    plan.own = take_own(file, problems);
    file.finish();
    return {std::move(plan), std::move(problems).texts()};
}

} // namespace

domain::plan parse_plan(std::string_view text, std::string const& origin) {
    auto [plan, problems] = read_plan(parse_toml(text, origin), text, origin);
    if (!problems.empty()) throw file_error(std::move(problems));
    return std::move(plan);
}

// Rungs and steps keep their places, since what runs with them counts by these.
domain::plan read_snapshot(std::string_view text, std::string const& origin) {
    auto const root = parse_toml(text, origin);
    auto [plan, problems] = read_plan(root, text, origin);
    if (problems.empty()) return std::move(plan);
    auto const kind = root["kind"].value<std::string>();
    bool const is_known = kind && domain::from_text<domain::alert_kind>(*kind);
    if (!is_known || plan.answer.empty()) throw file_error(std::move(problems));
    plan.steps.resize(std::min(plan.steps.size(), domain::most_steps));
    runtime::log::warning("plan_partly_read", {{"plan", plan.digest},
                                               {"first_problem", problems.front()},
                                               {"problems", problems.size()}});
    return std::move(plan);
}

plan_text load_plan(std::filesystem::path const& file) {
    auto body = read_text(file, "copy it from config/plans");
    auto plan = parse_plan(body, file.string());
    return {std::move(plan), std::move(body)};
}

plans_by_kind load_plans(std::vector<std::filesystem::path> const& folders) {
    plans_by_kind plans;
    std::vector<std::string> problems;
    for (auto const& folder : folders)
        for (auto& [kind, plan] : load_folder(folder, problems))
            plans.insert_or_assign(kind, std::move(plan));
    // A broken file is told of already: that its kind is missing then is no news.
    if (problems.empty() && !folders.empty())
        for (auto const& [kind, name] : domain::names<domain::alert_kind>::table)
            if (!plans.contains(kind))
                problems.push_back(fmt::format("{}: no plan for {}: copy config/plans/{}.toml",
                                               folders.front().string(), name, name));
    if (!problems.empty()) throw file_error(std::move(problems));
    return plans;
}

namespace {

bool is_signed_twice(domain::own_plan const& own) {
    return std::ranges::any_of(own.signed_by,
                               [&](auto const& each) { return each != own.signed_by.front(); });
}

// What is wrong with a resident's own plan beside the ordinary one of its kind.
std::vector<std::string> problems_of(domain::plan const& own, domain::plan const& ordinary,
                                     std::string const& file) {
    if (!own.own)
        return {fmt::format("{}: [own] is missing: add it with resident = \"…\", or move the file "
                            "to the plans that are everybody's",
                            file)};
    auto const softer = softened(own, ordinary);
    if (softer.empty() || (is_signed_twice(*own.own) && own.own->until)) return {};
    return {fmt::format("{}: softer than the plan for {} in {}: add own.signed_by = [\"…\", \"…\"] "
                        "with two different operators and own.until, its last day, or make it no "
                        "softer",
                        file, domain::to_text(ordinary.kind), fmt::join(softer, ", "))};
}

} // namespace

std::vector<plan_text> load_own_plans(std::filesystem::path const& folder,
                                      plans_by_kind const& ordinary) {
    std::vector<plan_text> plans;
    std::vector<std::string> problems;
    if (!std::filesystem::exists(folder)) return plans;
    std::map<std::pair<domain::alert_kind, domain::resident_id>, std::string> seen;
    for (auto const& file : plan_files(folder)) {
        try {
            auto read = load_plan(file);
            auto const wrong =
                problems_of(read.plan, ordinary.at(read.plan.kind).plan, file.string());
            std::ranges::copy(wrong, std::back_inserter(problems));
            if (!read.plan.own) continue;
            auto const whose = std::pair(read.plan.kind, read.plan.own->resident);
            if (auto const [at, fresh] = seen.emplace(whose, file.string()); !fresh)
                problems.push_back(fmt::format("{}: {} has a plan for {} already, in {}: keep one",
                                               file.string(), whose.second.value,
                                               domain::to_text(whose.first), at->second));
            plans.push_back(std::move(read));
        } catch (file_error const& error) {
            std::ranges::copy(error.problems(), std::back_inserter(problems));
        }
    }
    if (!problems.empty()) throw file_error(std::move(problems));
    return plans;
}

} // namespace linli::files
