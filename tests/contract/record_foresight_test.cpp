// What is known of the devices ahead of their presses is what a reading says; and a commit that
// presumes it is refused once it is so no longer.
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using devices = std::vector<std::string>;

std::vector<app::presumed_device> as_in(app::foreseen_devices const& known, devices const& all) {
    std::vector<app::presumed_device> presumed;
    for (auto const& each : all)
        presumed.push_back({{each}, known.find({each})->stamp});
    return presumed;
}

} // namespace

TEST_P(record_contract, a_device_is_foreseen_as_it_is_read) {
    auto const known = keeper_->foreseen();
    for (std::string const device : {"w1", "w2", "box1", "w3"}) {
        SCOPED_TRACE(device);
        auto const foreseen = known->find({device});
        ASSERT_TRUE(foreseen);
        auto const seen = read(wants(signal_from{device}));
        auto const& facts = seen.devices.at({device});
        EXPECT_TRUE(foreseen->facts.registered);
        EXPECT_EQ(foreseen->facts.about, facts.about);
        EXPECT_EQ(foreseen->facts.area, facts.area);
        EXPECT_EQ(foreseen->facts.home, facts.home);
        EXPECT_EQ(foreseen->facts.resident, facts.resident);
        EXPECT_EQ(foreseen->facts.high_risk, facts.high_risk);
        EXPECT_EQ(foreseen->facts.what_for, facts.what_for);
        auto const& home = seen.homes.at(facts.home);
        EXPECT_EQ(foreseen->home.area, home.area);
        EXPECT_EQ(foreseen->home.rough_place, home.rough_place);
        EXPECT_EQ(foreseen->home.place, home.place);
        EXPECT_EQ(foreseen->home.needs_two, home.needs_two);
    }
}

TEST_P(record_contract, a_device_in_no_home_is_not_foreseen) {
    auto const known = keeper_->foreseen();
    EXPECT_FALSE(known->find({"spare"}));
    EXPECT_FALSE(known->find({"stranger"}));
}

TEST_P(record_contract, a_press_is_decided_by_what_is_so) {
    auto const known = keeper_->foreseen();
    auto const s = signal_of("w1:1:1", "w1");
    EXPECT_EQ(answer_to(changes_of(s, open_alert(1)), as_in(*known, {"w1"})), "done");
    auto const two = changes_of(signal_of("w2:1:1", "w2"), signal_of("box1:1:1", "box1"));
    EXPECT_EQ(answer_to(two, as_in(*known, {"w2", "box1"})), "done");
    EXPECT_EQ(keeper_->count_signals(), 3U);
}

TEST_P(record_contract, what_the_registry_says_no_longer_is_a_conflict) {
    auto const before = keeper_->foreseen();
    keeper_->is_flagged("h2", "violence");
    keeper_->wears("r1", "w2");
    EXPECT_EQ(answer_to(changes_of(signal_of("w3:1:1", "w3")), as_in(*before, {"w3"})), "conflict")
        << "nobody goes to his home alone any more";
    EXPECT_EQ(
        answer_to(changes_of(signal_of("w2:1:1", "w2"), open_alert(1)), as_in(*before, {"w2"})),
        "conflict")
        << "another wears it";
    EXPECT_EQ(keeper_->count_signals(), 0U);
    EXPECT_TRUE(read(wants(open_alert(1).id)).alerts.empty()) << "the whole or nothing";
    auto const now = keeper_->foreseen();
    EXPECT_EQ(answer_to(changes_of(signal_of("w3:1:1", "w3")), as_in(*now, {"w3"})), "done");
}

TEST_P(record_contract, one_device_of_a_batch_that_has_changed_hands_is_enough) {
    auto const before = keeper_->foreseen();
    keeper_->wears("r1", "w2");
    auto const batch = changes_of(signal_of("w1:1:1", "w1"), signal_of("w2:1:1", "w2"));
    EXPECT_EQ(answer_to(batch, as_in(*before, {"w1", "w2"})), "conflict");
    EXPECT_EQ(keeper_->count_signals(), 0U);
}

} // namespace linli::tests
