// The database is away and somebody presses: who hears of it all the same, once, and what the
// record says of it afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "app/bench_top.hpp"
#include "app/degraded_telling.hpp"
#include "app/gateways.hpp"
#include "runtime/work_scope.hpp"
#include "support/memory_deliveries.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

// What lies in the journal and is not in the record.
class shelf final : public app::waiting_signals {
public:
    void rewind() override { next_ = 0; }
    runtime::task<std::vector<item>> next(std::size_t most) override {
        std::vector<item> found;
        for (; next_ < all.size() && found.size() < most; ++next_)
            if (waits(all[next_])) found.push_back(all[next_]);
        co_return found;
    }
    bool waits(item const& one) const override { return !committed.contains(one.at.second); }

    std::vector<item> all;
    std::set<std::uint64_t> committed;

private:
    std::size_t next_ = 0;
};

class book final : public app::told_book {
public:
    runtime::task<std::vector<app::told_degraded>> read() override { co_return held; }
    runtime::task<bool> add(std::vector<app::told_degraded> const& told) override {
        if (!is_full) held.insert(held.end(), told.begin(), told.end());
        co_return !is_full;
    }
    runtime::task<bool> clear() override {
        held.clear();
        co_return true;
    }

    std::vector<app::told_degraded> held;
    bool is_full = false;
};

void levels(plan& p) {
    if (p.kind == alert_kind::fall) p.countdown = seconds(30);
    p.level = p.kind == alert_kind::water ? priority::p2 : priority::p1;
}

app::registry_copy copy_of_the_town() {
    app::registry_copy c;
    c.areas[{"a1"}] = {{std::string(city_area)}, {"s1"}};
    c.areas[{std::string(city_area)}] = {{}, {"city"}};
    c.areas[{"310000s1"}] = {{std::string(city_area)}, {"s1"}}; // the bench's own
    c.sites[{"s1"}] = {{"city"}, 0, 1440, "62000001"};
    c.sites[{"city"}] = {{}, 0, 1440, "62000000"};
    c.devices.append({"w1"}, {{"r1"}, {"h1"}, {"a1"}, "和平路3号楼"});
    c.devices.append({"b2"}, {{}, {"h2"}, {"a1"}, "和平路5号楼"});
    c.devices.sort();
    return c;
}

app::notice_texts words() {
    app::notice_words zh;
    zh.kinds = {{alert_kind::sos, "呼救"}, {alert_kind::unknown_device, "未登记的设备"}};
    return {{"zh", zh}};
}

uuid digest_of(std::string_view text) {
    uuid id;
    for (std::size_t i = 0; i < text.size(); ++i)
        id.bytes[i % 16] = static_cast<std::uint8_t>(id.bytes[i % 16] * 31 + text[i]);
    return id;
}

struct dark_night {
    bench_top b{levels};
    memory_deliveries deliveries{b.record};
    gateways out;
    shelf journal;
    book told;
    app::notice_texts const texts = words();
    std::optional<app::registry_copy> copy = copy_of_the_town();
    std::optional<instant> away_since;
    std::optional<instant> silent_since; // also when nothing waits
    app::unclaimed_emergencies unclaimed;
    std::vector<signal> aside; // that the record refuses
    std::string own_phone = "13800000000";
    std::unique_ptr<app::degraded_telling> telling;
    std::unique_ptr<runtime::work_scope> tasks;

    dark_night() {
        starts();
        database_goes();
    }
    ~dark_night() { run_on(b.loop, tasks->stop()); }

