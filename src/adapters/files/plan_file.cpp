#include "adapters/files/plan_file.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>

#include "adapters/files/strict_toml.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;
constexpr auto required = presence::required;
constexpr auto optional = presence::optional;

constexpr std::int64_t an_hour = 3600;
constexpr std::int64_t a_day = 86400;

std::vector<domain::answer_rung> take_answer(strict_table& file, toml_problems& problems) {
    std::vector<domain::answer_rung> rungs;
    for (auto const* each : file.sections("answer", required)) {
        domain::answer_rung rung;
        strict_table keys(*each, "answer", problems);
        keys.word("desk", required, rung.desk);
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

domain::order_plan take_order(toml::table const& section, toml_problems& problems) {
    domain::order_plan order;
    strict_table keys(section, "order", problems);
    keys.text("service", required, order.service.value);
    keys.text("certificate", optional, order.certificate);
    take_responders(keys, section, problems, order);
    keys.word("offer", optional, order.when); // left out: now, the safe side
    keys.seconds("cleared_window_s", optional, 1, 600, order.cleared_window);
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

// At 03:00 a human's telephone rings three minutes after the press at the latest (field-rules 4):
// the last rung is the one that rings until somebody takes it.
void check_ladder(domain::plan const& plan, toml::table const& root, toml_problems& problems) {
    if (plan.level != domain::priority::p1 || plan.answer.empty()) return;
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
            if (!plans.emplace(kind, std::move(read)).second)
                problems.push_back(fmt::format("{}: a second plan for {} in this folder: keep one",
                                               file.string(), domain::to_text(kind)));
        } catch (file_error const& error) {
            std::ranges::copy(error.problems(), std::back_inserter(problems));
        }
    }
    return plans;
}

} // namespace

domain::plan parse_plan(std::string_view text, std::string const& origin) {
    auto const root = parse_toml(text, origin);
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
    file.seconds("acknowledge_within_s", optional, 1, 600, plan.acknowledge_within);
    file.seconds("burst_window_s", optional, 0, 60, plan.burst_window);
    file.seconds("handled_review_s", optional, 10, a_day, plan.handled_review);
    if (auto const* section = file.section("order", optional))
        plan.order = take_order(*section, problems);
    file.finish();
    auto texts = std::move(problems).texts();
    if (!texts.empty()) throw file_error(std::move(texts));
    return plan;
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

} // namespace linli::files
