// What a press finds in the record is foreseen, so that the record isn't asked; and a foresight
// that was wrong costs a second attempt and nothing else.
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "support/memory_picture.hpp"

namespace linli::tests {

using domain::signal_kind;

namespace {

// Knows the registry as it is at the start.
struct knowing : bench_top {
    knowing() { dispatch.knows(foreseen_by(record.town())); }
    explicit knowing(city town) : bench_top(std::move(town)) {
        dispatch.knows(foreseen_by(record.town()));
    }

    // How often the record was asked for it.
    std::size_t reads_for(std::vector<app::input> batch) {
        auto const before = record.reads();
        takes(std::move(batch));
        return record.reads() - before;
    }
};

city with_couple() {
    return a_city()
        .with_station("s1")
        .with(resident("r1").at_home("h1").wears("w1"))
        .with(resident("r2").at_home("h1").wears("w2"))
        .with(home("h2").has("b2"))
        .with(worker("k1").of("p1").certified("first_aid").wears("own1"))
        .with(worker("k2").of("p2").certified("first_aid"));
}

} // namespace

TEST(foresight, a_press_where_nothing_is_open_asks_nothing) {
    knowing b;
    EXPECT_EQ(b.reads_for({b.press("w1", 1), b.press("b2", 1)}), 0U);
    EXPECT_EQ(b.record.holds().alerts.size(), 2U);
    EXPECT_EQ(b.record.holds().orders.size(), 2U);
    EXPECT_EQ(b.told("provider:p1") + b.told("provider:p2"), 2U);
}

TEST(foresight, says_what_the_record_says) {
    bench_top asking;
    knowing b;
    for (auto* const each : {&asking, static_cast<bench_top*>(&b)})
        each->takes({each->press("w1", 1)});
    auto const& asked = asking.only_alert();
    auto const& foreseen = b.only_alert();
    EXPECT_EQ(foreseen.about, asked.about);
    EXPECT_EQ(foreseen.home, asked.home);
    EXPECT_EQ(foreseen.area, asked.area);
    EXPECT_EQ(foreseen.resident, asked.resident);
    EXPECT_EQ(foreseen.level, asked.level);
    EXPECT_EQ(b.news().rough_place, asking.news().rough_place);
    EXPECT_EQ(b.news().offer.distance_m, asking.news().offer.distance_m);
}

TEST(foresight, a_second_press_is_asked_about_because_an_alert_is_open) {
    knowing b;
    b.takes({b.press("w1", 1)});
    EXPECT_EQ(b.reads_for({b.press("w1", 2)}), 1U);
    EXPECT_EQ(b.only_alert().signals, 2U);
    EXPECT_EQ(b.reads_for({b.press("w1", 2)}), 1U) << "the same again";
    EXPECT_EQ(b.only_alert().signals, 2U);
}

TEST(foresight, what_another_process_has_opened_is_joined_by_the_second_attempt) {
    knowing b;
    bench_top other;
    other.takes({other.press("w1", 7)});
    b.record.while_committing = [&] {
        b.record.while_committing = nullptr;
        run_on(other.loop, b.record.commit(other.committed.back()));
    };
    EXPECT_EQ(b.reads_for({b.press("w1", 1)}), 1U);
    EXPECT_EQ(b.only_alert().signals, 2U);
}

TEST(foresight, a_device_that_another_wears_by_now_is_his) {
    knowing b(with_couple());
    b.record.becomes(a_city()
                         .with_station("s1")
                         .with(resident("r1").at_home("h1"))
                         .with(resident("r2").at_home("h1").wears("w1"))
                         .with(worker("k1").of("p1").certified("first_aid")));
    EXPECT_EQ(b.reads_for({b.press("w1", 1)}), 1U);
    EXPECT_EQ(b.only_alert().resident, domain::resident_id{"r2"});
}

TEST(foresight, a_home_with_violence_by_now_is_no_home_for_one_alone) {
    knowing b;
    b.record.becomes(a_city()
                         .with_station("s1")
                         .with(home("h1").flagged("violence"))
                         .with(resident("r1").at_home("h1").wears("w1"))
                         .with(worker("k1").of("p1").certified("first_aid")));
    EXPECT_EQ(b.reads_for({b.press("w1", 1)}), 1U);
}

TEST(foresight, who_was_wrong_asks_for_a_second) {
    knowing b(with_couple());
    b.record.fail_next_commit(app::record_errc::conflict);
    b.takes({b.press("w1", 1)});
    EXPECT_EQ(b.reads_for({b.press("w2", 1)}), 1U);
    b.clock.fast_forward(domain::seconds(1));
    EXPECT_EQ(b.reads_for({b.press("b2", 1)}), 0U);
}

TEST(foresight, a_press_in_doubt_is_known_when_it_comes_again) {
    knowing b;
    b.record.fail_next_commit(app::record_errc::away, memory_record::moment::after_applying);
    EXPECT_FALSE(b.tries({b.press("w1", 1)}));
    b.clock.fast_forward(domain::seconds(5)); // guesses again
    b.takes({b.press("w1", 1)});
    EXPECT_EQ(b.only_alert().signals, 1U);
}

TEST(foresight, when_all_is_closed_the_next_press_is_foreseen_again) {
    knowing b;
    b.takes({b.press("w1", 1)});
    auto const id = b.only_alert().id;
    b.takes({app::alert_command{id, domain::claim{{"o1"}}, {}}});
    b.takes({app::alert_command{
        id, domain::close{{"o1"}, domain::disposition::false_alarm, "按错了"}, {}}});
    ASSERT_FALSE(is_open(b.only_alert()));
    EXPECT_EQ(b.reads_for({b.press("w1", 2)}), 0U);
    EXPECT_EQ(b.record.holds().alerts.size(), 2U);
}

TEST(foresight, what_ends_something_is_never_guessed_at) {
    knowing b;
    EXPECT_EQ(b.reads_for({b.press("w1", 1, signal_kind::fall_cancelled)}), 1U)
        << "it would end nothing, and nobody would notice";
}

TEST(foresight, strangers_and_workers_are_asked_about) {
    knowing b(with_couple());
    EXPECT_EQ(b.reads_for({b.press("nobodys", 1)}), 1U);
    EXPECT_EQ(b.reads_for({b.press("own1", 1)}), 1U) << "he is wherever he is";
    EXPECT_EQ(b.reads_for({b.press("w1", 1), b.press("nobodys", 2)}), 1U);
}

TEST(foresight, a_couples_two_watches_are_two_alerts) {
    knowing b(with_couple());
    EXPECT_EQ(b.reads_for({b.press("w1", 1), b.press("w2", 1)}), 0U);
    EXPECT_EQ(b.record.holds().alerts.size(), 2U);
}

} // namespace linli::tests
