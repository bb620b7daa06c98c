// Plans and the catalogue as a shift leader writes them: what is right is taken as it stands, what
// is wrong is told all at once, with its line and what to do.
#include "adapters/files/plan_file.hpp"

#include <cstdlib>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/service_file.hpp"
#include "support/places.hpp"

namespace linli::files {
namespace {

using domain::alert_kind;
using domain::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::filesystem::path const config = tests::shipped_config();

std::vector<std::string> problems_of(std::string const& text) {
    try {
        parse_plan(text, "sos.toml");
        return {};
    } catch (file_error const& error) {
        return error.problems();
    }
}

constexpr auto smallest = R"(kind = "sos"
level = "P1"
[[answer]]
desk = "city"
wait_s = 60
)";

TEST(a_plan, is_read_as_it_is_written) {
    auto const plan = load_plan(config / "plans" / "sos.toml").plan;
    EXPECT_EQ(plan.kind, alert_kind::sos);
    EXPECT_EQ(plan.level, domain::priority::p1);
    ASSERT_THAT(plan.answer, SizeIs(5));
    EXPECT_EQ(plan.answer[1], (domain::answer_rung{domain::site_level::centre, seconds(30)}));
    EXPECT_EQ(plan.answer[2].tell, domain::audience::shift_leader);
    EXPECT_EQ(plan.answer[4].tell, domain::audience::duty_phone);
    ASSERT_THAT(plan.steps, SizeIs(4));
    EXPECT_EQ(plan.steps[2], (domain::plan_step{.after = seconds(60),
                                                .tell = domain::audience::contacts,
                                                .unless = domain::step_unless::claimed}));
    EXPECT_EQ(plan.steps[3].asks, domain::ask::dial_120);
    EXPECT_THAT(plan.steps[3].say, HasSubstr("救护车"));
    ASSERT_THAT(plan.go, SizeIs(5));
    EXPECT_EQ(plan.go[0].call, domain::ask::property_guard);
    EXPECT_EQ(plan.go[3].when, domain::go_trouble::no_access);
    ASSERT_TRUE(plan.order);
    EXPECT_EQ(plan.order->when, domain::offer_when::unless_cleared);
    EXPECT_EQ(plan.order->cleared_window, seconds(60));
    EXPECT_EQ(plan.order->certificate, "first_aid");
    EXPECT_EQ(plan.order->set_out_within, seconds(180));
}

TEST(a_plan, has_a_digest_of_its_text) {
    auto const one = parse_plan(smallest, "a");
    EXPECT_THAT(one.digest, SizeIs(32));
    EXPECT_EQ(one, parse_plan(smallest, "b"));
    EXPECT_NE(one.digest, parse_plan(std::string(smallest) + "# changed\n", "a").digest);
}

TEST(a_plan, without_an_order_brings_none) {
    EXPECT_FALSE(parse_plan(smallest, "a").order);
}

TEST(a_plan, with_mistakes_hears_of_all_at_once_with_their_lines) {
    auto const problems = problems_of(R"(kind = "soss"
level = "P4"
claim_lease = 900
burst_window_s = 99
[[answer]]
desk = "centre"
wait_s = "30"
[order]
service = "emergency_attendance"
offer = "unless cleared"
offers_at_once = 0
certifcate = "first_aid"
)");
    EXPECT_THAT(
        problems,
        ElementsAre(
            AllOf(HasSubstr("sos.toml:1: kind"), HasSubstr("did you mean \"sos\"?")),
            AllOf(HasSubstr("sos.toml:2: level"), HasSubstr("P1, P2, P3")),
            AllOf(HasSubstr("sos.toml:3: unknown key claim_lease"),
                  HasSubstr("did you mean claim_lease_s?")),
            AllOf(HasSubstr("sos.toml:4: burst_window_s is 99"), HasSubstr("0 to 60")),
            AllOf(HasSubstr("sos.toml:7: answer.wait_s is \"30\""), HasSubstr("1 to 180")),
            AllOf(HasSubstr("sos.toml:10: order.offer"), HasSubstr("\"unless_cleared\"?")),
            AllOf(HasSubstr("sos.toml:11: order.offers_at_once is 0"), HasSubstr("1 to 20")),
            AllOf(HasSubstr("sos.toml:12: unknown key order.certifcate"),
                  HasSubstr("did you mean order.certificate?"))));
}

TEST(a_plan, needs_a_kind_a_level_and_somebody_who_answers) {
    EXPECT_THAT(problems_of(""),
                ElementsAre(HasSubstr("kind is missing"), HasSubstr("level is missing"),
                            HasSubstr("answer is missing")));
    EXPECT_THAT(problems_of("kind = [\n"), ElementsAre(HasSubstr("not TOML")));
    EXPECT_THAT(problems_of("kind = \"sos\"\nlevel = \"P1\"\nanswer = []\n"),
                ElementsAre(HasSubstr("[[answer]]")));
}

TEST(a_plan, for_an_emergency_rings_a_human_within_three_minutes) {
    auto const slow = std::string("kind = \"fall\"\nlevel = \"P1\"\n") +
                      "[[answer]]\ndesk = \"station\"\nwait_s = 100\n"
                      "[[answer]]\ndesk = \"centre\"\nwait_s = 100\n"
                      "[[answer]]\ndesk = \"city\"\nwait_s = 60\n";
    EXPECT_THAT(problems_of(slow), ElementsAre(HasSubstr("200 s")));
}

TEST(a_plan, may_ask_that_a_console_shows_an_emergency_in_time) {
    auto const with = [](std::string const& level, std::string const& within) {
        return "kind = \"sos\"\nlevel = \"" + level + "\"\nshown_within_s = " + within +
               "\n[[answer]]\ndesk = \"city\"\nwait_s = 60\n";
    };
    EXPECT_EQ(parse_plan(smallest, "a").shown_within, seconds(0)) << "left out: off";
    EXPECT_EQ(load_plan(config / "plans" / "sos.toml").plan.shown_within, seconds(0));
    EXPECT_EQ(parse_plan(with("P1", "10"), "a").shown_within, seconds(10));
    EXPECT_THAT(problems_of(with("P1", "61")), ElementsAre(HasSubstr("0 to 60")));
    EXPECT_THAT(problems_of(with("P2", "10")), ElementsAre(HasSubstr("remove it")));
}

TEST(a_plan, may_ask_a_wanderers_watch_where_it_is_again_and_again) {
    auto const with = [](std::string const& kind, std::string const& every) {
        return "kind = \"" + kind + "\"\nlevel = \"P2\"\nlocate_every_s = " + every +
               "\n[[answer]]\ndesk = \"city\"\nwait_s = 60\n";
    };
    EXPECT_EQ(load_plan(config / "plans" / "fence.toml").plan.locate_every, seconds(0));
    EXPECT_EQ(parse_plan(with("fence", "0"), "a").locate_every, seconds(0));
    EXPECT_EQ(parse_plan(with("fence", "60"), "a").locate_every, seconds(60));
    EXPECT_THAT(problems_of(with("fence", "9")), ElementsAre(HasSubstr("10 to 3600")));
    EXPECT_THAT(problems_of(with("fence", "3601")), ElementsAre(HasSubstr("0 to 3600")));
    EXPECT_THAT(problems_of(with("bed", "60")), ElementsAre(HasSubstr("remove it")));
}

TEST(a_plan, for_a_fall_counts_down_before_it_is_raised) {
    auto const fall = load_plan(config / "plans" / "fall.toml").plan;
    EXPECT_EQ(fall.countdown, seconds(30));
    EXPECT_EQ(parse_plan(smallest, "a").countdown, seconds(0)) << "left out: raised at once";
}

std::string fall_with(std::string const& countdown) {
    return "kind = \"fall\"\nlevel = \"P1\"\n" + countdown +
           "\n[[answer]]\ndesk = \"station\"\nwait_s = 150\n"
           "[[answer]]\ndesk = \"city\"\nwait_s = 60\n";
}

TEST(a_plan, with_a_wrong_countdown_is_refused) {
    EXPECT_THAT(problems_of(fall_with("countdown_s = 0")), testing::IsEmpty());
    EXPECT_THAT(problems_of(fall_with("countdown_s = 30")), testing::IsEmpty());
    EXPECT_THAT(
        problems_of(fall_with("countdown_s = 61")),
        ElementsAre(AllOf(HasSubstr("sos.toml:3: countdown_s is 61"), HasSubstr("0 to 60"))));
    EXPECT_THAT(problems_of(fall_with("countdown_s = -1")), SizeIs(1));
    EXPECT_THAT(problems_of(fall_with("countdown_s = \"30\"")), SizeIs(1));
    EXPECT_THAT(problems_of(fall_with("countdown_s = 31")),
                ElementsAre(AllOf(HasSubstr("181 s"), HasSubstr("with the countdown"))));
    EXPECT_THAT(problems_of("countdown_s = 5\n" + std::string(smallest)),
                ElementsAre(AllOf(HasSubstr("sos.toml:1: countdown_s"), HasSubstr("remove it"))));
}

TEST(a_plan, has_steps_with_hours_over_midnight) {
    auto const plan = parse_plan(std::string(smallest) + R"([[step]]
after_s = 0
tell = "alarm_hook"
from = "22:30"
until = "07:00"
[[step]]
after_s = 30
ring_back = true
)",
                                 "a");
    ASSERT_THAT(plan.steps, SizeIs(2));
    EXPECT_EQ(plan.steps[0].from_minute, 1350);
    EXPECT_EQ(plan.steps[0].until_minute, 420);
    EXPECT_EQ(plan.steps[1].asks, domain::ask::ring_back);
    EXPECT_EQ(plan.steps[1].until_minute, 1440);
}

