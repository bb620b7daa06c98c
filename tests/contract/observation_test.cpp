// What everybody who remembers how long something has been so must do, on the twin and on
// PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/keeper.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

domain::instant const noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h;

domain::dwell a_row(std::string const& rule) {
    domain::dwell d;
    d.about = {domain::subject_kind::resident, "r1"};
    d.rule = rule;
    d.device = {"w1"};
    d.last_at = noon;
    return d;
}

class observation_contract : public testing::TestWithParam<observation_keeper_maker> {
protected:
    void SetUp() override {
        keeper_ = GetParam()();
        if (!keeper_) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run the contract on PostgreSQL";
    }

    app::observed knows(std::string const& device) {
        auto const known = run_on(loop_, keeper_->record().read({{device}}));
        if (!known) throw std::runtime_error("the record says " + in_words(known.error()));
        return *known;
    }
    std::string keeps(std::vector<domain::dwell> const& rows) {
        auto const kept = run_on(loop_, keeper_->record().keep(rows));
        return kept ? "done" : in_words(kept.error());
    }
    app::due_dwells due(domain::instant now, int limit = 10,
                        app::due_rules of = app::due_rules::all) {
        return run_on(loop_, keeper_->record().due(now, limit, of)).value();
    }

    boost::asio::io_context loop_;
    std::unique_ptr<observation_keeper> keeper_;
};

std::string name_of(testing::TestParamInfo<observation_keeper_maker> const& who) {
    return who.param == observation_on_memory ? "memory" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(on, observation_contract,
                         testing::Values(observation_on_memory, observation_on_postgres), name_of);

} // namespace

TEST_P(observation_contract, remembers_all_of_a_row) {
    auto row = a_row("outside");
    row.told = true;
    row.since = noon - 3min;
    row.value = 152.5;
    row.place = {36.06, 103.83, 12.5, domain::position_source::wifi};
    row.due_at = noon + 1us;
    row.began_at = noon - 4min;
    row.again_at = noon + 2us;
    EXPECT_EQ(keeps({row, a_row("heart_rate.high")}), "done");
    row.version = 1;
    auto other = a_row("heart_rate.high");
    other.version = 1;
    EXPECT_THAT(knows("w1").rows, ElementsAre(other, row));
    row.told = false;
    row.since.reset();
    row.due_at.reset();
    row.began_at.reset();
    row.again_at.reset();
    row.place.reset();
    EXPECT_EQ(keeps({row}), "done");
    row.version = 2;
    EXPECT_THAT(knows("w1").rows, ElementsAre(other, row));
}

TEST_P(observation_contract, of_two_who_write_the_second_reads_again) {
    EXPECT_EQ(keeps({a_row("outside")}), "done");
    EXPECT_EQ(keeps({a_row("outside")}), "conflict");
    auto first = knows("w1").rows.at(0);
    auto second = first;
    first.value = 1;
    second.value = 2;
    EXPECT_EQ(keeps({first}), "done");
    EXPECT_EQ(keeps({a_row("news2"), second}), "conflict");
    EXPECT_THAT(knows("w1").rows, testing::SizeIs(1)); // all or none
    EXPECT_EQ(knows("w1").rows.at(0).value, 1);
}

TEST_P(observation_contract, tells_what_is_due_the_longest_overdue_first) {
    auto early = a_row("a");
    early.due_at = noon;
    auto late = a_row("b");
    late.due_at = noon + 5min;
    keeps({late, early, a_row("c")});
    EXPECT_THAT(due(noon - 1us).rows, IsEmpty());
    EXPECT_EQ(due(noon - 1us).next, noon);
    auto const now = due(noon + 5min);
    ASSERT_THAT(now.rows, testing::SizeIs(2));
    EXPECT_EQ(now.rows.at(0).rule, "a");
    EXPECT_FALSE(now.next);
    EXPECT_THAT(due(noon + 5min, 1).rows, testing::SizeIs(1));
}

TEST_P(observation_contract, leaves_silences_alone_while_nobody_is_heard) {
    auto silence = a_row("silence");
    silence.due_at = noon;
    auto pulse = a_row("heart_rate.high");
    pulse.due_at = noon + 1min;
    keeps({silence, pulse});
    auto const now = due(noon + 5min, 10, app::due_rules::all_but_silence);
    ASSERT_THAT(now.rows, testing::SizeIs(1));
    EXPECT_EQ(now.rows.at(0).rule, "heart_rate.high");
    EXPECT_EQ(due(noon - 1us, 10, app::due_rules::all_but_silence).next, pulse.due_at);
}

TEST_P(observation_contract, silences_last_less_by_what_could_not_be_heard) {
    auto before = a_row("silence");
    before.since = noon - 1h;
    before.due_at = noon + 1h;
    auto other = a_row("outside");
    other.since = noon - 1h;
    keeps({before, other});
    ASSERT_TRUE(run_on(loop_, keeper_->record().unheard(noon, noon + 5h)));
    auto rows = knows("w1").rows;
    EXPECT_EQ(rows.at(0), (other.version = 1, other));
    EXPECT_EQ(rows.at(1).since, noon + 4h);
    EXPECT_EQ(rows.at(1).due_at, before.due_at) << "it is looked at then, and put off";
    EXPECT_EQ(rows.at(1).version, 2U);
    ASSERT_TRUE(run_on(loop_, keeper_->record().unheard(noon, noon + 5h)));
    EXPECT_EQ(knows("w1").rows, rows) << "who moved in between was heard";
}