    runtime::task<std::optional<app::registry_copy>> last_copy() { co_return copy; }
    void starts() {
        app::degraded_telling::ports with{.time = b.clock,
                                          .to = out,
                                          .plans = b.plans,
                                          .texts = texts,
                                          .from = journal,
                                          .book = told,
                                          .keeper = deliveries,
                                          .copy = [this] { return last_copy(); },
                                          .undecided_since = [this] { return away_since; },
                                          .digest = digest_of,
                                          .silent_since = [this] { return silent_since; },
                                          .unclaimed = &unclaimed,
                                          .set_aside = [this] { return std::exchange(aside, {}); }};
        telling = std::make_unique<app::degraded_telling>(
            std::move(with), app::degraded_telling::settings{
                                 own_phone, {std::string(city_area)}, minutes(480), seconds(5)});
        tasks = std::make_unique<runtime::work_scope>(b.loop.get_executor());
        tasks->spawn("degraded", telling->run());
        tasks->spawn("degraded_record", telling->keep_record());
        looks();
    }
    void restarts() {
        run_on(b.loop, tasks->stop());
        if (away_since) away_since = b.clock.now();
        starts();
    }
    void looks() {
        b.loop.restart();
        b.loop.poll();
    }
    // In steps, as time goes by.
    void fast_forward(duration by) {
        for (auto const until = b.clock.now() + by; b.clock.now() < until;) {
            b.clock.fast_forward(std::min<duration>(milliseconds(500), until - b.clock.now()));
            looks();
        }
    }
    using milliseconds = std::chrono::milliseconds;

    void database_goes() {
        away_since = b.clock.now();
        deliveries.away(true);
    }
    // And what waited is decided.
    void database_comes() {
        std::vector<app::input> batch;
        for (auto const& each : journal.all)
            if (journal.committed.insert(each.at.second).second) batch.emplace_back(each.what);
        if (!batch.empty()) b.takes(std::move(batch));
        away_since.reset();
        deliveries.away(false);
        fast_forward(seconds(3));
    }
    // It takes what is said, until it falls silent: then nothing waits, and no ladder climbs.
    void database_works() {
        away_since.reset();
        deliveries.away(false);
    }
    void database_falls_silent() {
        for (auto const& each : b.committed)
            unclaimed.committed(each);
        silent_since = b.clock.now();
        deliveries.away(true);
    }
    void database_speaks() {
        silent_since.reset();
        database_comes();
    }
    // As app::telling does with what has ended.
    void writes_its_lines() {
        auto const ended = run_on(b.loop, deliveries.unlogged(10)).value();
        for (auto const& each : ended)
            b.takes({app::delivery_ended{each}});
    }
    // Some devices that stand in one street.
    void has_devices(int count) {
        for (int i = 1; i <= count; ++i)
            copy->devices.append({"d" + std::to_string(i)}, {{}, {}, {"a1"}, street(i)});
        copy->devices.sort();
    }
    static std::string street(int number) { return "和平路" + std::to_string(number) + "号"; }
    signal says(std::string const& device, int sequence, signal_kind kind = signal_kind::sos) {
        auto s = b.press(device, sequence, kind);
        s.received_at = b.clock.now();
        journal.all.push_back({s, {1, journal.all.size()}});
        return s;
    }
    std::vector<app::letter> letters(channel by) const {
        std::vector<app::letter> found;
        for (auto const& each : out.letters)
            if (each.by == by) found.push_back(each);
        return found;
    }
    std::vector<std::string> rung() const {
        std::vector<std::string> found;
        for (auto const& each : letters(channel::voice))
            found.push_back(each.phone + ' ' + each.about.event.value);
        return found;
    }
    std::vector<std::string> hooked() const {
        std::vector<std::string> found;
        for (auto const& each : letters(channel::webhook))
            found.push_back(each.about.event.value);
        return found;
    }
};

} // namespace

TEST(degraded, a_press_that_waits_five_seconds_rings_the_duty_telephone_and_the_hook) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(4));
    EXPECT_THAT(n.out.letters, IsEmpty());
    n.fast_forward(seconds(1));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
    EXPECT_THAT(n.hooked(), ElementsAre("w1:1:1"));
    EXPECT_THAT(n.letters(channel::voice)[0].text,
                AllOf(HasSubstr("数据库不可用"), HasSubstr("degraded"), HasSubstr("w1"),
                      HasSubstr("和平路3号楼"), HasSubstr("呼救"), HasSubstr("w1:1:1")));
    auto const machine = n.letters(channel::webhook)[0];
    EXPECT_EQ(machine.about.why, notice_reason::degraded);
    ASSERT_TRUE(machine.waits);
    EXPECT_EQ(machine.waits->device.value, "w1");
    EXPECT_EQ(machine.waits->rough_place, "和平路3号楼");
    EXPECT_EQ(machine.about.resident.value, "r1");
    EXPECT_NE(machine.key, n.letters(channel::voice)[0].key);
    n.fast_forward(minutes(10));
    EXPECT_THAT(n.out.letters, SizeIs(2));
    EXPECT_EQ(n.telling->so_far().told, 1U);
}

