// What everybody who keeps telemetry must do, on the twin and on PostgreSQL.
#include <cstdint>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/keeper.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::vital_sign;
using testing::ElementsAre;
using testing::IsEmpty;

domain::instant const noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h;
constexpr std::chrono::days keep_for{30};

domain::telemetry a_batch_of(std::string const& event, domain::instant received) {
    domain::telemetry t;
    t.event = {event};
    t.device = domain::device_of(t.event);
    t.received_at = received;
    t.vitals = {{received - 9min, vital_sign::heart_rate, 71}};
    return t;
}

domain::telemetry everything() {
    auto t = a_batch_of("w1:7:42", noon);
    t.vitals.push_back({std::nullopt, vital_sign::oxygen_saturation, 96.5});
    t.vitals.push_back({noon - 1us, vital_sign::weight, 81.25});
    t.fixes = {{noon, {36.0612345, 103.8343219, 12.5, domain::position_source::wifi}},
               {std::nullopt, {-36, -103, 0, domain::position_source::unknown}}};
    t.battery = {{noon - 24h, 1}, {std::nullopt, 100}};
    t.activities = {{noon, domain::activity_kind::water, 12.5},
                    {std::nullopt, domain::activity_kind::fine, 0}};
    t.raw = std::string("not all\0 of it", 14);
    return t;
}

class telemetry_contract : public testing::TestWithParam<telemetry_keeper_maker> {
protected:
    void SetUp() override {
        keeper_ = GetParam()();
        if (!keeper_) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run the contract on PostgreSQL";
    }

    // How many were new.
    std::size_t keeps(std::vector<domain::telemetry> const& batch) {
        return must(keeper_->record().keep(batch));
    }
    std::size_t turns_page(domain::instant now,
                           std::optional<std::chrono::days> how_long = keep_for) {
        return must(keeper_->record().turn_page(now, how_long));
    }
    std::map<std::string, domain::telemetry> kept() { return keeper_->kept(); }
    auto days() { return keeper_->days(); }

    std::size_t must(runtime::task<app::record_result<std::size_t>> work) {
        auto const done = run_on(loop_, std::move(work));
        if (!done) throw std::runtime_error("the record says " + in_words(done.error()));
        return *done;
    }

    boost::asio::io_context loop_;
    std::unique_ptr<telemetry_keeper> keeper_;
};

std::string name_of(testing::TestParamInfo<telemetry_keeper_maker> const& who) {
    return who.param == telemetry_on_memory ? "memory" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(on, telemetry_contract,
                         testing::Values(telemetry_on_memory, telemetry_on_postgres), name_of);

} // namespace

TEST_P(telemetry_contract, keeps_what_was_measured_as_it_was) {
    EXPECT_EQ(keeps({everything()}), 1U);
    EXPECT_EQ(kept().at("w1:7:42"), everything());
}

TEST_P(telemetry_contract, keeps_an_empty_one_and_bytes_that_nobody_could_read) {
    auto nothing = a_batch_of("w1:x:00ff00ff00ff00ff:178000000", noon);
    nothing.vitals.clear();
    nothing.raw = "\xff\xfe rubbish";
    EXPECT_EQ(keeps({nothing}), 1U);
    EXPECT_EQ(kept().at(nothing.event.value), nothing);
}

TEST_P(telemetry_contract, keeps_once_what_is_sent_twice) {
    auto const first = a_batch_of("w1:7:42", noon);
    auto again = first;
    again.received_at += 5s;
    EXPECT_EQ(keeps({first}), 1U);
    EXPECT_EQ(keeps({again}), 0U);
    EXPECT_EQ(kept().at("w1:7:42").received_at, noon);
}

TEST_P(telemetry_contract, keeps_once_what_is_twice_in_one_batch_over_midnight_too) {
    auto const first = a_batch_of("w1:7:42", noon);
    auto same_day = first;
    same_day.received_at += 5s;
    auto next_day = first;
    next_day.received_at += 24h;
    EXPECT_EQ(keeps({first, same_day, next_day, a_batch_of("w1:7:43", noon + 1s)}), 2U);
    EXPECT_EQ(kept().at("w1:7:42").received_at, noon);
    EXPECT_THAT(days(), ElementsAre("2026-11-23"));
}

TEST_P(telemetry_contract, knows_for_three_days_what_it_has_kept) {
    keeps({a_batch_of("w1:7:42", noon)});
    turns_page(noon + 72h);
    EXPECT_EQ(keeps({a_batch_of("w1:7:42", noon + 72h)}), 0U);
    turns_page(noon + 96h);
    EXPECT_EQ(keeps({a_batch_of("w1:7:42", noon + 96h)}), 1U);
}

