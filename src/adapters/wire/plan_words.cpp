#include "adapters/wire/plan_words.hpp"

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/office.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_id = 100;
constexpr std::size_t longest_plan = 100'000;

std::string word(auto value) {
    return std::string(to_text(value));
}

void write_step(app::dry_run_step const& step, v1::DryRunStep& into) {
    into.set_after_s(static_cast<std::uint32_t>(step.after.count()));
    into.set_what(step.what);
    into.set_whom(shown_text(step.whom));
    for (auto const& each : step.who)
        into.add_who(shown_text(each));
    into.set_say(shown_text(step.say));
    into.set_note(shown_text(step.note));
    for (auto const& each : step.candidates) {
        auto& one = *into.add_candidates();
        one.set_worker(shown_text(each.id.value));
        one.set_provider(shown_text(each.provider.value));
        one.set_why(word(each.why));
        one.set_distance_m(each.distance_m);
    }
}

} // namespace

std::string encode_plans(std::vector<app::plan_book::page> const& pages) {
    v1::Plans message;
    for (auto const& each : pages) {
        auto& into = *message.add_plans();
        into.set_kind(word(each.what.kind));
        if (each.what.own) into.set_resident(shown_text(each.what.own->resident.value));
        into.set_digest(each.what.digest);
        into.set_text(clean_text(each.body, longest_plan));
    }
    return bytes_of(message, form::json);
}

std::optional<dry_run_call> read_dry_run(std::string_view json) {
    auto const message = read_body<v1::DryRun>(json);
    if (!message) return std::nullopt;
    dry_run_call said;
    said.kind = clean_text(message->kind(), longest_id);
    said.resident = clean_text(message->resident(), longest_id);
    said.home = clean_text(message->home(), longest_id);
    if (message->has_at()) said.at = read_instant(message->at());
    return said;
}

std::string encode_dry_run(app::dry_run const& what) {
    v1::DryRunResult message;
    message.set_level(static_cast<std::uint32_t>(what.level));
    message.set_plan(what.plan);
    for (auto const& each : what.steps)
        write_step(each, *message.add_steps());
    for (auto const& each : what.gaps)
        message.add_gaps(each);
    return bytes_of(message, form::json);
}

} // namespace linli::wire