TEST(degraded, a_database_that_is_only_slow_tells_nobody) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(4));
    n.database_comes();
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.out.letters, IsEmpty());
}

TEST(degraded, what_another_batch_has_decided_meanwhile_is_not_told) {
    dark_night n; // one batch hangs, those of others go through
    n.says("w1", 1);
    n.says("b2", 1);
    n.fast_forward(seconds(4));
    n.journal.committed.insert(1);
    n.fast_forward(seconds(2));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
}

TEST(degraded, a_restart_with_the_database_still_away_does_not_ring_again) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.restarts();
    n.fast_forward(minutes(2));
    EXPECT_THAT(n.out.letters, SizeIs(2));
    n.says("b2", 1);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1", "62000001 b2:1:1"));
}

TEST(degraded, a_crash_before_it_was_booked_rings_again_with_the_same_key) {
    dark_night n;
    n.told.is_full = true; // the disk takes no line
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.restarts();
    n.fast_forward(seconds(6));
    auto const rings = n.letters(channel::voice);
    ASSERT_THAT(rings, SizeIs(2));
    EXPECT_EQ(rings[0].key, rings[1].key);
}

TEST(degraded, an_impatient_thumb_rings_once_a_minute_and_another_home_at_once) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(10));
    n.says("w1", 2);
    n.says("w1", 3, signal_kind::smoke); // another danger is no repeat
    n.says("b2", 1);
    n.fast_forward(seconds(45));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1", "62000001 w1:1:3", "62000001 b2:1:1"));
    n.fast_forward(seconds(10));
    n.says("w1", 4); // a minute after the first
    n.fast_forward(seconds(6));
    EXPECT_EQ(n.rung().back(), "62000001 w1:1:4");
    EXPECT_THAT(n.rung(), SizeIs(4));
    EXPECT_THAT(n.hooked(), SizeIs(4));
}

TEST(degraded, a_repeat_of_what_went_into_the_record_untold_is_told_itself) {
    dark_night n;
    n.out.answers[channel::voice] = {failing, failing};
    n.out.answers[channel::webhook] = {failing, failing};
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.database_comes(); // for a moment: the ladder has the first, and can ring nobody
    n.database_goes();
    n.out.answers.clear();
    n.says("w1", 2);
    n.fast_forward(seconds(7));
    EXPECT_EQ(n.rung().back(), "62000001 w1:1:2");
    EXPECT_EQ(n.hooked().back(), "w1:1:2");
}

TEST(degraded, a_repeat_is_told_when_the_one_before_it_was_decided_in_the_same_outage) {
    dark_night n; // one batch hangs, those of others go through
    n.out.answers[channel::voice] = {failing, failing};
    n.says("w1", 1);
    n.fast_forward(seconds(2));
    n.says("w1", 2);
    n.fast_forward(dark_night::milliseconds(6'500));
    EXPECT_THAT(n.rung(), Each("62000001 w1:1:1"));
    n.journal.committed.insert(0);
    n.fast_forward(seconds(3));
    EXPECT_EQ(n.rung().back(), "62000001 w1:1:2");
    EXPECT_THAT(n.hooked(), ElementsAre("w1:1:1")) << "the hook has heard the first";
}

TEST(degraded, a_record_that_hangs_while_it_is_told_who_was_rung_holds_up_no_ring) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.deliveries.away(false);
    n.deliveries.is_slow(n.b.clock, n.b.clock.now() + seconds(20));
    n.away_since.reset(); // it answers something, and then nothing more
    n.fast_forward(seconds(3));
    n.away_since = n.b.clock.now();
    n.says("b2", 1);
    n.fast_forward(seconds(6));
    EXPECT_EQ(n.rung().back(), "62000001 b2:1:1");
    n.fast_forward(seconds(12));
    n.database_comes();
    EXPECT_THAT(n.told.held, IsEmpty());
}

TEST(degraded, a_fall_has_its_countdown_and_its_wearer_may_cancel) {
    dark_night n;
    n.says("w1", 1, signal_kind::fall);
    n.says("b2", 1, signal_kind::fall);
    n.fast_forward(seconds(20));
    EXPECT_THAT(n.out.letters, IsEmpty());
    n.says("b2", 2, signal_kind::fall_cancelled);
    n.fast_forward(seconds(11));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
}

TEST(degraded, a_cancel_that_was_late_takes_back_no_fall_after_it) {
    dark_night n;
    n.says("w1", 3, signal_kind::fall);
    n.says("w1", 2, signal_kind::fall_cancelled);
    n.fast_forward(seconds(31));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:3"));
}

TEST(degraded, a_confirmed_fall_waits_for_no_countdown) {
    dark_night n;
    n.says("w1", 1, signal_kind::fall_confirmed);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), SizeIs(1));
}

