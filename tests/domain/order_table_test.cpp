// Every state against every reply and event: what it becomes, or "!" and why it is refused.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

std::string outcome_of(order_story const& s, order_event const& event, instant now) {
    auto const outcome = decide(s.is, s.offers, event, s.with, now);
    return outcome ? std::string(to_text(outcome->next.state))
                   : '!' + std::string(to_text(outcome.error()));
}

// By Wang, who holds the order or to whom it was offered last, in the order of reply_kind:
// accept, decline, en_route, arrived, no_access, started, completed, failed, stood_down, assign
// (which names nobody). A step
// that lies behind, said again or late, changes nothing and is no mistake.
std::map<order_state, std::array<char const*, 10>> const replies{
    {order_state::offered,
     {"accepted", "requested", "!out_of_turn", "!out_of_turn", "!out_of_turn", "!out_of_turn",
      "!out_of_turn", "!out_of_turn", "!out_of_turn", "!out_of_turn"}},
    {order_state::accepted,
     {"accepted", "requested", "en_route", "arrived", "no_access", "!out_of_turn", "!out_of_turn",
      "requested", "!out_of_turn", "!needs_reason"}},
    {order_state::en_route,
     {"en_route", "requested", "en_route", "arrived", "no_access", "!out_of_turn", "!out_of_turn",
      "requested", "!out_of_turn", "!out_of_turn"}},
    {order_state::arrived,
     {"arrived", "!out_of_turn", "arrived", "arrived", "no_access", "in_service", "completed",
      "failed", "!out_of_turn", "!out_of_turn"}},
    {order_state::in_service,
     {"in_service", "!out_of_turn", "in_service", "in_service", "in_service", "in_service",
      "completed", "failed", "!out_of_turn", "!out_of_turn"}},
    {order_state::no_access,
     {"no_access", "requested", "no_access", "no_access", "no_access", "in_service", "completed",
      "failed", "!out_of_turn", "!out_of_turn"}},
    {order_state::completed,
     {"completed", "!out_of_turn", "completed", "completed", "completed", "completed", "completed",
      "!out_of_turn", "!out_of_turn", "!out_of_turn"}},
    {order_state::stood_down,
     {"stood_down", "!out_of_turn", "!out_of_turn", "!out_of_turn", "!out_of_turn", "!out_of_turn",
      "!out_of_turn", "!out_of_turn", "stood_down", "!out_of_turn"}},
};

bool has_ended(order_state s) {
    return s == order_state::followed_up || s == order_state::cancelled || s == order_state::failed;
}

// Nobody holds it and nobody was asked: there is no offer to reply to.
bool was_never_offered(order_state s) {
    return s == order_state::requested || s == order_state::unfilled;
}

struct row {
    char const* name;
    order_event event;
    std::map<order_state, char const*> becomes; // any other open state: "!out_of_turn"
    bool when_due = false;
};

std::vector<row> events() {
    using enum order_state;
    return {
        {"found", search_found({"chen"}, 50), {{requested, "offered"}, {unfilled, "offered"}}},
        {"found nobody", search_result{}, {{requested, "unfilled"}, {unfilled, "unfilled"}}},
        {"cancel",
         cancel{{}, "false_alarm"},
         {{requested, "cancelled"},
          {offered, "cancelled"},
          {unfilled, "cancelled"},
          {accepted, "stood_down"},
          {en_route, "stood_down"},
          {no_access, "stood_down"}}},
        {"offer to Chen",
         chosen_by_li("chen"),
         {{requested, "offered"},
          {offered, "offered"},
          {unfilled, "offered"},
          {accepted, "!taken"},
          {en_route, "!taken"},
          {arrived, "!taken"},
          {in_service, "!taken"},
          {no_access, "!taken"}}},
        {"offer to a stranger",
         offer_to{{"li"}, {"nobody"}},
         {{requested, "!unknown"},
          {offered, "!unknown"},
          {unfilled, "!unknown"},
          {accepted, "!taken"},
          {en_route, "!taken"},
          {arrived, "!taken"},
          {in_service, "!taken"},
          {no_access, "!taken"}}},
        {"follow up", follow_up{{"li"}, 5, {}}, {{completed, "followed_up"}}},
        {"rung back", rung_back{{"li"}, {}}, {}},
        {"due",
         order_time_passed{},
         {{requested, "requested"},
          {offered, "requested"},
          {accepted, "requested"},
          {en_route, "requested"},
          {arrived, "arrived"},
          {in_service, "in_service"},
          {completed, "completed"},
          {no_access, "no_access"},
          {unfilled, "unfilled"},
          {stood_down, "stood_down"}},
         true},
    };
}

} // namespace

