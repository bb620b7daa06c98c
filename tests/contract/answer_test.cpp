// What everybody who keeps the answers to commands must do, on the twin and on PostgreSQL: the same
// key has the same answer, also at another server.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using answer = app::answer_record::answer;
using command = app::answer_record::command;
using found = app::answer_record::found;
using standing = app::answer_record::standing;

class answer_contract : public contract_of<answer_keeper> {
protected:
    static command note(std::string const& key, domain::duration after = 0s) {
        return {
            {"zhang"}, key, "POST/v1/alerts/1/note\n{\"text\":\"Sun Mei fell\"}", evening + after};
    }
    found begins(command const& what) { return must(keeper_->record().begin(what)); }
    void ends(command const& what, answer const& said) { must(keeper_->record().end(what, said)); }
    std::size_t forgets(domain::duration before, int limit = 100) {
        return must(keeper_->record().forget(evening + before, limit));
    }
};

TEST_P(answer_contract, the_same_key_has_the_same_answer) {
    EXPECT_EQ(begins(note("k1")).how, standing::fresh);
    answer const done{200, std::string("{\"version\":3}\0…", 17)};
    ends(note("k1"), done);
    auto const again = begins(note("k1", 1h));
    EXPECT_EQ(again.how, standing::answered);
    EXPECT_EQ(again.said, done);
}

TEST_P(answer_contract, a_refusal_is_an_answer_and_so_is_an_empty_one) {
    for (auto const& said : {answer{409, "{\"code\":\"held\"}"}, answer{204, ""}}) {
        auto const what = note(std::to_string(said.status));
        begins(what);
        ends(what, said);
        auto const again = begins(what);
        EXPECT_EQ(again.how, standing::answered);
        EXPECT_EQ(again.said, said);
    }
}

TEST_P(answer_contract, what_nobody_knows_the_end_of_is_in_doubt) {
    begins(note("k1"));
    EXPECT_EQ(begins(note("k1")).how, standing::in_doubt);
    ends(note("k1"), {200, "{}"});
    EXPECT_EQ(begins(note("k1")).how, standing::answered) << "who was slow has come to its end";
}

TEST_P(answer_contract, the_answer_that_was_kept_first_stays) {
    begins(note("k1"));
    ends(note("k1"), {200, "{}"});
    ends(note("k1"), {409, "{\"code\":\"closed\"}"});
    EXPECT_EQ(begins(note("k1")).said.status, 200U);
}

TEST_P(answer_contract, a_key_is_of_one_command_and_of_one_person) {
    begins(note("k1"));
    auto other = note("k1");
    other.request += ' ';
    EXPECT_EQ(begins(other).how, standing::another);
    auto anothers = note("k1");
    anothers.who = {"li"};
    EXPECT_EQ(begins(anothers).how, standing::fresh);
    EXPECT_EQ(begins(note("k2")).how, standing::fresh);
    ends(note("k1"), {200, "{}"});
    EXPECT_EQ(begins(other).how, standing::another);
    EXPECT_EQ(begins(anothers).how, standing::in_doubt);
}

TEST_P(answer_contract, of_two_that_begin_at_once_one_is_fresh) {
    std::vector<standing> all;
    auto const what = note("k1");
    auto const heard = [&](std::exception_ptr, app::record_result<found> said) {
        all.push_back(said.value().how);
    };
    for (int n = 0; n < 5; ++n)
        boost::asio::co_spawn(loop_, keeper_->record().begin(what), heard);
    loop_.restart();
    while (all.size() < 5)
        ASSERT_GT(loop_.run_one(), 0U);
    EXPECT_EQ(std::ranges::count(all, standing::fresh), 1);
    EXPECT_EQ(std::ranges::count(all, standing::in_doubt), 4);
}

TEST_P(answer_contract, the_old_ones_are_forgotten_a_few_at_a_time) {
    for (int n = 0; n < 5; ++n)
        begins(note(std::to_string(n), std::chrono::hours(n)));
    ends(note("0"), {200, "{}"});
    EXPECT_EQ(forgets(3h, 2), 2U);
    EXPECT_EQ(forgets(3h, 2), 1U);
    EXPECT_EQ(forgets(3h, 2), 0U);
    EXPECT_EQ(begins(note("0")).how, standing::fresh);
    EXPECT_EQ(begins(note("3")).how, standing::in_doubt);
}

TEST_P(answer_contract, whoever_copies_the_table_reads_nothing) {
    begins(note("k1"));
    ends(note("k1"), {200, "{\"name\":\"Sun Mei\"}"});
    EXPECT_TRUE(keeper_->hides("Sun Mei"));
}

INSTANTIATE_TEST_SUITE_P(twin, answer_contract, testing::Values(&answers_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, answer_contract, testing::Values(&answers_on_postgres));

} // namespace

} // namespace linli::tests
