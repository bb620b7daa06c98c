// The devices of a city in memory: each is told back as it was given, and is small.
#include "app/supervised_devices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::trouble;
using testing::ElementsAre;
using testing::IsEmpty;

domain::outage_id outage_number(std::uint8_t number) {
    domain::outage_id id;
    id.value.bytes[15] = number;
    return id;
}

app::supervised_device watch(std::string const& id, std::string const& area = "street") {
    app::supervised_device d{{id}, "watch", {area}, "mqtt", {}, {}};
    d.health.known_since = evening;
    return d;
}

// With something of everything.
app::supervised_device full(std::string const& id) {
    auto d = watch(id);
    d.health.heard_at = evening + 1s;
    d.health.pressed_at = evening + 2s;
    d.health.at_broker = domain::broker_word::offline;
    d.health.broker_said_at = evening + 3s;
    d.health.battery_percent = 7;
    d.health.battery_at = evening + 4s;
    d.health.open[static_cast<std::size_t>(trouble::offline)] = evening + 5s;
    d.health.open[static_cast<std::size_t>(trouble::battery)] = evening + 6s;
    d.health.done[static_cast<std::size_t>(trouble::test_overdue)] = evening + 7s;
    d.outage = outage_number(1);
    return d;
}

class devices_in_memory : public testing::Test {
protected:
    devices_in_memory() { all.set_parents({{{"street"}, {"district"}}, {{"district"}, {"city"}}}); }

    app::supervised_devices all{[](std::string const& kind) {
        domain::supervision_limits held_to;
        if (kind == "box") held_to.silent = 1h;
        return held_to;
    }};
};

} // namespace

TEST_F(devices_in_memory, each_is_told_back_as_it_was_given) {
    auto const bare = all.add(watch("w1"));
    auto const rich = all.add(full("w2"));
    EXPECT_EQ(all.whole(bare), watch("w1"));
    EXPECT_EQ(all.whole(rich), full("w2"));
    EXPECT_EQ(all.find({"w2"}), rich);
    EXPECT_EQ(all.find({"w3"}), std::nullopt);
    auto better = full("w2").health;
    better.open = {};
    better.done = {};
    all.keep(rich, better);
    EXPECT_EQ(all.health(rich), better);
    EXPECT_EQ(all.health(bare), watch("w1").health);
}

TEST_F(devices_in_memory, counts_follow_what_changes) {
    auto const p = all.add(full("w1"));
    all.add(watch("w2"));
    EXPECT_EQ(all.offline(), 1U);
    EXPECT_EQ(all.by_broker(), 2U);
    EXPECT_EQ(all.devices_in({"city"}), 2);
    EXPECT_THAT(all.in_outage(outage_number(1)), ElementsAre(p));
    all.keep(p, watch("w1").health);
    all.heard_by(p, "watch_tcp");
    all.belongs_to(p, std::nullopt);
    EXPECT_TRUE(all.moves(p, "box", {"elsewhere"}));
    EXPECT_FALSE(all.moves(p, "box", {"elsewhere"}));
    EXPECT_EQ(all.offline(), 0U);
    EXPECT_EQ(all.by_broker(), 1U);
    EXPECT_EQ(all.devices_in({"city"}), 1);
    EXPECT_EQ(all.held_to(p).silent, 1h);
    EXPECT_THAT(all.in_outage(outage_number(1)), IsEmpty());
}

TEST_F(devices_in_memory, whoever_goes_leaves_nothing_to_the_next_in_his_place) {
    auto const p = all.add(full("w1"));
    all.becomes_dirty(p);
    all.remove(p);
    EXPECT_EQ(all.size(), 0U);
    EXPECT_EQ(all.offline(), 0U);
    EXPECT_EQ(all.by_broker(), 0U);
    EXPECT_EQ(all.devices_in({"city"}), 0);
    EXPECT_EQ(all.find({"w1"}), std::nullopt);
    auto const next = all.add(watch("w2"));
    EXPECT_EQ(next, p);
    EXPECT_EQ(all.whole(next), watch("w2"));
    EXPECT_TRUE(all.becomes_dirty(next));
}

TEST_F(devices_in_memory, areas_may_be_divided_anew) {
    auto const p = all.add(watch("w1"));
    all.add(watch("w2", "district"));
    EXPECT_EQ(all.devices_in({"district"}), 2);
    all.set_parents({{{"street"}, {"city"}}, {{"district"}, {"city"}}});
    EXPECT_EQ(all.devices_in({"district"}), 1);
    EXPECT_EQ(all.devices_in({"city"}), 2);
    EXPECT_THAT(all.upwards(p), ElementsAre(domain::area_id{"street"}, domain::area_id{"city"}));
}

TEST_F(devices_in_memory, a_beat_is_worth_writing_now_and_then_and_a_press_at_once) {
    auto const p = all.add(watch("w1"));
    auto health = all.health(p);
    EXPECT_FALSE(all.is_worth_writing(p));
    health.heard_at = evening;
    all.keep(p, health);
    EXPECT_TRUE(all.is_worth_writing(p)) << "heard for the first time";
    all.is_written(p, health);
    health.heard_at = evening + 14min;
    all.keep(p, health);
    EXPECT_FALSE(all.is_worth_writing(p));
    health.heard_at = evening + 15min;
    all.keep(p, health);
    EXPECT_TRUE(all.is_worth_writing(p));
    all.is_written(p, health);
    health.pressed_at = evening + 16min;
    all.keep(p, health);
    EXPECT_TRUE(all.is_worth_writing(p));
}

TEST_F(devices_in_memory, a_hundred_thousand_are_found_again) {
    constexpr std::uint32_t many = 100'000;
    for (std::uint32_t n = 0; n < many; ++n)
        all.add(watch("8613" + std::to_string(10'000'000'000 + n)));
    for (std::uint32_t n = 0; n < many; n += 997)
        EXPECT_EQ(all.find({"8613" + std::to_string(10'000'000'000 + n)}), n);
}

} // namespace linli::tests