TEST_P(telemetry_contract, tells_devices_boots_and_those_without_numbers_apart) {
    EXPECT_EQ(keeps({a_batch_of("w1:7:42", noon), a_batch_of("w2:7:42", noon + 1s),
                     a_batch_of("w1:8:42", noon + 2s), a_batch_of("w1:7:43", noon + 3s),
                     a_batch_of("w1:18446744073709551615:18446744073709551615", noon + 4s),
                     a_batch_of("w1:x:000000000000002a:7", noon + 5s),
                     a_batch_of("w1:n:000000000000002a", noon + 6s)}),
              7U);
    EXPECT_EQ(kept().size(), 7U);
    EXPECT_EQ(kept().count("w1:18446744073709551615:18446744073709551615"), 1U);
    EXPECT_EQ(kept().count("w1:x:000000000000002a:7"), 1U);
    EXPECT_EQ(kept().count("w1:n:000000000000002a"), 1U);
}

// The maker gives each message an id, of which the event has a digest and nothing else.
TEST_P(telemetry_contract, keeps_each_that_its_maker_has_named_and_keeps_it_once) {
    std::vector<domain::telemetry> all;
    for (int n = 0; n < 100; ++n) {
        auto const digest = static_cast<std::uint64_t>(n) * 0x9e37'79b9'7f4a'7c15U;
        all.push_back(
            a_batch_of(fmt::format("imede.w1:n:{:016x}", digest), noon + std::chrono::seconds(n)));
    }
    EXPECT_EQ(keeps(all), 100U);
    EXPECT_EQ(keeps(all), 0U);
    auto const seen = kept();
    for (auto const& each : all)
        EXPECT_EQ(seen.count(each.event.value), 1U) << each.event.value;
}

TEST_P(telemetry_contract, makes_room_for_a_day_that_nobody_has_made) {
    EXPECT_EQ(keeps({a_batch_of("w1:1:1", noon), a_batch_of("w1:1:2", noon + 12h),
                     a_batch_of("w1:1:3", noon - 1000h)}),
              3U);
    EXPECT_THAT(days(), ElementsAre("2026-10-12", "2026-11-23", "2026-11-24"));
}

TEST_P(telemetry_contract, forgets_days_that_have_been_kept_for_long_enough) {
    keeps({a_batch_of("w1:1:1", noon), a_batch_of("w1:1:2", noon + 24h)});
    EXPECT_EQ(turns_page(noon + 24h * 30), 0U);
    EXPECT_THAT(days(), ElementsAre("2026-11-23", "2026-11-24"));
    EXPECT_EQ(turns_page(noon + 24h * 31), 1U);
    EXPECT_THAT(days(), ElementsAre("2026-11-24"));
    EXPECT_EQ(turns_page(noon + 24h * 31), 0U);
}

TEST_P(telemetry_contract, forgets_nothing_by_a_clock_that_may_be_wrong) {
    keeps({a_batch_of("w1:1:1", noon)});
    EXPECT_EQ(turns_page(noon + 24h * 365, std::nullopt), 0U);
    EXPECT_EQ(kept().size(), 1U);
    EXPECT_EQ(keeps({a_batch_of("w1:1:1", noon + 24h)}), 0U) << "known still";
}

TEST_P(telemetry_contract, goes_on_when_somebody_else_has_dropped_a_day) {
    keeps({a_batch_of("w1:1:1", noon)});
    keeper_->loses("2026-11-23");
    EXPECT_EQ(keeps({a_batch_of("w1:1:2", noon)}), 1U);
    EXPECT_EQ(kept().size(), 1U);
}

TEST_P(telemetry_contract, keeps_values_that_only_a_fault_can_have_made) {
    auto odd = a_batch_of("w1:1:1", noon);
    odd.vitals[0].at = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
    odd.vitals.push_back(
        {std::chrono::sys_days(std::chrono::year(9999) / 12 / 31) + 23h, vital_sign::steps, 0});
    odd.fixes = {{noon, {1, 1, 1e300, domain::position_source::gps}}};
    EXPECT_EQ(keeps({odd}), 1U);
    EXPECT_EQ(kept().at("w1:1:1").vitals, odd.vitals);
    EXPECT_GE(kept().at("w1:1:1").fixes.at(0).where.accuracy_m, 4e7);
}

} // namespace linli::tests
