// What everybody who keeps the devices' commands must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/postgres/command_record.hpp"
#include "contract/contract_of.hpp"
#include "contract/fresh_database.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::command_kind;
using domain::command_state;
using testing::ElementsAre;
using testing::IsEmpty;

domain::device_command command(std::uint8_t number, char const* device, command_kind kind,
                               std::vector<std::string> values = {}) {
    domain::device_command c;
    c.id.value.bytes[0] = 1;
    c.id.value.bytes[15] = number;
    c.device = {device};
    c.kind = kind;
    c.values = std::move(values);
    c.asked_by = {"o1"};
    c.asked_at = evening + domain::seconds(number);
    c.expires_at = c.asked_at + useful_for(kind);
    return c;
}

class command_contract : public contract_of<command_keeper> {
protected:
    bool asks(domain::device_command const& what) { return must(keeper_->record().ask(what)); }
    std::vector<domain::device_command> open(domain::duration after, int limit = 100) {
        return must(keeper_->record().open(evening + after, limit));
    }
    void becomes(domain::device_command what, command_state state) {
        what.state = state;
        must(keeper_->record().become({what}, evening + 1min));
    }
    static domain::device_command own_locate(std::uint8_t number, char const* device) {
        auto c = command(number, device, command_kind::locate);
        c.asked_by = {std::string(domain::asked_by_the_house)};
        return c;
    }
    std::vector<std::string> due(domain::duration after) {
        std::vector<std::string> all;
        for (auto const& each : must(keeper_->record().due_for_locate(evening + after, 100)))
            all.push_back(each.value);
        return all;
    }
    // "w1 ring waiting", the newest first.
    std::vector<std::string> listed(std::optional<domain::device_id> of = {}, int limit = 100) {
        std::vector<std::string> all;
        for (auto const& c : must(keeper_->record().list(of, limit)))
            all.push_back(c.device.value + ' ' + std::string(to_text(c.kind)) + ' ' +
                          std::string(to_text(c.state)));
        return all;
    }
};

TEST_P(command_contract, what_was_asked_comes_back_as_it_was) {
    auto const numbers =
        command(1, "w1", command_kind::sos_numbers, {"13900000001", "+8613900000002"});
    EXPECT_TRUE(asks(numbers));
    EXPECT_THAT(open(5s), ElementsAre(numbers));
}

TEST_P(command_contract, an_unknown_device_is_asked_nothing) {
    EXPECT_FALSE(asks(command(1, "nobody", command_kind::ring)));
    EXPECT_THAT(listed(), IsEmpty());
}

TEST_P(command_contract, a_newer_one_replaces_only_what_waits_of_its_kind_and_device) {
    auto const first = command(1, "w1", command_kind::report_every, {"60"});
    auto const sent = command(2, "w2", command_kind::report_every, {"60"});
    asks(first);
    asks(sent);
    becomes(sent, command_state::sent);
    asks(command(3, "w1", command_kind::ring));
    asks(command(4, "w1", command_kind::report_every, {"600"}));
    asks(command(5, "w2", command_kind::report_every, {"600"}));
    EXPECT_THAT(listed(),
                ElementsAre("w2 report_every waiting", "w1 report_every waiting", "w1 ring waiting",
                            "w2 report_every sent", "w1 report_every replaced"));
    EXPECT_THAT(listed(domain::device_id{"w1"}, 1), ElementsAre("w1 report_every waiting"));
}

TEST_P(command_contract, what_is_answered_is_open_no_more_and_stays_as_it_is) {
    auto const ring = command(1, "w1", command_kind::ring);
    asks(ring);
    becomes(ring, command_state::sent);
    EXPECT_THAT(open(5s),
                ElementsAre(testing::Field(&domain::device_command::state, command_state::sent)));
    becomes(ring, command_state::answered);
    EXPECT_THAT(open(5s), IsEmpty());
    becomes(ring, command_state::sent);
    EXPECT_THAT(listed(), ElementsAre("w1 ring answered"));
}

