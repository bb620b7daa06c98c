// Watches that speak [3G*…] over TCP, and whoever else connects to their door.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <iterator>
#include <list>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "runtime/log.hpp"
#include "support/places.hpp"
#include "system/house.hpp"
#include "system/until.hpp"
#include "system/watch.hpp"

namespace linli::tests {

using namespace std::chrono_literals;

app::registry_rows with_a_watch(app::registry_rows city) {
    city.devices.push_back({{"8809008845"}, "watch", {"r1"}, {}, {}});
    return city;
}

class watches : public testing::Test {
protected:
    watches() : h(with_a_watch(small_city())) {
        h.opens_watch_door(
            8); // four for registered watches, two for unknown ones, two for new ones
        until("the watches are known", [this] { return h.metric("linli_watch_registered") == 1; });
    }

    // Whatever the others do: it connects, presses, and is answered.
    void a_registered_watch_is_served() {
        watch of_r1(h.watch_port());
        of_r1.presses_sos();
        of_r1.hears("AL");
        h.sees_alert("resident:r1");
    }

    house h;
};

TEST_F(watches, presses_sos_and_is_answered_and_help_goes) {
    auto& provider = h.provider("c1"); // is there before the offer
    watch w(h.watch_port());
    w.presses_sos();
    w.hears("AL");
    h.sees_alert("resident:r1");
    auto const seen = h.record();
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::sos);
    EXPECT_EQ(seen.alerts[0].what.level, domain::priority::p1);
    EXPECT_EQ(h.count("signal where device = '8809008845' and door = 'watch_tcp' and kind = 'sos' "
                      "and event like '8809008845:x:%' and battery = 81"),
              1);
    h.fast_forward(61s);
    EXPECT_EQ(provider.gets_offer().rough_place, "张掖路 5号院"); // from the registry
}

TEST_F(watches, what_they_measure_is_kept_and_judged_and_of_strangers_nothing) {
    watch w(h.watch_port());
    w.says("BLOOD,195,100");
    w.says("heart,72");
    w.reports_position("00000000");
    until("all is kept", [&] { return h.count("telemetry where device = '8809008845'") == 3; });
    EXPECT_EQ(h.count("telemetry_vital where code = 8480 and value = 195"), 1);
    EXPECT_EQ(h.count("telemetry_fix where latitude = 36.061 and source = 1"), 1);
    h.sees_alert("resident:r1"); // of kind vitals: a pressure is measured by hand
    EXPECT_EQ(h.count("alert where kind = 'vitals'"), 1);
    watch stranger(h.watch_port(), "1234567890");
    stranger.says("heart,72");
    stranger.keeps_alive();
    stranger.hears("LK");
    w.says("heart,73");
    until("the next is kept", [&] { return h.count("telemetry") == 4; });
    EXPECT_EQ(h.count("telemetry where device = '1234567890'"), 0);
}

TEST_F(watches, a_fall_is_a_fall_and_a_position_with_the_sos_bit_is_a_press) {
    watch w(h.watch_port());
    w.falls();
    w.hears("AL");
    w.reports_position("00010001");
    h.when("both", [](app::overview const& o) {
        return !o.alerts.empty() && o.alerts[0].what.signals == 2U;
    });
    EXPECT_EQ(h.count("signal where kind = 'fall'"), 1);
    EXPECT_EQ(h.count("signal where kind = 'sos' and latitude is not null"), 1);
}

TEST_F(watches, what_is_no_call_is_answered_and_raises_nothing) {
    watch w(h.watch_port());
    w.says("INIT");
    w.hears("INIT,1");
    w.keeps_alive();
    w.hears("LK");
    w.reports_position("00000008");
    w.says("heart,0");
    w.says("CONFIG,TY:x");
    w.says("TKQ");
    w.hears("TKQ");
    h.counts("linli_watch_frames_total", 6);
    EXPECT_THAT(h.tells("/readyz"), testing::HasSubstr("1 connected, 1 registered"));
    EXPECT_EQ(h.metric("linli_watch_signals_total"), 0);
    EXPECT_EQ(h.count("signal"), 0);
}

TEST_F(watches, an_alarm_in_pieces_with_a_wrong_length_and_another_behind_it_are_both_answered) {
    watch w(h.watch_port());
    for (char const c :
         std::string("[3G*8809008845*FFFF*AL,no more than this][3G*8809008845*0002*"))
        w.sends_bytes({c});
    w.hears("AL");
    w.sends_bytes("LK]");
    w.hears("LK");
    h.sees_alert("resident:r1");
    EXPECT_EQ(h.count("signal where kind = 'sos' and raw is not null"), 1);
}