TEST(a_plan, with_wrong_steps_hears_what_is_wrong_with_each) {
    EXPECT_THAT(
        problems_of(std::string(smallest) + R"([[answer]]
tell = "contacts"
wait_s = 10
[[answer]]
desk = "city"
tell = "duty_phone"
wait_s = 10
[[step]]
tell = "contact"
[[step]]
after_s = 10
[[step]]
after_s = 10
ask_dial = "121"
[[step]]
after_s = 10
tell = "contacts"
from = "25:00"
[[go]]
when = "other"
call = "ring_back"
)"),
        ElementsAre(AllOf(HasSubstr("sos.toml:7: answer.tell"), HasSubstr("write a [[step]]")),
                    AllOf(HasSubstr("sos.toml:9: answer: one of desk"), HasSubstr("and tell")),
                    HasSubstr("sos.toml:13: step.after_s is missing"),
                    AllOf(HasSubstr("sos.toml:14: step.tell"), HasSubstr("\"contacts\"?")),
                    HasSubstr("sos.toml:15: step: one of tell"),
                    HasSubstr("sos.toml:17: step.say is missing"),
                    AllOf(HasSubstr("sos.toml:19: step.ask_dial"), HasSubstr("120, 110, 119")),
                    HasSubstr("sos.toml:20: step: from and until belong together"),
                    AllOf(HasSubstr("sos.toml:23: step.from"), HasSubstr("\"00:00\"")),
                    HasSubstr("sos.toml:25: go.when"), HasSubstr("sos.toml:26: go.call")));
}