TEST(degraded, only_what_becomes_a_p1_alert) {
    dark_night n;
    n.says("w1", 1, signal_kind::water); // P2 by its plan here
    n.says("w1", 2, signal_kind::help_request);
    n.says("w1", 3, signal_kind::battery);
    n.says("w1", 4, signal_kind::cleared);
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.out.letters, IsEmpty());
    n.says("w1", 5, signal_kind::unreadable);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), SizeIs(1));
}

TEST(degraded, an_unknown_device_is_the_citys) {
    dark_night n;
    n.says("stranger", 1);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("62000000 stranger:1:1"));
    EXPECT_THAT(n.out.letters.back().text, HasSubstr("未登记的设备"));
}

TEST(degraded, the_houses_own_press_rings_nobody) {
    dark_night n;
    n.copy->devices.append({"w0"}, {{"r0"}, {"h0"}, {"a1"}, "", true});
    n.copy->devices.sort();
    n.restarts();
    n.says("w0", 1);
    n.says("b2", 1);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 b2:1:1"));
}

TEST(degraded, a_telephone_that_cannot_be_rung_gets_an_sms) {
    dark_night n;
    n.out.answers[channel::voice] = {refusing};
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    ASSERT_THAT(n.letters(channel::sms), SizeIs(1));
    EXPECT_EQ(n.letters(channel::sms)[0].phone, "62000001");
    n.fast_forward(minutes(5));
    EXPECT_THAT(n.letters(channel::sms), SizeIs(1));
    EXPECT_EQ(n.telling->so_far().not_told, 0U);
}

TEST(degraded, when_every_channel_fails_it_begins_again_as_long_as_it_waits) {
    dark_night n;
    n.out.answers[channel::voice] = {refusing};
    n.out.answers[channel::sms] = {refusing};
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    EXPECT_EQ(n.telling->so_far().not_told, 1U);
    n.fast_forward(seconds(61));
    auto const rings = n.letters(channel::voice);
    ASSERT_THAT(rings, SizeIs(2));
    EXPECT_EQ(rings[0].key, rings[1].key);
}

TEST(degraded, a_gateway_that_is_down_is_not_pursued_when_the_record_has_it) {
    dark_night n;
    n.out.answers[channel::voice] = {failing, failing, failing};
    n.out.answers[channel::webhook] = {failing, failing, failing};
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.database_comes();
    auto const before = n.out.letters.size();
    n.fast_forward(minutes(5));
    EXPECT_EQ(n.out.letters.size(), before); // the alert's own ladder does it now
}

TEST(degraded, without_a_copy_the_installations_own_telephone_hears_the_device) {
    dark_night n;
    n.copy.reset();
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("13800000000 w1:1:1"));
    EXPECT_THAT(n.letters(channel::voice)[0].text, HasSubstr("w1"));
    EXPECT_EQ(n.letters(channel::voice)[0].about.kind, alert_kind::sos); // it is not called unknown
}

TEST(degraded, a_storm_rings_five_times_and_then_says_how_many_more_and_the_hook_hears_each) {
    dark_night n;
    for (int i = 1; i <= 12; ++i)
        n.copy->devices.append({"d" + std::to_string(i)}, {{}, {}, {"a1"}, "和平路"});
    n.copy->devices.sort();
    for (int i = 1; i <= 12; ++i)
        n.says("d" + std::to_string(i), 1);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.hooked(), SizeIs(12));
    EXPECT_THAT(n.rung(), SizeIs(5));
    n.fast_forward(seconds(10));
    ASSERT_THAT(n.rung(), SizeIs(6));
    EXPECT_THAT(n.letters(channel::voice).back().text, AllOf(HasSubstr("7"), HasSubstr("d12")));
    EXPECT_EQ(n.telling->so_far().told, 12U);
    n.restarts();
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.rung(), SizeIs(6));
}