TEST_F(watches, bytes_inside_a_frame_that_say_nothing_are_an_unreadable_signal_of_that_watch) {
    watch w(h.watch_port());
    w.sends_bytes("[3G*8809008845*0004*\x01\x02\x03\xff]");
    h.sees_alert("resident:r1");
    EXPECT_EQ(h.record().alerts[0].what.kind, domain::alert_kind::unreadable);
}

TEST_F(watches, a_press_whose_connection_breaks_in_the_middle_is_a_press) {
    watch w(h.watch_port());
    w.sends_bytes("[3G*8809008845*00C0*AL,2311");
    w.hangs_up();
    h.sees_alert("resident:r1");
    EXPECT_EQ(h.record().alerts[0].what.kind, domain::alert_kind::sos);
}

TEST_F(watches, that_nobody_registered_join_one_alert_at_the_citys_desk) {
    for (char const* id : {"1111111111", "222222222222222", "3333333333"}) {
        watch unknown(h.watch_port(), id);
        unknown.presses_sos();
        unknown.hears("AL");
    }
    auto const seen = h.when("one alert of three", [](app::overview const& o) {
        return !o.alerts.empty() && o.alerts[0].what.signals == 3U;
    });
    ASSERT_EQ(seen.alerts.size(), 1U);
    EXPECT_EQ(to_string(seen.alerts[0].what.about), "area:620100/watch_tcp");
    EXPECT_EQ(seen.alerts[0].what.desk.value, "city");
}

TEST_F(watches, a_press_waits_on_disk_while_the_database_is_away_and_is_answered) {
    house::database("stop");
    watch w(h.watch_port());
    w.presses_sos();
    w.hears("AL");
    house::database("start");
    h.sees_alert("resident:r1");
}

// No file of this process may grow: what a full disk is for the journal.
class full_disk {
public:
    full_disk() {
        ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const nothing{0, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &nothing);
    }
    ~full_disk() { has_room_again(); }
    full_disk(full_disk const&) = delete;
    full_disk& operator=(full_disk const&) = delete;

    void has_room_again() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

TEST_F(watches, are_not_answered_while_the_journal_is_full_and_are_when_it_has_room) {
    std::atomic<int> refused = 0;
    runtime::log::redirection const lines([&](std::string_view line) {
        if (line.find("journal_refuses") != line.npos) ++refused;
    });
    watch w(h.watch_port());
    w.keeps_alive();
    w.hears("LK");
    full_disk disk;
    w.presses_sos();
    until("the journal has refused it, again and again", [&] { return refused >= 3; });
    EXPECT_TRUE(w.has_heard_nothing());
    EXPECT_EQ(h.metric("linli_watch_signals_total"), 0);
    disk.has_room_again();
    w.hears("AL");
    h.sees_alert("resident:r1");
}

// ---- what they are asked

TEST_F(watches, do_what_the_desk_asks_and_the_record_says_what_came_of_it) {
    watch w(h.watch_port());
    w.keeps_alive();
    w.hears("LK");
    h.desk_says("command 8809008845 --kind locate -o o1");
    w.hears("CR");
    w.reports_position("00000000");
    until("the answer is written down",
          [&] { return h.count("device_command where state = 'answered'") == 1; });
    h.desk_says("command 8809008845 --kind call_back --value 12349 -o o1");
    w.hears("CALL,12349");
    w.says("CALL");
    until("the second, too",
          [&] { return h.count("device_command where state = 'answered'") == 2; });
    EXPECT_EQ(h.count("device_command where asked_by = 'o1' and sent_at >= asked_at"), 2);
    EXPECT_THAT(h.desk_says("commands 8809008845"),
                testing::AllOf(testing::HasSubstr("call_back     answered"),
                               testing::Not(testing::HasSubstr("12349"))));
    EXPECT_EQ(h.count("alert"), 0);
}

TEST_F(watches, that_are_away_are_asked_when_they_come_and_by_the_newest_setting_alone) {
    h.desk_says("command 8809008845 --kind report_every --value 60 -o o1");
    h.desk_says("command 8809008845 --kind report_every --value 600 -o o1");
    watch w(h.watch_port());
    w.keeps_alive();
    w.hears("LK");
    w.hears("UPLOAD,600");
    EXPECT_EQ(h.count("device_command where state = 'replaced'"), 1);
}

TEST_F(watches, are_not_asked_what_nobody_can_ask) {
    auto const refused = [&](char const* words, char const* because) {
        EXPECT_THAT(h.desk_says(std::string("command ") + words + " -o o1", 1),
                    testing::HasSubstr(because));
    };
    refused("1111111111 --kind ring", "nobody has registered a device");
    refused("8809008845 --kind monitor", "there are locate, report_every");
    refused("8809008845 --kind call_back --value 120][3G", "is no telephone number");
    refused("8809008845 --kind report_every", "give the seconds");
    EXPECT_EQ(h.count("device_command"), 0);
}

// ---- whoever is lost

class a_lost_persons_watch : public testing::Test {
protected:
    a_lost_persons_watch() : h(with_a_yard(with_a_watch(small_city()))) {
        h.reads_plans_from(plans_that_seek());
        h.opens_watch_door(8);
        until("the watch is known", [this] { return h.metric("linli_watch_registered") == 1; });
    }