TEST(a_plan, must_have_a_desk_that_answers) {
    EXPECT_THAT(problems_of("kind = \"sos\"\nlevel = \"P1\"\n[[answer]]\ntell = \"duty_phone\"\n"
                            "wait_s = 60\n"),
                ElementsAre(HasSubstr("no desk answers")));
}

// A folder of plans for single residents.
class own_plans : public testing::Test {
protected:
    own_plans() {
        std::string name = "/tmp/linli-own-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~own_plans() override { std::filesystem::remove_all(folder_); }

    // The ordinary plan of a press, changed, with this [own].
    void write(std::string const& file, std::string const& from, std::string const& to,
               std::string const& own) {
        auto text = ordinary_.at(alert_kind::sos).body;
        if (auto const at = text.find(from); at != std::string::npos && !from.empty())
            text.replace(at, from.size(), to);
        std::ofstream(folder_ / file) << text << own;
    }
    std::vector<std::string> problems() {
        try {
            load_own_plans(folder_, ordinary_);
            return {};
        } catch (file_error const& error) {
            return error.problems();
        }
    }

    std::filesystem::path folder_;
    std::map<alert_kind, plan_text> ordinary_ = load_plans({config / "plans"});
};

auto const window = "cleared_window_s = 60";

TEST_F(own_plans, need_not_be_there) {
    EXPECT_THAT(load_own_plans(folder_ / "none", ordinary_), testing::IsEmpty());
    EXPECT_THAT(load_own_plans(folder_, ordinary_), testing::IsEmpty());
}

TEST_F(own_plans, may_bring_help_sooner_by_anybodys_word) {
    write("r1.sos.toml", window, "cleared_window_s = 10", "[own]\nresident = \"r1\"\n");
    auto const plans = load_own_plans(folder_, ordinary_);
    ASSERT_THAT(plans, SizeIs(1));
    EXPECT_EQ(plans[0].plan.own->resident.value, "r1");
    EXPECT_EQ(plans[0].plan.order->cleared_window, seconds(10));
    EXPECT_EQ(parse_plan(plans[0].body, "again"), plans[0].plan);
}

TEST_F(own_plans, that_are_softer_need_two_signatures_and_a_last_day) {
    auto const later = "cleared_window_s = 120";
    auto const who = std::string("[own]\nresident = \"r1\"\n");
    auto const complaint = ElementsAre(AllOf(HasSubstr("r1.toml: softer than the plan for sos in "
                                                       "order.offer"),
                                             HasSubstr("two different operators")));
    write("r1.toml", window, later, who);
    EXPECT_THAT(problems(), complaint);
    write("r1.toml", window, later, who + "signed_by = [\"li\", \"zhao\"]\n");
    EXPECT_THAT(problems(), complaint) << "for ever";
    write("r1.toml", window, later, who + "signed_by = [\"li\", \"li\"]\nuntil = 2026-12-31\n");
    EXPECT_THAT(problems(), complaint) << "one person twice";
    write("r1.toml", window, later, who + "signed_by = [\"li\", \"zhao\"]\nuntil = 2026-12-31\n");
    EXPECT_THAT(problems(), testing::IsEmpty());
    auto const own = load_own_plans(folder_, ordinary_).at(0).plan.own;
    EXPECT_EQ(own->until, std::chrono::sys_days(std::chrono::year(2026) / 12 / 31));
}

TEST_F(own_plans, say_whose_they_are_and_are_one_for_each_kind) {
    write("a.toml", "", "", "");
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("a.toml: [own] is missing")));
    write("a.toml", "", "", "[own]\nresident = \"r1\"\n");
    write("b.toml", "", "", "[own]\nresident = \"r1\"\n");
    EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr("b.toml: r1 has a plan for sos already"),
                                              HasSubstr("a.toml"))));
    write("b.toml", "", "", "[own]\nresident = \"r2\"\nsigned_by = \"li\"\nuntil = \"soon\"\n");
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("own.signed_by is \"li\""),
                                        HasSubstr("own.until is \"soon\"")));
}