TEST(degraded, whom_one_message_names_not_is_named_by_the_next_and_each_has_his_place) {
    dark_night n;
    n.has_devices(20);
    for (int i = 1; i <= 20; ++i)
        n.says("d" + std::to_string(i), 1);
    n.fast_forward(seconds(6));
    ASSERT_THAT(n.rung(), SizeIs(5));
    EXPECT_EQ(n.telling->so_far().told, 20U) << "the hook has heard of each";
    n.fast_forward(seconds(10));
    ASSERT_THAT(n.rung(), SizeIs(6));
    n.fast_forward(seconds(10));
    ASSERT_THAT(n.rung(), SizeIs(7));
    auto const rings = n.letters(channel::voice);
    EXPECT_THAT(rings[5].text, AllOf(HasSubstr("8起"), HasSubstr("d6（和平路6号）"),
                                     HasSubstr("d13（和平路13号）"), Not(HasSubstr("d14"))));
    EXPECT_THAT(rings[6].text, AllOf(HasSubstr("7起"), HasSubstr("d14（和平路14号）"),
                                     HasSubstr("d20（和平路20号）")));
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.rung(), SizeIs(7));
}

TEST(degraded, a_second_press_is_told_if_nobody_heard_of_the_first) {
    dark_night n;
    n.says("w1", 1);
    n.out.holds_back = true; // the gateway has not answered yet
    n.fast_forward(seconds(6));
    ASSERT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
    n.journal.committed.insert(0); // the record had the first after all: its own ladder tells it
    for (auto const& each : std::exchange(n.out.held, {}))
        each(failing);
    n.out.holds_back = false;
    n.fast_forward(seconds(1));
    n.says("w1", 2); // 7 s after the first, and it waits
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1", "62000001 w1:1:2"));
}

TEST(degraded, a_press_is_no_repeat_of_one_that_is_over) {
    dark_night n;
    n.out.missing = {channel::voice, channel::sms}; // not yet
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    EXPECT_EQ(n.telling->so_far().not_told, 1U);
    n.out.missing = {};
    n.says("w1", 2);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:2"));
}

TEST(degraded, who_pressed_before_a_restart_that_set_the_clock_back_does_not_wait_for_it) {
    dark_night n;
    auto s = n.b.press("w1", 1);
    s.received_at = n.b.clock.now() + minutes(10); // our clock was ahead
    n.journal.all.push_back({s, {1, 0}});
    n.fast_forward(seconds(6)); // it has waited long enough before
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
}

TEST(degraded, what_comes_back_as_not_now_after_the_databases_return_is_given_up) {
    dark_night n;
    n.out.holds_back = true;
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.database_comes();
    auto const late = std::exchange(n.out.held, {});
    ASSERT_THAT(late, SizeIs(2));
    late[0](failing); // the telephone
    late[1]({sending::accepted, {}});
    n.out.holds_back = false;
    n.fast_forward(minutes(2));
    EXPECT_THAT(n.out.letters, SizeIs(2)) << "the alert's own ladder does it now";
    EXPECT_THAT(n.told.held, IsEmpty()) << "and nothing keeps the book from being cleared";
}

TEST(degraded, telephones_ring_before_hooks_and_a_machine_hears_of_a_hundred_at_once) {
    dark_night n;
    n.has_devices(150);
    n.out.holds_back = true;
    for (int i = 1; i <= 150; ++i)
        n.says("d" + std::to_string(i), 1);
    n.fast_forward(seconds(6));
    ASSERT_THAT(n.out.letters, SizeIs(105));
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_EQ(n.out.letters[i].by, channel::voice);
    EXPECT_THAT(n.hooked(), SizeIs(100));
    n.out.holds_back = false;
    for (auto const& each : std::exchange(n.out.held, {}))
        each({sending::accepted, {}});
    n.fast_forward(seconds(2));
    EXPECT_THAT(n.hooked(), SizeIs(150));
}

// ------------------------------------------------------------------ what the record has