TEST(order_table, every_state_against_every_reply_of_the_worker) {
    for (auto const& [state, name] : names<order_state>::table) {
        if (was_never_offered(state)) continue;
        auto const s = order_story::in(state);
        ASSERT_EQ(s.is.state, state);
        for (std::size_t i = 0; i < names<reply_kind>::table.size(); ++i) {
            auto const said = s.says("wang", names<reply_kind>::table[i].first);
            EXPECT_EQ(outcome_of(s, said, s.now),
                      has_ended(state) ? "!closed" : replies.at(state)[i])
                << to_text(said.kind) << " on " << name;
        }
    }
}

TEST(order_table, every_state_against_every_event_of_the_house) {
    for (auto const& row : events())
        for (auto const& [state, name] : names<order_state>::table) {
            auto const s = order_story::in(state);
            auto const at = row.becomes.find(state);
            auto const expected = has_ended(state)          ? "!closed"
                                  : at == row.becomes.end() ? "!out_of_turn"
                                                            : at->second;
            auto const now = row.when_due ? s.is.due_at.value_or(s.now) : s.now;
            EXPECT_EQ(outcome_of(s, row.event, now), expected) << row.name << " on " << name;
        }
}

// Only where the plan asks for it; everything before it goes on without.
TEST(order_table, an_installation_is_completed_only_when_a_desk_has_heard_the_device) {
    using enum order_state;
    for (auto const state : {arrived, in_service, no_access}) {
        auto s = order_story::in(state);
        s.with.needs_live_press = true;
        auto said = s.says("wang", reply_kind::completed);
        EXPECT_EQ(outcome_of(s, said, s.now), "!untested") << to_text(state);
        said.facts.live_press = true;
        EXPECT_EQ(outcome_of(s, said, s.now), "completed") << to_text(state);
    }
    auto s = order_story::in(accepted);
    s.with.needs_live_press = true;
    EXPECT_EQ(outcome_of(s, s.says("wang", reply_kind::arrived), s.now), "arrived");
    EXPECT_EQ(outcome_of(s, s.says("wang", reply_kind::completed), s.now), "!out_of_turn");
}

TEST(order_table, looking_too_early_changes_nothing) {
    for (auto const& [state, name] : names<order_state>::table) {
        auto const s = order_story::in(state);
        if (!s.is.due_at) continue;
        auto const early =
            decide(s.is, s.offers, order_time_passed{}, s.with, *s.is.due_at - duration(1));
        ASSERT_TRUE(early);
        EXPECT_EQ(early->next, s.is) << name;
        EXPECT_TRUE(early->log.empty() && early->offers.empty()) << name;
        EXPECT_FALSE(early->search) << name;
    }
}

TEST(order_table, what_each_state_means_for_the_door) {
    using enum order_state;
    std::map<order_state, std::string> const table{
        {requested, "open coming"},
        {offered, "open coming"},
        {accepted, "open coming visit"},
        {en_route, "open coming visit"},
        {arrived, "open visit"},
        {in_service, "open visit"},
        {completed, "open"},
        {followed_up, ""},
        {no_access, "open coming visit"},
        {unfilled, "open coming"},
        {stood_down, "open"},
        {cancelled, ""},
        {failed, ""},
    };
    for (auto const& [state, name] : names<order_state>::table) {
        auto const o = order_story::in(state).is;
        std::string is = is_open(o) ? "open" : "";
        if (is_before_arrival(state)) is += " coming";
        if (is_on_visit(state)) is += " visit";
        EXPECT_EQ(is, table.at(state)) << name;
    }
}

} // namespace linli::tests