    // 300 m around the home.
    static app::registry_rows with_a_yard(app::registry_rows city) {
        city.zones = {{{"r1"},
                       {"yard", domain::zone_kind::home,
                        "POLYGON((103.826 36.057,103.834 36.057,103.834 36.063,103.826 36.063,"
                        "103.826 36.057))"}}};
        return city;
    }
    // As shipped, and the watch is asked each minute.
    std::filesystem::path plans_that_seek() const {
        auto const folder = h.folder() / "plans";
        std::filesystem::copy(shipped_config("plans"), folder);
        std::ifstream in(folder / "fence.toml");
        std::string const text{std::istreambuf_iterator<char>(in), {}};
        std::ofstream(folder / "fence.toml") << "locate_every_s = 60\n" << text;
        return folder;
    }
    void reports_from(watch& w, double latitude) { w.reports_position("00000000", latitude); }
    domain::alert wanders_off(watch& w) {
        reports_from(w, 36.061);
        reports_from(w, 36.070);
        until("it is outside", [this] { return h.count("dwell where rule = 'outside'") == 1; });
        h.fast_forward(2min + 1s);
        return h.sees("resident:r1", domain::alert_state::raised);
    }
    void comes_to(std::string const& what, long count) {
        until(what, [&] { return h.count("device_command where " + what) == count; });
    }
    // How often its log says that she is sought.
    long times_it_began(domain::alert const& a) {
        auto const log = h.log_of(a.id);
        return std::count(log.begin(), log.end(), "step_run locate every 60 s");
    }