TEST(degraded, an_alert_that_nobody_has_taken_is_told_when_the_record_falls_silent_behind_it) {
    dark_night n;
    n.database_works();
    n.b.takes({n.b.press("w1", 1)});
    n.fast_forward(seconds(1));
    n.database_falls_silent();
    n.fast_forward(seconds(4));
    EXPECT_THAT(n.out.letters, IsEmpty());
    n.fast_forward(seconds(1));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
    EXPECT_THAT(n.hooked(), ElementsAre("w1:1:1"));
    auto const ring = n.letters(channel::voice)[0];
    EXPECT_THAT(ring.text, AllOf(HasSubstr("和平路3号楼"), HasSubstr("呼救")));
    EXPECT_EQ(ring.about.alert, n.b.only_alert().id);
    n.fast_forward(minutes(10));
    EXPECT_THAT(n.out.letters, SizeIs(2)) << "once";
    n.database_speaks();
    EXPECT_THAT(n.deliveries.holds(), SizeIs(2)) << "and its log will say so";
    EXPECT_THAT(n.told.held, IsEmpty());
}

TEST(degraded, an_alert_that_could_not_be_told_in_one_silence_is_told_in_the_next) {
    dark_night n;
    n.database_works();
    n.b.takes({n.b.press("w1", 1)});
    n.out.missing = {channel::voice, channel::sms, channel::webhook};
    n.database_falls_silent();
    n.fast_forward(seconds(6));
    EXPECT_EQ(n.telling->so_far().not_told, 1U);
    n.database_speaks();
    n.out.missing = {};
    n.database_falls_silent();
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
}

TEST(degraded, whom_somebody_has_taken_is_told_of_to_nobody) {
    dark_night n;
    n.database_works();
    n.b.takes({n.b.press("w1", 1)});
    n.b.takes({app::alert_command{n.b.only_alert().id, claim{{"op1"}}}});
    n.database_falls_silent();
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.out.letters, IsEmpty());
}

TEST(degraded, ladders_that_climb_are_told_of_to_nobody_though_something_waits) {
    dark_night n;
    n.database_works();
    n.b.takes({n.b.press("w1", 1)});
    n.database_falls_silent();
    n.silent_since.reset(); // the clock's loop is answered
    n.away_since = n.b.clock.now();
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.out.letters, IsEmpty());
}

TEST(degraded, a_fall_that_is_counted_down_in_the_record_may_still_be_cancelled) {
    dark_night n;
    n.database_works();
    n.b.takes({n.b.press("w1", 1, signal_kind::fall), n.b.press("b2", 1, signal_kind::fall)});
    n.database_falls_silent();
    n.away_since = n.b.clock.now();
    n.says("b2", 2, signal_kind::fall_cancelled);
    n.fast_forward(seconds(29));
    EXPECT_THAT(n.out.letters, IsEmpty());
    n.fast_forward(seconds(2));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
}

TEST(degraded, a_storm_of_ladders_that_stand_still_rings_five_times_and_names_the_others) {
    dark_night n;
    n.has_devices(12);
    n.database_works();
    app::changes many;
    for (int i = 1; i <= 12; ++i) {
        alert a;
        a.id.value.bytes[15] = static_cast<std::uint8_t>(i);
        a.last_event = {"d" + std::to_string(i) + ":1:1"};
        a.area = {"a1"};
        a.due_at = n.b.clock.now() + seconds(30);
        many.alerts.push_back(a);
    }
    n.unclaimed.committed(many);
    n.database_falls_silent();
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), SizeIs(5));
    n.fast_forward(seconds(10));
    ASSERT_THAT(n.rung(), SizeIs(6));
    EXPECT_THAT(n.letters(channel::voice).back().text,
                AllOf(HasSubstr("7起"), HasSubstr("d12（和平路12号）")));
}

// ------------------------------------------------------------------ what the record refuses

