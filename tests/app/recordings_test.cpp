// One sealed file of each call that was recorded, whoever dies when, and nothing in clear behind
// it.
#include "app/recordings.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_recordings.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using testing::IsEmpty;
using testing::SizeIs;

class recordings_test : public testing::Test {
protected:
    void rang(std::string const& name, int number = 1) { told(name, call_event::ringing, number); }
    void ended(std::string const& name, int number = 1) { told(name, call_event::ended, number); }
    void looks() { run_on(loop_, recordings_.look()); }
    std::optional<recording_state> state(int number = 1) {
        auto const kept = run_on(loop_, kept_.kept_of(id(number).value)).value();
        return kept.empty() ? std::nullopt : std::optional(kept.front().second.state);
    }
    std::string heard(int number = 1) {
        auto const kept = run_on(loop_, kept_.kept_of(id(number).value)).value();
        return run_on(loop_, files_.read(kept.front().second.what, 0, 1000)).value();
    }
    static call_id id(int number) {
        call_id one;
        one.value.bytes[15] = static_cast<std::uint8_t>(number);
        return one;
    }

    boost::asio::io_context loop_;
    manual_clock clock_{evening};
    memory_record record_;
    memory_calls calls_{record_};
    memory_placed_calls placed_;
    memory_recordings kept_{record_, calls_, placed_};
    memory_recording_files files_;
    bool is_ours_ = true;
    app::recordings recordings_{{kept_, files_, clock_, [this] { return is_ours_; }}};

private:
    void told(std::string const& name, call_event what, int number) {
        call_report report;
        report.source = std::string(own_hotline);
        report.name = name;
        report.what = what;
        report.at = evening;
        report.number = "13800000001";
        ASSERT_TRUE(run_on(loop_, calls_.take(report, id(number), {"310000"})));
    }
};

} // namespace

TEST_F(recordings_test, waits_for_the_calls_end_and_makes_one_of_all_its_pieces) {
    rang("h1-1");
    files_.has("h1-1", {"first,", "second"});
    looks();
    EXPECT_EQ(state(), recording_state::recording);
    EXPECT_THAT(files_.plain, SizeIs(1));
    ended("h1-1");
    looks();
    EXPECT_EQ(state(), recording_state::sealed);
    EXPECT_EQ(heard(), "first,second");
    EXPECT_THAT(files_.plain, IsEmpty());
}

TEST_F(recordings_test, waits_for_what_is_still_being_written) {
    ended("h1-1");
    files_.has("h1-1", {"first"}, true);
    looks();
    EXPECT_EQ(state(), recording_state::recording);
    files_.has("h1-1", {"first", "second"});
    looks();
    EXPECT_EQ(heard(), "firstsecond");
}

TEST_F(recordings_test, of_a_call_that_nobody_has_told_of_waits) {
    files_.has("h1-1", {"first"});
    looks();
    EXPECT_EQ(recordings_.so_far().unknown, 1U);
    EXPECT_THAT(files_.plain, SizeIs(1));
    ended("h1-1");
    looks();
    EXPECT_EQ(recordings_.so_far().unknown, 0U);
    EXPECT_EQ(state(), recording_state::sealed);
}

TEST_F(recordings_test, whoever_dies_before_it_is_written_down_does_it_again) {
    ended("h1-1");
    files_.has("h1-1", {"first"});
    auto const one = files_.plain.at("h1-1");
    static_cast<void>(run_on(loop_, files_.seal(id(1), one))); // and it died
    looks();
    EXPECT_EQ(state(), recording_state::sealed);
    EXPECT_EQ(heard(), "first");
    EXPECT_THAT(files_.sealed_, SizeIs(1)) << "what was sealed for nothing has gone";
}

TEST_F(recordings_test, whoever_dies_before_the_plain_one_is_gone_takes_it_away) {
    ended("h1-1");
    files_.has("h1-1", {"first"});
    looks();
    auto const before = files_.made;
    files_.has("h1-1", {"first"}); // as if it had died before it was removed
    looks();
    EXPECT_THAT(files_.plain, IsEmpty());
    EXPECT_EQ(files_.made, before) << "it is not sealed twice";
    EXPECT_EQ(heard(), "first");
}

TEST_F(recordings_test, a_lost_answer_loses_no_recording_and_doubles_none) {
    ended("h1-1");
    files_.has("h1-1", {"first"});
    looks(); // the folder is looked at for what lies there unknown, once an hour
    ended("h1-2", 2);
    files_.has("h1-2", {"other"});
    ASSERT_TRUE(run_on(loop_, kept_.begun(id(2), evening)));
    kept_.loses_an_answer(); // of the question which call it is
    looks();
    EXPECT_THAT(files_.plain, SizeIs(1));
    looks();
    EXPECT_THAT(files_.plain, IsEmpty());
    EXPECT_EQ(heard(2), "other");
    EXPECT_THAT(files_.sealed_, SizeIs(2));
}

TEST_F(recordings_test, while_the_record_is_away_all_of_it_stays) {
    ended("h1-1");
    files_.has("h1-1", {"first"});
    kept_.away(true);
    looks();
    EXPECT_THAT(files_.plain, SizeIs(1));
    EXPECT_EQ(files_.made, 0);
    kept_.away(false);
    looks();
    EXPECT_EQ(state(), recording_state::sealed);
}

TEST_F(recordings_test, a_full_disk_is_told_and_tried_again_later) {
    ended("h1-1");
    files_.has("h1-1", {"first"});
    files_.is_full = true;
    looks();
    EXPECT_FALSE(recordings_.so_far().is_disk_well);
    EXPECT_EQ(recordings_.so_far().disk_errors, 1U);
    looks();
    EXPECT_EQ(recordings_.so_far().disk_errors, 1U) << "not at once";
    EXPECT_THAT(files_.plain, SizeIs(1));
    files_.is_full = false;
    clock_.fast_forward(std::chrono::seconds(30));
    looks();
    EXPECT_TRUE(recordings_.so_far().is_disk_well);
    EXPECT_EQ(state(), recording_state::sealed);
}

TEST_F(recordings_test, one_without_a_sound_has_failed_and_goes) {
    ended("h1-1");
    files_.has("h1-1", {""});
    files_.silent.insert("h1-1");
    looks();
    EXPECT_EQ(state(), recording_state::failed);
    EXPECT_THAT(files_.plain, IsEmpty());
}

TEST_F(recordings_test, what_nobody_may_hear_any_more_leaves_the_disk) {
    ended("h1-1");
    files_.has("h1-1", {"first"});
    looks();
    kept_.lets_go(id(1));
    looks();
    EXPECT_THAT(files_.sealed_, IsEmpty());
    EXPECT_EQ(state(), recording_state::gone);
}

TEST_F(recordings_test, of_whom_nothing_may_be_kept_nothing_is) {
    calls_.has_number("13800000001", {caller_kind::resident, "r1", 0, {"h1"}});
    ended("h1-1");
    files_.has("h1-1", {"first"});
    kept_.erases("r1");
    looks();
    EXPECT_THAT(files_.plain, IsEmpty());
    EXPECT_THAT(files_.sealed_, IsEmpty());
    EXPECT_EQ(state(), recording_state::gone);
}

} // namespace linli::tests