TEST(the_plans_that_we_ship, are_there_for_every_kind_and_emergencies_send_somebody) {
    auto const plans = load_plans({config / "plans"});
    EXPECT_EQ(plans.size(), domain::names<alert_kind>::table.size());
    for (auto const kind : {alert_kind::sos, alert_kind::fall, alert_kind::smoke, alert_kind::gas,
                            alert_kind::unreadable}) {
        EXPECT_EQ(plans.at(kind).plan.level, domain::priority::p1) << domain::to_text(kind);
        EXPECT_TRUE(plans.at(kind).plan.order) << domain::to_text(kind);
    }
    EXPECT_EQ(plans.at(alert_kind::unknown_device).plan.level, domain::priority::p1);
    EXPECT_FALSE(plans.at(alert_kind::unknown_device).plan.order);
    EXPECT_FALSE(plans.at(alert_kind::clock_jump).plan.order);
    EXPECT_EQ(plans.at(alert_kind::outage).plan.level, domain::priority::p2);
    EXPECT_FALSE(plans.at(alert_kind::outage).plan.order);
    for (auto const kind : {alert_kind::check_in_missed, alert_kind::no_access}) {
        EXPECT_EQ(plans.at(kind).plan.level, domain::priority::p2) << domain::to_text(kind);
        EXPECT_FALSE(plans.at(kind).plan.order) << "nobody is sent alone to where nobody answers";
    }
    EXPECT_EQ(plans.at(alert_kind::needs_120).plan.level, domain::priority::p1);
    EXPECT_FALSE(plans.at(alert_kind::needs_120).plan.order) << "somebody stands there";
    EXPECT_EQ(plans.at(alert_kind::visit_failed).plan.level, domain::priority::p3);
    EXPECT_FALSE(plans.at(alert_kind::visit_failed).plan.order);
    EXPECT_EQ(plans.at(alert_kind::help_request).plan.order->service.value, "ring_back");
    for (auto const& [kind, each] : plans) {
        auto const& last = each.plan.answer.back();
        bool const rings_somebody =
            each.plan.level == domain::priority::p1 || kind == alert_kind::check_in_missed;
        if (rings_somebody)
            EXPECT_EQ(last.tell, domain::audience::duty_phone) << domain::to_text(kind);
        else
            EXPECT_EQ(last, (domain::answer_rung{domain::site_level::city, last.wait}))
                << domain::to_text(kind);
    }
    EXPECT_EQ(plans.at(alert_kind::cause_visit).plan.order->service.value, "cause_visit");
    EXPECT_EQ(plans.at(alert_kind::installation).plan.order->service.value, "installation");
    for (auto const& [kind, each] : plans)
        EXPECT_EQ(each.plan.order && each.plan.order->needs_live_press,
                  kind == alert_kind::installation)
            << domain::to_text(kind);
}