TEST(degraded, a_press_that_the_record_refuses_rings_the_duty_telephone_once) {
    dark_night n;
    n.database_works();
    auto const press = n.says("w1", 1);
    n.aside = {press};
    n.fast_forward(seconds(1));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1"));
    EXPECT_THAT(n.hooked(), ElementsAre("w1:1:1"));
    EXPECT_THAT(n.letters(channel::voice)[0].text,
                AllOf(HasSubstr("无法记录"), HasSubstr("和平路3号楼")));
    EXPECT_TRUE(n.letters(channel::webhook)[0].waits->is_set_aside);
    n.fast_forward(minutes(1));
    n.restarts();
    n.aside = {press}; // the journal gives it out again
    n.database_goes(); // and shows it to us, too
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.out.letters, SizeIs(2));
    n.database_comes(); // its cause was mended
    EXPECT_THAT(n.told.held, IsEmpty());
    EXPECT_THAT(n.deliveries.holds(), SizeIs(2));
}

TEST(degraded, what_is_no_emergency_may_be_refused_in_silence) {
    dark_night n;
    n.database_works();
    n.aside = {n.b.press("w1", 1, signal_kind::battery), n.b.press("w1", 2, signal_kind::water)};
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.out.letters, IsEmpty());
}

TEST(degraded, with_nobody_to_tell_it_says_so) {
    dark_night n;
    n.out.missing = {channel::voice, channel::sms, channel::webhook};
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.out.letters, IsEmpty());
    EXPECT_EQ(n.telling->so_far().not_told, 1U);
}

TEST(degraded, the_alert_has_its_true_time_and_says_once_who_was_told_when) {
    dark_night n;
    auto const pressed = n.says("w1", 1);
    n.fast_forward(seconds(30));
    n.database_comes();
    ASSERT_THAT(n.told.held, IsEmpty());
    auto const ended = run_on(n.b.loop, n.deliveries.unlogged(10)).value();
    ASSERT_THAT(ended, SizeIs(2));
    std::vector<std::string> lines;
    for (auto const& each : ended) {
        n.b.takes({app::delivery_ended{each}});
        auto const& line = n.b.record.holds().log.at(n.b.only_alert().id.value).back().what.line;
        EXPECT_EQ(line.what, log_kind::told);
        lines.push_back(line.why);
    }
    std::sort(lines.begin(), lines.end());
    EXPECT_THAT(lines[0], StartsWith("alarm_hook webhook degraded sent 2026-11-23T00:00:05"));
    EXPECT_THAT(lines[1], StartsWith("duty_phone:s1 voice degraded sent 2026-11-23T00:00:05"));
    EXPECT_EQ(n.b.record.holds().signals.at("w1:1:1").what.what.received_at, pressed.received_at);
    n.fast_forward(minutes(1));
    EXPECT_THAT(n.deliveries.holds(), SizeIs(2));
}

TEST(degraded, who_was_rung_hears_what_comes_of_it) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.database_comes();
    n.writes_its_lines();
    auto const id = n.b.only_alert().id;
    EXPECT_EQ(to_string(n.b.only_alert().progress.told), "duty_phone,alarm_hook");
    EXPECT_THAT(n.b.notices(id), IsEmpty()) << "they know that it began";
    n.b.takes({app::alert_command{id, claim{{"op1"}}},
               app::alert_command{id, close{{"op1"}, disposition::helped, {}}}});
    EXPECT_THAT(n.b.notices(id),
                testing::UnorderedElementsAre("duty_phone:ended", "alarm_hook:ended"));
}

TEST(degraded, who_was_rung_for_a_fall_that_is_cancelled_by_then_hears_of_the_end) {
    dark_night n;
    n.says("w1", 1, signal_kind::fall);
    n.fast_forward(seconds(31));
    ASSERT_THAT(n.rung(), SizeIs(1));
    n.says("w1", 2, signal_kind::fall_cancelled);
    n.database_comes();
    auto const id = n.b.only_alert().id;
    ASSERT_FALSE(is_open(n.b.only_alert()));
    EXPECT_THAT(n.b.notices(id), IsEmpty()) << "nobody has said yet that somebody was rung";
    n.writes_its_lines();
    EXPECT_THAT(n.b.notices(id),
                testing::UnorderedElementsAre("duty_phone:ended", "alarm_hook:ended"));
}

TEST(degraded, what_is_told_is_kept_until_the_record_has_its_signal) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.away_since.reset(); // it answers, and this signal has not had its turn
    n.deliveries.away(false);
    n.fast_forward(seconds(5));
    EXPECT_THAT(n.told.held, SizeIs(2));
    EXPECT_EQ(n.telling->so_far().to_be_noted, 2U);
    n.database_comes();
    EXPECT_THAT(n.told.held, IsEmpty());
}

