// Every state against every event, on one page: what it becomes, or "!" and why it is refused.
#include <string>

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

operator_id const li{"li"};
operator_id const zhao{"zhao"};

// "ringing": claimed by Li, and a new press rings him.
alert_story in(std::string const& state) {
    if (state == "pending") return alert_story(fall_plan());
    alert_story s;
    if (state == "raised") return s;
    s.happens(claim{li});
    s.later(seconds(60));
    if (state == "ringing") s.press();
    if (state == "handled") s.happens(handle{li});
    if (state == "closed") s.happens(close{li, disposition::helped, {}});
    return s;
}

std::string became(alert const& a) {
    if (a.state == alert_state::claimed && a.acknowledge_by) return "ringing";
    return std::string(to_text(a.state));
}

std::string after(alert_story const& s, alert_event const& event, bool when_due) {
    auto const outcome =
        decide(s.is, event, s.with, s.on_duty, when_due ? s.is.due_at.value_or(s.now) : s.now);
    return outcome ? became(outcome->next) : '!' + std::string(to_text(outcome.error()));
}

struct row {
    char const* name;
    alert_event event;
    std::array<char const*, 6> becomes; // by the states below
    bool when_due = false;
};

constexpr std::array<char const*, 6> states{"pending", "raised",  "claimed",
                                            "ringing", "handled", "closed"};

// What comes from outside.
std::vector<row> table_of_signals() {
    auto const lesser = plan_of(alert_kind::bed, priority::p2);
    return {
        {"press",
         signal_joined{{"w1:1:3"}, {"w1"}, alert_kind::sos, sos_plan()},
         {"raised", "raised", "ringing", "ringing", "raised", "!closed"}},
        {"fall again",
         signal_joined{{"w1:1:3"}, {"w1"}, alert_kind::fall, fall_plan()},
         {"pending", "raised", "ringing", "ringing", "raised", "!closed"}},
        {"fall confirmed",
         signal_joined{{"w1:1:3"}, {"w1"}, alert_kind::fall, fall_plan(), true},
         {"raised", "raised", "ringing", "ringing", "raised", "!closed"}},
        {"fall by a second device",
         signal_joined{{"w2:1:3"}, {"w2"}, alert_kind::fall, fall_plan()},
         {"raised", "raised", "ringing", "ringing", "raised", "!closed"}},
        {"cancel by the wearer",
         cancelled_by_device{{"w1:1:9"}},
         {"closed", "raised", "claimed", "ringing", "handled", "!closed"}},
        {"cancel by another device",
         cancelled_by_device{{"w2:1:9"}},
         {"pending", "raised", "claimed", "ringing", "handled", "!closed"}},
        {"lesser signal",
         signal_joined{{"b1:1:3"}, {"b1"}, alert_kind::bed, lesser},
         {"pending", "raised", "claimed", "ringing", "handled", "!closed"}},
        {"cleared",
         cleared_by_device{{"w1:1:3"}},
         {"pending", "raised", "claimed", "ringing", "handled", "!closed"}},
    };
}

// What the desk does.
std::vector<row> table_of_deeds() {
    return {
        {"claim by Li",
         claim{li},
         {"claimed", "claimed", "claimed", "claimed", "claimed", "!closed"}},
        {"claim by Zhao",
         claim{zhao},
         {"claimed", "claimed", "!held", "!held", "claimed", "!closed"}},
        {"claim by nobody",
         claim{},
         {"!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason",
          "!closed"}},
        {"take over by Li",
         take_over{li, "he has gone home"},
         {"claimed", "claimed", "claimed", "claimed", "claimed", "!closed"}},
        {"take over by Zhao",
         take_over{zhao, "he has gone home"},
         {"claimed", "claimed", "claimed", "claimed", "claimed", "!closed"}},
        {"take over without a reason",
         take_over{zhao, ""},
         {"!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason",
          "!closed"}},
        {"take over by nobody",
         take_over{{}, "he has gone home"},
         {"!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason",
          "!closed"}},
        {"release by Li",
         release{li},
         {"!out_of_turn", "!out_of_turn", "raised", "raised", "!out_of_turn", "!closed"}},
        {"release by Zhao",
         release{zhao},
         {"!out_of_turn", "!out_of_turn", "!not_yours", "!not_yours", "!out_of_turn", "!closed"}},
        {"note",
         note{li, "breathing"},
         {"pending", "raised", "claimed", "ringing", "handled", "!closed"}},
        {"empty note",
         note{li, ""},
         {"!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason",
          "!closed"}},
        {"handle by Li",
         handle{li},
         {"!out_of_turn", "!out_of_turn", "handled", "!out_of_turn", "!out_of_turn", "!closed"}},
        {"handle by Zhao",
         handle{zhao},
         {"!out_of_turn", "!out_of_turn", "!not_yours", "!not_yours", "!out_of_turn", "!closed"}},
        {"close by Li",
         close{li, disposition::helped, {}},
         {"!out_of_turn", "!out_of_turn", "closed", "!out_of_turn", "closed", "!closed"}},
        {"close by Li for the wearer",
         close{li, disposition::cancelled_by_wearer, {}},
         {"!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason",
          "!closed"}},
        {"close by Zhao",
         close{zhao, disposition::helped, {}},
         {"!out_of_turn", "!out_of_turn", "!not_yours", "!not_yours", "!not_yours", "!closed"}},
    };
}

// What the house itself notices.
std::vector<row> table_of_the_house() {
    return {
        {"nobody to go",
         nobody_to_go{{}, "unfilled"},
         {"pending", "raised", "ringing", "ringing", "raised", "!closed"}},
        {"shown to Li",
         shown{li},
         {"pending", "raised", "claimed", "ringing", "handled", "!closed"}},
        {"shown to nobody",
         shown{},
         {"!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason", "!needs_reason",
          "!closed"}},
        {"too early",
         time_passed{},
         {"pending", "raised", "claimed", "ringing", "handled", "!closed"}},
        {"due", time_passed{}, {"raised", "raised", "raised", "raised", "raised", "!closed"}, true},
    };
}

} // namespace

TEST(alert_table, every_state_against_every_event) {
    for (auto const& table : {table_of_signals(), table_of_deeds(), table_of_the_house()})
        for (auto const& row : table)
            for (std::size_t i = 0; i < states.size(); ++i)
                EXPECT_EQ(after(in(states[i]), row.event, row.when_due), row.becomes[i])
                    << row.name << " on " << states[i];
}

TEST(alert_table, what_is_refused_or_too_early_leaves_the_alert_as_it_was) {
    for (auto const* state : states) {
        auto const s = in(state);
        auto const outcome = decide(s.is, time_passed{}, s.with, s.on_duty, s.now);
        if (!outcome) continue;
        EXPECT_EQ(outcome->next, s.is) << state;
        EXPECT_TRUE(outcome->log.empty()) << state;
    }
}

} // namespace linli::tests