TEST(the_plans_that_we_ship, are_shortened_for_the_demo_by_its_own_folder) {
    auto const plans = load_plans({config / "plans", config / "demo" / "plans"});
    EXPECT_EQ(plans.size(), domain::names<alert_kind>::table.size());
    EXPECT_EQ(plans.at(alert_kind::sos).plan.order->when, domain::offer_when::now);
    EXPECT_EQ(plans.at(alert_kind::sos).body.substr(0, 6), "# The ");
}

TEST(a_stored_plan, of_another_version_is_read_as_far_as_it_is_known) {
    constexpr auto tomorrow = R"(kind = "sos"
level = "P1"
sung_by = "a choir"
claim_lease_s = 999999
[[answer]]
desk = "station"
wait_s = 20
[[answer]]
tell = "a_robot"
wait_s = 25
[[step]]
after_s = 60
tell = "a_robot"
[[step]]
after_s = 90
tell = "contacts"
unless = "claimed"
)";
    EXPECT_THAT(problems_of(tomorrow), Not(IsEmpty()));
    auto const plan = read_snapshot(tomorrow, "stored");
    EXPECT_EQ(plan.kind, alert_kind::sos);
    EXPECT_EQ(plan.claim_lease, domain::plan{}.claim_lease);
    ASSERT_THAT(plan.answer, SizeIs(2));
    EXPECT_EQ(plan.answer[1], (domain::answer_rung{domain::site_level::station, seconds(25)}));
    ASSERT_THAT(plan.steps, SizeIs(2)) << "what runs counts by their places";
    EXPECT_EQ(plan.steps[0].tell, std::nullopt);
    EXPECT_EQ(plan.steps[1].tell, domain::audience::contacts);
}

