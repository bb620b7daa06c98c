// The faults of the twin; that it keeps the contract is tests/contract's to show.
#include "support/memory_record.hpp"

#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include "support/evening.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

using app::record_errc;

namespace {

app::changes a_press(std::string const& event) {
    app::stored_signal s;
    s.what.event = {event};
    s.what.device = {"w1"};
    s.about = {domain::subject_kind::resident, "r1"};
    app::changes all;
    all.at = evening;
    all.signals.push_back(s);
    return all;
}

struct house {
    boost::asio::io_context loop;
    memory_record record;

    std::optional<record_errc> commit(app::changes const& what) {
        auto const done = run_on(loop, record.commit(what));
        if (done) return std::nullopt;
        return done.error();
    }
    bool holds(std::string const& event) const { return record.holds().signals.contains(event); }
};

} // namespace

TEST(memory_record, while_the_database_is_away_nothing_answers_and_nothing_is_lost) {
    house h;
    EXPECT_EQ(h.commit(a_press("w1:1:1")), std::nullopt);
    h.record.away(true);
    EXPECT_EQ(h.commit(a_press("w1:1:2")), record_errc::away);
    EXPECT_FALSE(run_on(h.loop, h.record.read({})));
    EXPECT_FALSE(run_on(h.loop, h.record.due(evening, 1)));
    EXPECT_FALSE(run_on(h.loop, h.record.load_registry()));
    h.record.away(false);
    EXPECT_EQ(h.commit(a_press("w1:1:2")), std::nullopt);
    EXPECT_TRUE(h.holds("w1:1:1"));
    EXPECT_EQ(h.record.commits(), 2U);
}

TEST(memory_record, a_commit_fails_before_it_is_applied) {
    house h;
    h.record.fail_next_commit(record_errc::away);
    EXPECT_EQ(h.commit(a_press("w1:1:1")), record_errc::away);
    EXPECT_FALSE(h.holds("w1:1:1"));
    EXPECT_EQ(h.commit(a_press("w1:1:1")), std::nullopt);
}

TEST(memory_record, a_commit_is_applied_and_nobody_hears_of_it) {
    house h;
    h.record.fail_next_commit(record_errc::away, memory_record::moment::after_applying);
    EXPECT_EQ(h.commit(a_press("w1:1:1")), record_errc::away);
    EXPECT_TRUE(h.holds("w1:1:1"));
    EXPECT_EQ(h.commit(a_press("w1:1:1")), record_errc::conflict) << "tried again, it is there";
}

TEST(memory_record, failures_queue_up) {
    house h;
    h.record.fail_next_commit(record_errc::away);
    h.record.fail_next_commit(record_errc::conflict);
    EXPECT_EQ(h.commit(a_press("w1:1:1")), record_errc::away);
    EXPECT_EQ(h.commit(a_press("w1:1:1")), record_errc::conflict);
    EXPECT_EQ(h.commit(a_press("w1:1:1")), std::nullopt);
}

TEST(memory_record, one_signal_spoils_its_batch_until_it_comes_bare) {
    house h;
    h.record.cannot_store({"w1:1:1"});
    auto bad = a_press("w1:1:1");
    bad.signals[0].what.text = "words that no database takes";
    bad.signals.push_back(a_press("w1:1:2").signals[0]);
    EXPECT_EQ(h.commit(bad), record_errc::bad_data);
    EXPECT_FALSE(h.holds("w1:1:2"));
    EXPECT_EQ(h.commit(a_press("w1:1:1")), std::nullopt);
}

TEST(memory_record, others_run_while_a_call_waits) {
    house h;
    bool other_ran = false;
    auto const what = a_press("w1:1:1");
    bool committed = false;
    boost::asio::co_spawn(h.loop, h.record.commit(what),
                          [&](std::exception_ptr, app::record_result<void> const& done) {
                              committed = done.has_value();
                              EXPECT_TRUE(other_ran);
                          });
    boost::asio::post(h.loop, [&] {
        EXPECT_FALSE(h.holds("w1:1:1"));
        other_ran = true;
    });
    h.loop.run();
    EXPECT_TRUE(committed);
}

TEST(memory_record, an_import_makes_a_new_version) {
    house h;
    auto const before = run_on(h.loop, h.record.registry_version());
    h.record.becomes(a_city().with_station("s1").with(worker("k1").certified("first_aid")));
    auto const after = run_on(h.loop, h.record.registry_version());
    EXPECT_GT(*after, *before);
    auto const all = run_on(h.loop, h.record.load_registry());
    ASSERT_EQ(all->workers.size(), 1U);
    EXPECT_EQ(all->workers[0].site, "s1");
    EXPECT_EQ(all->sites.back().parent, domain::site_id{"city"});
}

} // namespace linli::tests
