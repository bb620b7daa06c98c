// Whose work is what, as a civil-affairs bureau would judge it.
#include "domain/right.hpp"

#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/sheet.hpp"

namespace linli::tests {

namespace {

using domain::right;
using domain::role;
using testing::ElementsAre;
using enum domain::right;

using rights = std::set<right>;

rights with(rights some, rights const& more) {
    some.insert(more.begin(), more.end());
    return some;
}

rights const desk_work{see_queue, see_card, reveal, claim,    dispatch,  follow_up,
                       drill,     install,  book,   complain, see_proofs};

std::map<role, rights> const expected{
    {role::operator_, desk_work},
    {role::shift_leader,
     with(desk_work, {take_over, see_restricted, see_evidence, see_reports, answer_complaint})},
    {role::station,
     with(desk_work, {see_registry, change_registry, see_plans, hand_out, ask_erasure})},
    {role::quality,
     {see_queue, see_card, reveal, follow_up, see_evidence, see_reports, complain, answer_complaint,
      see_proofs}},
    {role::city_supervisor,
     {see_queue, see_evidence, see_registry, see_plans, see_reports, complain, answer_complaint,
      see_proofs}},
    {role::area_officer,
     {see_queue, see_registry, change_registry, see_plans, see_reports, complain, ask_erasure}},
    {role::provider_manager,
     {see_own_offers, reply_own, name_worker, see_registry, change_registry}},
    {role::worker, {see_own_offers, reply_own, go}},
    {role::installer, {install, see_registry, change_registry, see_plans}},
    {role::administrator,
     {see_registry, change_registry, see_plans, change_users, ask_erasure, confirm_erasure}},
    {role::audit_officer,
     {see_evidence, see_registry, see_plans, see_reports, see_access_log, see_proofs, hand_out,
      ask_erasure, confirm_erasure}},
};

std::set<std::string> who_may(right what) {
    std::set<std::string> all;
    for (auto const& [who, name] : domain::names<role>::table)
        if (domain::may(who, what)) all.emplace(name);
    return all;
}

} // namespace

TEST(right, each_role_may_what_its_work_needs_and_nothing_else) {
    for (auto const& [who, name] : domain::names<role>::table) {
        ASSERT_TRUE(expected.contains(who)) << name;
        for (auto const& [what, word] : domain::names<right>::table)
            EXPECT_EQ(domain::may(who, what), expected.at(who).contains(what))
                << name << ' ' << word;
    }
}

TEST(right, a_telephone_is_shown_to_who_helps_the_resident_or_asks_whether_help_came) {
    EXPECT_THAT(who_may(reveal), ElementsAre("operator", "quality", "shift_leader", "station"));
    EXPECT_THAT(who_may(see_restricted), ElementsAre("shift_leader"));
}

TEST(right, nobody_who_keeps_the_accounts_sees_a_resident_at_the_desk) {
    for (auto const& [who, name] : domain::names<role>::table)
        if (domain::may(who, change_users)) {
            EXPECT_FALSE(domain::may(who, see_card)) << name;
            EXPECT_FALSE(domain::may(who, reveal)) << name;
        }
}

TEST(right, who_commands_an_alert_sees_its_card_and_the_queue) {
    for (auto const& [who, name] : domain::names<role>::table)
        for (auto const what : {claim, take_over, dispatch})
            if (domain::may(who, what)) {
                EXPECT_TRUE(domain::may(who, see_card)) << name;
                EXPECT_TRUE(domain::may(who, see_queue)) << name;
            }
}

TEST(right, a_complaint_is_answered_by_who_supervises) {
    EXPECT_THAT(who_may(answer_complaint),
                ElementsAre("city_supervisor", "quality", "shift_leader"));
    for (auto const& [who, name] : domain::names<role>::table)
        if (domain::may(who, answer_complaint)) {
            EXPECT_TRUE(domain::may(who, complain)) << name;
        }
}

TEST(right, a_companys_manager_has_its_rows_of_the_registry_and_no_resident) {
    EXPECT_THAT(who_may(name_worker), ElementsAre("provider_manager"));
    for (auto const& [which, name] : domain::names<domain::sheet>::table) {
        bool const is_the_companys =
            which == domain::sheet::providers || which == domain::sheet::workers;
        EXPECT_EQ(domain::may_see(role::provider_manager, which), is_the_companys) << name;
        EXPECT_EQ(domain::may_change(role::provider_manager, which), is_the_companys) << name;
        EXPECT_FALSE(domain::may_add(role::provider_manager, which))
            << name << ": the bureau vets whoever goes to somebody's home";
        EXPECT_EQ(domain::may_add(role::administrator, which), true) << name;
    }
}

TEST(right, a_role_or_right_that_is_none_may_nothing) {
    EXPECT_FALSE(domain::may(static_cast<role>(11), see_queue));
    EXPECT_FALSE(domain::may(static_cast<role>(255), see_queue));
    EXPECT_FALSE(domain::may(role::operator_, static_cast<right>(25)));
}

} // namespace linli::tests