TEST(degraded, a_second_outage_tells_what_is_new) {
    dark_night n;
    n.says("w1", 1);
    n.fast_forward(seconds(6));
    n.database_comes();
    n.database_goes();
    n.fast_forward(seconds(5));
    n.says("w1", 2);
    n.fast_forward(seconds(6));
    EXPECT_THAT(n.rung(), ElementsAre("62000001 w1:1:1", "62000001 w1:1:2"));
}

TEST(registry_copy, whoever_is_open_has_duty_and_else_the_next_above) {
    auto known = copy_of_the_town();
    auto const at_night = 3 * 60;
    known.sites[{"s1"}].opens = 8 * 60;
    known.sites[{"s1"}].closes = 18 * 60;
    EXPECT_EQ(app::duty_desk_for(known, {"a1"}, 12 * 60)->phone, "62000001");
    EXPECT_EQ(app::duty_desk_for(known, {"a1"}, at_night)->phone, "62000000");
    known.sites[{"city"}].duty_phone.clear();
    EXPECT_EQ(app::duty_desk_for(known, {"a1"}, at_night)->phone, "62000001"); // better than nobody
    known.sites[{"s1"}].duty_phone.clear();
    EXPECT_FALSE(app::duty_desk_for(known, {"a1"}, at_night));
    EXPECT_FALSE(app::duty_desk_for(known, {"nowhere"}, at_night));
}

namespace {

std::vector<std::string> blocks_of(app::registry_copy const& copy) {
    std::vector<std::string> all;
    app::registry_copy_writer out(copy, [&](std::string const& block) { all.push_back(block); });
    copy.devices.each_line([&](std::string_view line) { out.add_line(line); });
    out.end();
    return all;
}

std::optional<app::registry_copy> read(std::vector<std::string> const& blocks) {
    app::registry_copy_reader in;
    for (auto const& each : blocks)
        if (!in.take(each)) return std::nullopt;
    return std::move(in).whole();
}

} // namespace

TEST(registry_copy, its_text_is_read_again_whole_or_not_at_all) {
    auto known = copy_of_the_town();
    known.version = 7;
    known.devices.append({"w0"}, {{}, {}, {"a1"}, "a\tb\nc", true});
    known.devices.sort();
    auto const text = blocks_of(known).at(0);
    auto const again = read({text});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->version, 7);
    EXPECT_EQ(again->sites, known.sites);
    EXPECT_EQ(again->devices.find({"b2"}), known.devices.find({"b2"}));
    EXPECT_EQ(again->devices.find({"w0"})->rough_place, "a b c");
    EXPECT_TRUE(again->devices.find({"w0"})->synthetic);
    EXPECT_FALSE(again->devices.find({"w2"}));
    EXPECT_FALSE(read({}));
    EXPECT_FALSE(read({""}));
    EXPECT_FALSE(read({text.substr(0, text.size() - 1)}));
    EXPECT_FALSE(read({text.substr(0, text.size() - 4)})) << "without its end";
    EXPECT_FALSE(read({"something else\n"}));
}

TEST(registry_copy, of_a_large_town_is_in_blocks_that_belong_together) {
    app::registry_copy known;
    for (int n = 0; n < 20'000; ++n)
        known.devices.append({"w" + std::to_string(n)}, {{"r"}, {"h"}, {"a1"}, "和平路3号楼"});
    known.devices.sort();
    auto blocks = blocks_of(known);
    ASSERT_GE(blocks.size(), 3U);
    auto const again = read(blocks);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->devices.size(), 20'000U);
    for (int n = 0; n < 20'000; n += 77)
        EXPECT_TRUE(again->devices.find({"w" + std::to_string(n)})) << n;
    known.version = 8;
    auto const newer = blocks_of(known);
    EXPECT_FALSE(read({blocks[0], newer[1], blocks[2]}));
    EXPECT_FALSE(read({blocks[0], blocks[0]}));
    std::swap(blocks[0], blocks[1]);
    EXPECT_FALSE(read(blocks));
    blocks = newer;
    blocks.pop_back();
    EXPECT_FALSE(read(blocks));
}

} // namespace linli::tests