TEST_P(command_contract, whose_time_is_up_comes_once_and_says_how_it_ended) {
    auto const ring = command(1, "w1", command_kind::ring);
    auto const call = command(2, "w1", command_kind::call_back, {"12349"});
    asks(ring);
    asks(call);
    becomes(ring, command_state::sent);
    auto const ended = open(10min);
    ASSERT_EQ(ended.size(), 2U);
    EXPECT_EQ(ended[0].state, command_state::unanswered);
    EXPECT_EQ(ended[1].state, command_state::expired);
    EXPECT_THAT(open(10min), IsEmpty());
}

TEST_P(command_contract, when_there_are_many_those_come_first_that_are_soonest_of_no_use) {
    asks(command(1, "w1", command_kind::sos_numbers, {"12349"}));
    asks(command(2, "w2", command_kind::locate));
    asks(command(3, "w3", command_kind::ring));
    auto const first = open(30s, 2);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].device.value, "w3");
    EXPECT_EQ(first[1].device.value, "w2");
}

TEST_P(command_contract, who_is_sought_is_due_at_once_and_again_and_not_when_it_is_handled) {
    EXPECT_THAT(due(1s), IsEmpty());
    keeper_->seeks_r1(60s);
    EXPECT_THAT(due(1s), ElementsAre("w1"));
    asks(own_locate(1, "w1"));
    EXPECT_THAT(due(10min), IsEmpty()) << "it waits for its watch: one is enough";
    becomes(own_locate(1, "w1"), command_state::sent);
    EXPECT_THAT(due(60s), IsEmpty()) << "59 s";
    EXPECT_THAT(due(61s), ElementsAre("w1"));
    keeper_->r1_is_handled();
    EXPECT_THAT(due(61s), IsEmpty());
}

TEST_P(command_contract, only_what_the_house_has_asked_since_the_alert_opened_counts) {
    asks(command(1, "w1", command_kind::locate)); // an operator
    auto earlier = own_locate(2, "w1");
    earlier.asked_at = evening - 1s; // of another alert
    asks(earlier);
    becomes(earlier, command_state::answered);
    keeper_->seeks_r1(60s);
    EXPECT_THAT(due(3s), ElementsAre("w1"));
}

TEST_P(command_contract, what_waits_for_its_device_when_nobody_is_sought_any_more_ends) {
    keeper_->seeks_r1(60s);
    asks(own_locate(1, "w1"));
    asks(command(2, "w2", command_kind::locate));
    EXPECT_THAT(due(2s), IsEmpty());
    EXPECT_EQ(open(2s).size(), 2U);
    keeper_->r1_is_handled();
    due(3s);
    EXPECT_THAT(listed(), ElementsAre("w2 locate waiting", "w1 locate expired"));
}

// A server whose key file lacks the key: a watch that is told no numbers would forget its own.
TEST(command_words, that_do_not_open_are_left_to_whoever_has_their_key) {
    if (!has_test_server()) GTEST_SKIP();
    fresh_database const of;
    pqxx::connection connection(of.url());
    write_registry(connection, of.keys(), the_town());
    auto const others = postgres::key_ring::create_if_missing(of.key_file() + ".others");
    auto const here = postgres::open_commands(of.url(), of.keys());
    auto const elsewhere = postgres::open_commands(of.url(), others);
    boost::asio::io_context loop;
    auto const numbers = command(1, "w1", command_kind::sos_numbers, {"13900000001"});
    auto const ring = command(2, "w2", command_kind::ring);
    for (auto const* each : {&numbers, &ring})
        EXPECT_TRUE(*run_on(loop, here->ask(*each)));
    EXPECT_THAT(*run_on(loop, elsewhere->open(evening + 5s, 100)), ElementsAre(ring));
    EXPECT_THAT(*run_on(loop, here->open(evening + 5s, 100)), ElementsAre(ring, numbers));
    auto const ended = *run_on(loop, elsewhere->open(evening + 24h * 8, 100));
    EXPECT_EQ(ended.size(), 2U) << "that they came to nothing is told by anybody";
    here->stop();
    elsewhere->stop();
}

INSTANTIATE_TEST_SUITE_P(twin, command_contract, testing::Values(&commands_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, command_contract, testing::Values(&commands_on_postgres));

} // namespace

} // namespace linli::tests
