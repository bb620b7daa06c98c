// What help can't reach tonight: the rules, one small town each time.
#include "app/coverage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/city.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using app::gap_reason;
using app::mender_kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// 18:00 in China.
domain::instant const dusk = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 10h;
auto const today = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

// Area 310000 with station s1 by day and the city's desk round the clock; home h1, verified, its
// key tried; r1 with three contacts; w1 heard an hour ago; k1 round the clock with first aid;
// provider p1, which has replied. Nothing is missing.
app::coverage_picture a_town_without_gaps() {
    app::coverage_picture seen;
    seen.known.areas = {{{"310000"}, {}, {"city"}}, {{"310000s1"}, {"310000"}, {"s1"}}};
    seen.known.sites = {
        {{"city"}, domain::site_level::city, {}, {"310000"}, usual_place, 0, 1440},
        {{"s1"}, domain::site_level::station, {"city"}, {"310000s1"}, usual_place, 420, 1260}};
    seen.known.workers = {worker("k1").from("s1").certified("first_aid").row};
    seen.homes = {{{"h1"}, {"310000s1"}, usual_place, true, true, today - std::chrono::days(30)}};
    seen.residents = {{{"r1"}, {"h1"}, 3}};
    seen.devices = {{{"w1"}, {"310000s1"}, dusk - 1h}};
    seen.providers = {{{"p1"}, 1, 5, dusk - 24h}};
    return seen;
}

app::coverage_rules usual_rules() {
    app::coverage_rules rules;
    rules.city = {"310000"};
    rules.certificate = "first_aid";
    return rules;
}

std::vector<app::coverage_gap> gaps_of(app::coverage_picture const& seen) {
    return app::find_gaps(seen, usual_rules(), dusk).gaps;
}

// "few_contacts resident:r1 site s1", one a line.
std::vector<std::string> told(app::coverage_picture const& seen) {
    std::vector<std::string> lines;
    for (auto const& g : gaps_of(seen))
        lines.push_back(std::string(domain::to_text(g.why)) + ' ' + g.subject + ' ' +
                        std::string(domain::to_text(g.who.kind)) + ' ' + g.who.id);
    return lines;
}

TEST(coverage, says_nothing_of_a_town_where_help_reaches_everybody) {
    auto const report = app::find_gaps(a_town_without_gaps(), usual_rules(), dusk);
    EXPECT_THAT(report.gaps, IsEmpty());
    EXPECT_EQ(report.day, today);
    EXPECT_EQ(report.residents, 1);
    EXPECT_THAT(report.counts(), SizeIs(9));
}

TEST(coverage, the_day_is_the_local_one) {
    auto const late = domain::instant(today) + 17h; // 01:00 of the next day in China
    EXPECT_EQ(app::find_gaps(a_town_without_gaps(), usual_rules(), late).day,
              today + std::chrono::days(1));
}

struct one_gap {
    std::string what;
    void (*change)(app::coverage_picture&);
    std::vector<std::string> expected;
};

class coverage_rule : public testing::TestWithParam<one_gap> {};

TEST_P(coverage_rule, is_kept) {
    auto seen = a_town_without_gaps();
    GetParam().change(seen);
    EXPECT_EQ(told(seen), GetParam().expected) << GetParam().what;
}

domain::worker& k1(app::coverage_picture& seen) {
    return seen.known.workers[0];
}