    std::string const of_the_watch = "asked_by = 'house' and device = '8809008845'";
    house h;
};

TEST_F(a_lost_persons_watch, is_asked_at_once_and_each_minute_until_the_close) {
    watch w(h.watch_port());
    auto const alert = wanders_off(w);
    EXPECT_EQ(alert.kind, domain::alert_kind::fence);
    EXPECT_EQ(times_it_began(alert), 1);
    w.hears("CR");
    reports_from(w, 36.071);
    comes_to(of_the_watch + " and state = 'answered'", 1);
    EXPECT_THAT(h.desk_says("commands 8809008845"),
                testing::HasSubstr("locate        answered    house"));
    EXPECT_EQ(h.claims(alert.id, "o1"), "");
    h.fast_forward(61s);
    w.hears("CR"); // she is not found by being claimed
    comes_to(of_the_watch + " and state = 'sent'", 1);
    EXPECT_EQ(h.count("(select max(asked_at) - min(asked_at) as apart from device_command where " +
                      of_the_watch + ") x where apart >= interval '60 seconds'"),
              1)
        << "and not before";
    EXPECT_EQ(times_it_began(alert), 1);

    EXPECT_EQ(h.closes(alert.id, "o1", domain::disposition::helped), "");
    h.fast_forward(11min);
    comes_to(of_the_watch + " and state = 'unanswered'", 1); // looked at again, after the close
    EXPECT_EQ(h.count("device_command where " + of_the_watch), 2);
    w.keeps_alive();
    w.hears("LK"); // and no CR before it
}

TEST_F(a_lost_persons_watch, is_asked_on_after_a_restart_and_not_once_more_for_it) {
    {
        watch w(h.watch_port());
        wanders_off(w);
        w.hears("CR");
        comes_to(of_the_watch + " and state = 'sent'", 1);
    }
    h.server_stops();
    h.server_starts();
    until("the watch is known", [this] { return h.metric("linli_watch_registered") == 1; });
    watch w(h.watch_port());
    w.keeps_alive();
    w.hears("LK");
    h.fast_forward(61s);
    w.hears("CR");
    comes_to(of_the_watch, 2);
}

TEST_F(a_lost_persons_watch, that_comes_back_after_the_close_is_not_asked) {
    {
        watch w(h.watch_port());
        reports_from(w, 36.070);
        until("it is outside", [this] { return h.count("dwell where rule = 'outside'") == 1; });
        w.keeps_alive();
        w.hears("LK");
    }
    until("it has gone", [this] { return h.metric("linli_watch_connections") == 0; });
    h.fast_forward(2min + 1s);
    auto const alert = h.sees("resident:r1", domain::alert_state::raised);
    comes_to(of_the_watch + " and state = 'waiting'", 1);
    EXPECT_EQ(h.claims(alert.id, "o1"), "");
    EXPECT_EQ(h.closes(alert.id, "o1", domain::disposition::helped), "");
    comes_to(of_the_watch + " and state = 'expired'", 1);
    watch w(h.watch_port());
    w.keeps_alive();
    w.hears("LK");
    EXPECT_TRUE(w.has_heard_nothing());
}

TEST_F(a_lost_persons_watch, and_the_one_that_hears_by_the_broker_are_both_asked) {
    std::atomic<int> heard = 0;
    auto const by_broker = h.listener("w1", [&](std::string_view) { ++heard; });
    watch w(h.watch_port());
    wanders_off(w);
    w.hears("CR");
    until("the other has heard it", [&] { return heard == 1; });
    comes_to("asked_by = 'house' and device = 'w1' and state = 'published'", 1);
    EXPECT_EQ(h.count("device_command where asked_by = 'house' and device not in "
                      "('w1', '8809008845')"),
              0)
        << "nobody else's";
}

// ---- hostile peers

TEST_F(watches, are_served_while_somebody_sends_a_frame_without_an_end) {
    watch endless(h.watch_port(), "");
    endless.sends_bytes("[3G*9999999999*FFFF*XY," + std::string(100'000, 'x'));
    a_registered_watch_is_served();
    endless.is_hung_up_on();
    EXPECT_GE(h.metric("linli_watch_refused_total"), 1);
}

TEST_F(watches, are_served_while_somebody_sends_what_is_no_frame) {
    watch browser(h.watch_port(), "");
    browser.sends_bytes("GET / HTTP/1.1\r\nHost: 1234567890\r\n\r\n");
    a_registered_watch_is_served();
    h.fast_forward(21s);
    browser.is_hung_up_on();
    h.counts("linli_watch_unreadable_total", 1);
    EXPECT_EQ(h.count("signal"), 1);
}

TEST_F(watches, are_served_while_somebody_opens_connections_and_says_nothing) {
    watch of_r1(h.watch_port());
    of_r1.keeps_alive();
    of_r1.hears("LK");
    std::list<watch> silent;
    for (int n = 0; n < 100; ++n)
        silent.emplace_back(h.watch_port(), "");
    a_registered_watch_is_served();
    silent.front().is_hung_up_on();
    of_r1.presses_sos(); // the one that was there has kept its place
    of_r1.hears("AL");
    EXPECT_LE(h.metric("linli_watch_connections"), 8);
}

TEST_F(watches, are_served_while_unknown_ones_fill_their_share) {
    std::list<watch> unknown;
    for (int n = 0; n < 50; ++n) {
        auto& one = unknown.emplace_back(h.watch_port(), "77777777" + std::to_string(10 + n));
        one.presses_sos();
        one.hears("AL"); // none is refused: it takes the place of an older one
    }
    a_registered_watch_is_served();
    unknown.front().is_hung_up_on();
    h.when("all of them are listed", [](app::overview const& o) {
        return o.alerts.size() == 2 &&
               (o.alerts[0].what.signals == 50U || o.alerts[1].what.signals == 50U);
    });
}

TEST_F(watches, are_served_while_somebody_sends_a_byte_now_and_then_and_he_has_to_go) {
    watch slow(h.watch_port(), "8809008845");
    slow.keeps_alive();
    slow.hears("LK");
    slow.sends_bytes("[3G*880");
    watch newcomer(h.watch_port(), "");
    newcomer.sends_bytes("[");
    a_registered_watch_is_served();
    h.fast_forward(10s);
    slow.sends_bytes("9");
    newcomer.sends_bytes("3");
    h.fast_forward(11s);
    slow.is_hung_up_on();
    newcomer.is_hung_up_on();
    a_registered_watch_is_served();
}

TEST_F(watches, may_be_silent_between_two_keep_alives_but_not_for_ever) {
    watch w(h.watch_port());
    w.keeps_alive();
    w.hears("LK");
    h.fast_forward(15min);
    w.keeps_alive();
    w.hears("LK");
    h.fast_forward(21min);
    w.is_hung_up_on();
}

TEST(watch_door, is_shut_unless_the_configuration_opens_it) {
    house h(small_city());
    EXPECT_EQ(h.watch_port(), 0);
}

} // namespace linli::tests