TEST(a_stored_plan, reads_as_its_file_does) {
    auto const file = load_plan(config / "plans" / "sos.toml");
    EXPECT_EQ(read_snapshot(file.body, "stored"), file.plan);
}

TEST(a_stored_plan, of_no_known_kind_or_without_a_rung_is_none) {
    for (auto const* text :
         {"kind = \"flood\"\nlevel = \"P1\"\n[[answer]]\ndesk = \"city\"\nwait_s = 60\n",
          "kind = \"sos\"\nlevel = \"P1\"\n", "not TOML at all"})
        EXPECT_THROW(read_snapshot(text, "stored"), file_error) << text;
}

TEST(a_plans_folder, must_have_one_plan_for_each_kind) {
    std::string name = "/tmp/linli-plans-XXXXXX";
    std::filesystem::path const folder = ::mkdtemp(name.data());
    std::filesystem::copy(config / "plans", folder);
    std::filesystem::remove(folder / "gas.toml");
    EXPECT_THROW(
        try { load_plans({folder}); } catch (file_error const& error) {
            EXPECT_THAT(error.problems(),
                        ElementsAre(HasSubstr("no plan for gas: copy config/plans/gas.toml")));
            throw;
        },
        file_error);
    std::filesystem::copy(folder / "sos.toml", folder / "gas.toml");
    EXPECT_THROW(
        try { load_plans({folder}); } catch (file_error const& error) {
            EXPECT_THAT(error.problems(), ElementsAre(HasSubstr("a second plan for sos")));
            throw;
        },
        file_error);
    std::filesystem::remove_all(folder);
    EXPECT_THROW(load_plans({folder}), file_error);
}

TEST(the_catalogue, has_what_the_plans_ask_for) {
    auto const services = load_services(config / "services.toml");
    std::vector<std::string> codes;
    for (auto const& each : services)
        codes.push_back(each.code.value);
    for (auto const& [kind, each] : load_plans({config / "plans"})) {
        if (!each.plan.order) continue;
        EXPECT_THAT(codes, testing::Contains(each.plan.order->service.value))
            << domain::to_text(kind);
    }
    EXPECT_THAT(codes, testing::IsSupersetOf({"ring_back", "meal", "bath", "cleaning", "medical",
                                              "urgent_repair", "walking", "shopping"}));
}

TEST(the_catalogue, has_life_services_of_each_group_with_what_is_typed_to_find_them) {
    auto const services = load_services(config / "services.toml");
    std::map<domain::service_group, int> of_group;
    for (auto const& each : services) {
        if (!each.group) continue;
        ++of_group[*each.group];
        EXPECT_FALSE(each.initials.empty()) << each.code.value;
        EXPECT_EQ(domain::find_bookable(services, each.code), &each);
    }
    EXPECT_EQ(of_group.size(), domain::names<domain::service_group>::table.size());
    EXPECT_FALSE(domain::find_bookable(services, {"ring_back"})) << "the house's own";
    EXPECT_FALSE(domain::find_bookable(services, {"nothing"}));
}

TEST(the_catalogue, tells_its_mistakes) {
    try {
        parse_services("[[service]]\ncode = \"bath\"\nzh = \"助浴\"\nen = \"Bath\"\n"
                       "unit = \"vist\"\nminutes = 90\n"
                       "[[service]]\ncode = \"bath\"\nzh = \"\"\nen = \"x\"\nunit = \"hour\"\n",
                       "services.toml");
        FAIL() << "taken";
    } catch (file_error const& error) {
        EXPECT_THAT(error.problems(),
                    ElementsAre(HasSubstr(":5: service.unit"),
                                HasSubstr(":7: service.minutes is missing"),
                                HasSubstr(":7: service bath twice"), HasSubstr(":9: service.zh")));
    }
}

} // namespace
} // namespace linli::files