INSTANTIATE_TEST_SUITE_P(
    coverage, coverage_rule,
    testing::Values(
        one_gap{"two contacts, but somebody near round the clock",
                [](auto& town) { town.residents[0].contacts = 2; },
                {}},
        one_gap{"nobody presses to prove the whole way",
                [](auto& town) { town.has_synthetic = false; },
                {"no_synthetic_resident area:310000 area_officer 310000"}},
        one_gap{"a complaint whose time ends now",
                [](auto& town) {
                    town.complaints.push_back({{}, {"310000s1"}, dusk});
                },
                {"complaint_overdue complaint:00000000-0000-0000-0000-000000000000 supervisor "
                 "310000s1"}},
        one_gap{"a complaint that still has time",
                [](auto& town) {
                    town.complaints.push_back({{}, {"310000s1"}, dusk + 1s});
                },
                {}},
        one_gap{"two contacts, and nobody near by night",
                [](auto& town) {
                    town.residents[0].contacts = 2;
                    k1(town).from_minute = 420;
                    k1(town).until_minute = 1140;
                },
                {"few_contacts resident:r1 site s1", "nobody_to_go area:310000s1 area_officer "
                                                     "310000s1"}},
        one_gap{"two contacts, and two shifts that meet",
                [](auto& town) {
                    town.residents[0].contacts = 2;
                    town.known.workers.push_back(k1(town));
                    town.known.workers[1].id = {"k2"};
                    k1(town).from_minute = town.known.workers[1].until_minute = 420;
                    k1(town).until_minute = town.known.workers[1].from_minute = 1140;
                },
                {}},
        one_gap{"the only one lives beyond reach",
                [](auto& town) { k1(town).place = north_of(usual_place, 3100); },
                {"nobody_to_go area:310000s1 area_officer 310000s1"}},
        one_gap{"just within reach",
                [](auto& town) { k1(town).place = north_of(usual_place, 2900); },
                {}},
        one_gap{"without the certificate",
                [](auto& town) { k1(town).certificates = {"repair"}; },
                {"nobody_to_go area:310000s1 area_officer 310000s1"}},
        one_gap{"his place isn't known: he is where his station is",
                [](auto& town) { k1(town).place.reset(); },
                {}},
        one_gap{"neither his place nor his station's, but it is his station",
                [](auto& town) {
                    k1(town).place.reset();
                    town.known.sites[1].place.reset();
                },
                {}},
        one_gap{"a home without a position is as far as its station",
                [](auto& town) {
                    town.homes[0].place.reset();
                    town.residents[0].contacts = 0;
                },
                {"no_position home:h1 site s1"}},
        one_gap{"nobody stood before the door",
                [](auto& town) { town.homes[0].address_verified = false; },
                {"address_unverified home:h1 site s1"}},
        one_gap{"no key",
                [](auto& town) { town.homes[0].key_held = false; },
                {"no_key home:h1 site s1"}},
        one_gap{"a key that nobody tried",
                [](auto& town) { town.homes[0].key_tested.reset(); },
                {"key_never_tested home:h1 site s1"}},
        one_gap{"a key tried a year ago",
                [](auto& town) { town.homes[0].key_tested = today - std::chrono::days(365); },
                {"key_test_too_old home:h1 site s1"}},
        one_gap{"a home that is empty by the registry, where somebody moves each day",
                [](auto& town) {
                    town.pauses = {{{"h1"}, {"310000s1"}, dusk - 2h, 3}};
                },
                {"paused_but_moving home:h1 site s1"}},
        one_gap{"somebody feeds the cat",
                [](auto& town) {
                    town.pauses = {{{"h1"}, {"310000s1"}, dusk - 2h, 2}};
                },
                {}},
        one_gap{"a month in hospital",
                [](auto& town) {
                    town.pauses = {{{"h1"}, {"310000s1"}, dusk - 30 * 24h - 1h, 0}};
                },
                {"paused_for_long home:h1 site s1"}},
        one_gap{"less than a month in hospital",
                [](auto& town) {
                    town.pauses = {{{"h1"}, {"310000s1"}, dusk - 30 * 24h, 0}};
                },
                {}},
        one_gap{"a key tried a day less than a year ago",
                [](auto& town) { town.homes[0].key_tested = today - std::chrono::days(364); },
                {}},
        one_gap{"an area that no site serves",
                [](auto& town) {
                    town.known.areas[0].served_by = town.known.areas[1].served_by = {};
                    town.homes[0].key_held = false;
                },
                {"no_key home:h1 area_officer 310000s1"}},
        one_gap{"no desk by night",
                [](auto& town) { town.known.sites[0].closes = 1320; },
                {"no_desk_open area:310000s1 area_officer 310000s1"}},
        one_gap{"the station answers when the city has closed",
                [](auto& town) {
                    town.known.sites[0].closes = 1320;
                    town.known.sites[1].opens = 1300;
                    town.known.sites[1].closes = 60;
                },
                {}},
        one_gap{"a device that was never heard of",
                [](auto& town) { town.devices[0].heard.reset(); },
                {"device_never_heard device:w1 site s1"}},
        one_gap{"a device that fell silent",
                [](auto& town) { town.devices[0].heard = dusk - 73h; },
                {"device_silent device:w1 site s1"}},
        one_gap{"a device at the edge", [](auto& town) { town.devices[0].heard = dusk - 72h; }, {}},
        one_gap{"a provider that nobody ever asked",
                [](auto& town) {
                    town.providers[0] = {{"p1"}, 1, 0, {}};
                },
                {"provider_never_tested provider:p1 provider p1"}},
        one_gap{"a provider that never answered",
                [](auto& town) { town.providers[0].replied.reset(); },
                {"provider_never_replied provider:p1 provider p1"}},
        one_gap{"a provider without workers is asked by nobody",
                [](auto& town) {
                    town.providers[0] = {{"p1"}, 0, 0, {}};
                },
                {}}),
    [](auto const& each) { return "case_" + std::to_string(each.index); });

// On duty from 07:00 to 19:00; it is 18:00.
TEST(coverage, hours_with_nobody_are_merged_into_ranges_of_the_coming_week) {
    auto seen = a_town_without_gaps();
    k1(seen).from_minute = 420;
    k1(seen).until_minute = 1140;
    auto const gaps = gaps_of(seen);
    ASSERT_THAT(gaps, SizeIs(1));
    ASSERT_THAT(gaps[0].hours, SizeIs(7));
    EXPECT_EQ(gaps[0].hours[0], (app::time_range{dusk + 1h, dusk + 13h}));
    EXPECT_EQ(gaps[0].hours[6], (app::time_range{dusk + 145h, dusk + 157h}));
}

TEST(coverage, a_range_begins_now_and_ends_with_the_week) {
    auto seen = a_town_without_gaps();
    seen.known.workers.clear();
    EXPECT_THAT(gaps_of(seen)[0].hours,
                ElementsAre(app::time_range{dusk, dusk + std::chrono::days(7)}));
}

TEST(coverage, gaps_come_by_kind_then_by_area) {
    auto seen = a_town_without_gaps();
    seen.homes.push_back({{"h0"}, {"310000"}, usual_place, false, false, {}});
    seen.homes[0].address_verified = false;
    EXPECT_THAT(told(seen),
                ElementsAre("address_unverified home:h0 site city",
                            "address_unverified home:h1 site s1", "no_key home:h0 site city"));
}

} // namespace
} // namespace linli::tests
