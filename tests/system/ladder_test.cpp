// What the house does by itself while nobody has the alert, on real parts and the plans we ship.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/places.hpp"
#include "system/house.hpp"

namespace linli::tests {

using domain::ask;
using domain::audience;
using namespace std::chrono_literals;

namespace {

domain::progress how_far(house& h, std::string const& what,
                         std::function<bool(domain::progress const&)> const& fits) {
    auto const seen = h.when(what, [&](app::overview const& o) {
        return !o.alerts.empty() && fits(o.alerts[0].what.progress);
    });
    return seen.alerts[0].what.progress;
}

long lines(house& h, std::string const& what, std::string const& why) {
    return h.count("log where what = '" + what + "' and why like '" + why + "'");
}

} // namespace

TEST(night, nobody_claims_and_the_plan_runs_by_itself) {
    house h(small_city());
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    h.sees_alert("resident:r1");
    h.fast_forward(30s);
    how_far(h, "the ring-back is asked for",
            [](auto const& p) { return p.asks.contains(ask::ring_back); });
    h.fast_forward(30s);
    how_far(h, "the contacts are told",
            [](auto const& p) { return p.told.contains(audience::contacts); });
    h.fast_forward(60s);
    how_far(h, "the duty telephone rings within three minutes",
            [](auto const& p) { return p.told.contains(audience::duty_phone); });
    auto const rang = lines(h, "rung_reached", "duty_phone:%");
    EXPECT_GE(rang, 1);
    h.fast_forward(60s);
    h.when("and again until taken",
           [&](auto const&) { return lines(h, "rung_reached", "duty_phone:%") > rang; });
    how_far(h, "120 is asked for", [](auto const& p) { return p.asks.contains(ask::dial_120); });
}

TEST(night, claimed_in_time_the_contacts_sleep_on_and_the_log_says_why) {
    house h(small_city());
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    EXPECT_EQ(h.claims(h.sees_alert("resident:r1"), "op1"), "");
    h.fast_forward(61s);
    h.when("it is passed over", [&](auto const&) {
        return lines(h, "step_skipped", "step 3 tell contacts: claimed") == 1;
    });
    EXPECT_EQ(h.count("alert where progress like '%told%'"), 0);
}

TEST(night, a_restart_between_two_steps_runs_each_once) {
    house h(small_city());
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    h.sees_alert("resident:r1");
    h.fast_forward(30s);
    how_far(h, "the first steps", [](auto const& p) { return p.asks.contains(ask::ring_back); });
    h.server_stops();
    h.fast_forward(31s); // meanwhile the contacts' time has come
    h.server_starts();
    how_far(h, "the next step", [](auto const& p) { return p.told.contains(audience::contacts); });
    h.server_stops();
    h.server_starts();
    h.fast_forward(20s);
    EXPECT_EQ(lines(h, "asked", "ring_back %"), 1);
    EXPECT_EQ(lines(h, "step_run", "% tell contacts"), 1);
}

TEST(a_plan_file, that_is_edited_leaves_a_running_alert_alone) {
    auto const plans = std::filesystem::temp_directory_path() / "linli-edited-plans";
    std::filesystem::remove_all(plans);
    std::filesystem::copy(shipped_config("plans"), plans);
    house h(small_city());
    h.reads_plans_from(plans);
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    h.sees_alert("resident:r1");
    h.server_stops();
    std::ofstream(plans / "sos.toml", std::ios::trunc)
        << "kind = \"sos\"\nlevel = \"P1\"\n[[answer]]\ndesk = \"city\"\nwait_s = 60\n";
    h.server_starts();
    h.fast_forward(61s);
    how_far(h, "the steps that it began with",
            [](auto const& p) { return p.told.contains(audience::contacts); });
    auto const second = h.device("b1").presses_sos();
    h.device("b1").hears_stored(second);
    h.sees_alert("home:h2");
    EXPECT_EQ(h.count("alert where subject = 'home:h2' and desk = 'city'"), 1) << "the new text";
    std::filesystem::remove_all(plans);
}

} // namespace linli::tests