TEST_P(observation_contract, what_could_not_be_heard_counts_once_however_often_it_is_said) {
    auto before = a_row("silence");
    before.since = noon - 5h;
    keeps({before});
    for (int times = 0; times < 2; ++times) { // the answer to the first was lost
        ASSERT_TRUE(run_on(loop_, keeper_->record().unheard(noon, noon + 1h)));
        EXPECT_EQ(knows("w1").rows.at(0).since, noon - 4h);
    }
    // A server that begins within the same outage hears the broker later.
    ASSERT_TRUE(run_on(loop_, keeper_->record().unheard(noon, noon + 90min)));
    EXPECT_EQ(knows("w1").rows.at(0).since, noon - 3h - 30min);
    ASSERT_TRUE(run_on(loop_, keeper_->record().unheard(noon, noon + 1h)));
    EXPECT_EQ(knows("w1").rows.at(0).since, noon - 3h - 30min);

    auto moved = knows("w1").rows.at(0);
    moved.since = noon + 100min;
    keeps({moved});
    ASSERT_TRUE(run_on(loop_, keeper_->record().unheard(noon + 3h, noon + 4h)));
    EXPECT_EQ(knows("w1").rows.at(0).since, noon + 160min) << "the next outage";
}

TEST_P(observation_contract, all_silences_of_a_city_are_put_off) {
    constexpr int homes = 5'001; // more than one portion takes
    std::vector<domain::dwell> rows;
    for (int home = 0; home < homes; ++home) {
        auto one = a_row("silence");
        one.about = {domain::subject_kind::home, "x" + std::to_string(home)};
        one.since = noon - 1h;
        one.due_at = noon;
        rows.push_back(one);
    }
    EXPECT_EQ(keeps(rows), "done");
    ASSERT_TRUE(run_on(loop_, keeper_->record().unheard(noon, noon + 1h)));
    auto const all = due(noon, homes + 1).rows;
    ASSERT_EQ(all.size(), static_cast<std::size_t>(homes));
    for (auto const& each : all)
        EXPECT_EQ(each.since, noon) << each.about.id;
}

TEST_P(observation_contract, knows_since_when_the_broker_is_away) {
    auto const deaf = [&](domain::instant then) {
        return run_on(loop_, keeper_->record().deaf_since(then)).value();
    };
    EXPECT_EQ(deaf(noon), std::nullopt);
    keeper_->broker_is_out(noon - 5h, noon - 4h);
    EXPECT_EQ(deaf(noon), std::nullopt) << "that is over";
    EXPECT_EQ(deaf(noon - 4h), noon - 5h) << "it ended while somebody began to listen";
    keeper_->broker_is_out(noon - 1h, std::nullopt);
    EXPECT_EQ(deaf(noon), noon - 1h);
}

TEST_P(observation_contract, knows_of_whom_a_device_tells_and_what_is_agreed) {
    domain::care agreed;
    agreed.limits = {{domain::vital_sign::oxygen_saturation, 88, std::nullopt, std::nullopt},
                     {domain::vital_sign::heart_rate, std::nullopt, 130, domain::seconds{60}}};
    agreed.zones = {{"river", domain::zone_kind::forbidden, "POLYGON((0 0,0 1,1 1,0 0))"},
                    {"yard", domain::zone_kind::home, "POLYGON((2 0,2 1,3 1,2 0))"}};
    keeper_->agree(agreed, {{0, 420, domain::minutes(600)}, {420, 1440, domain::minutes(240)}});
    auto const w1 = knows("w1").devices.at({"w1"});
    EXPECT_EQ(to_string(w1.about), "resident:r1");
    EXPECT_EQ(w1.zones, agreed.zones);
    EXPECT_THAT(w1.limits, testing::UnorderedElementsAreArray(agreed.limits));
    auto const box = knows("box1").devices.at({"box1"});
    EXPECT_EQ(to_string(box.about), "home:h1");
    EXPECT_THAT(box.parts, testing::SizeIs(2));
    EXPECT_EQ(box.parts.at(0), (domain::day_part{0, 420, domain::minutes(600)}));
}

TEST_P(observation_contract, a_home_is_empty_when_all_of_its_residents_are_away) {
    EXPECT_TRUE(knows("box1").devices.at({"box1"}).is_present);
    keeper_->becomes({"r1"}, "hospital");
    EXPECT_FALSE(knows("w1").devices.at({"w1"}).is_present);
    EXPECT_TRUE(knows("box1").devices.at({"box1"}).is_present);
    keeper_->becomes({"r2"}, "away");
    EXPECT_FALSE(knows("box1").devices.at({"box1"}).is_present);
}

TEST_P(observation_contract, finds_who_would_tell_of_the_same_as_well) {
    auto const heirs = [&](domain::subject whom) {
        return run_on(loop_, keeper_->record().heirs({std::move(whom)})).value();
    };
    EXPECT_THAT(heirs({domain::subject_kind::resident, "r1"}),
                ElementsAre(domain::device_id{"w1"}));
    EXPECT_THAT(heirs({domain::subject_kind::home, "h1"}), IsEmpty()) << "a button box sees nobody";
    EXPECT_THAT(heirs({domain::subject_kind::resident, "nobody"}), IsEmpty());
}

TEST_P(observation_contract, knows_nothing_of_a_device_that_is_nobodys) {
    EXPECT_TRUE(knows("spare").devices.empty());
    EXPECT_TRUE(knows("unheard-of").devices.empty());
}

} // namespace linli::tests
