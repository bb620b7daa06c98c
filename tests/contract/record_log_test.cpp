// Every change can be explained: the lines of a chain follow each other without a gap.
#include "adapters/postgres/record.hpp"
#include "adapters/postgres/rows.hpp"
#include "contract/fresh_database.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;
using app::chain_of;

namespace {

std::vector<std::uint32_t> numbers(std::vector<numbered_line> const& lines) {
    std::vector<std::uint32_t> all;
    for (auto const& l : lines)
        all.push_back(l.seq);
    return all;
}

using seqs = std::vector<std::uint32_t>;

} // namespace

TEST_P(record_contract, a_log_line_is_read_back_field_by_field) {
    auto const a = open_alert(1);
    auto one = line(chain_of::alert, a.id.value, "w1:1:1 sos");
    one.line.at = evening + duration(123'457);
    one.line.what = log_kind::raised;
    one.line.by = {actor_kind::operator_, "li", "wang"};
    auto about_somebody = line(chain_of::alert, a.id.value, "");
    about_somebody.line.personal = "she says \"我摔了\"";
    about_somebody.about = {"r1"};
    auto about_nobody = line(chain_of::alert, a.id.value, "");
    about_nobody.line.personal = "nobody answers";
    store(changes_of(a, one, about_somebody, about_nobody));
    auto const kept = keeper_->log_of(a.id.value);
    ASSERT_EQ(kept.size(), 3U);
    EXPECT_EQ(kept[0], (numbered_line{1, one.line}));
    EXPECT_EQ(kept[1], (numbered_line{2, about_somebody.line}));
    EXPECT_EQ(kept[2], (numbered_line{3, about_nobody.line}));
}

TEST_P(record_contract, every_word_of_the_log_can_be_stored) {
    auto const a = open_alert(1);
    auto all = changes_of(a);
    for (auto const& [what, name] : names<log_kind>::table) {
        all.log.push_back(line(chain_of::alert, a.id.value, std::string(name)));
        all.log.back().line.what = what;
    }
    store(all);
    for (auto const& [seq, kept] : keeper_->log_of(a.id.value))
        EXPECT_EQ(to_text(kept.what), kept.why);
}

TEST_P(record_contract, the_lines_of_a_chain_are_numbered_without_a_gap) {
    auto a = open_alert(1);
    auto const o = order_for(a, 1);
    auto const of_alert = [&](std::string why) {
        return line(chain_of::alert, a.id.value, std::move(why));
    };
    auto const of_order = line(chain_of::order, o.id.value, "of the order");
    store(changes_of(a, o, of_alert("1"), of_order, of_alert("2")));
    for (auto const* why : {"3", "4"}) {
        auto const seen = read(wants(a.id));
        a = seen.alerts.at(a.id);
        auto more = changes_of(a, of_alert(why));
        more.heads.insert(*seen.heads.find(a.id.value));
        store(more);
    }
    auto const kept = keeper_->log_of(a.id.value);
    EXPECT_EQ(numbers(kept), (seqs{1, 2, 3, 4}));
    for (auto const& l : kept)
        EXPECT_EQ(l.line.why, std::to_string(l.seq));
    EXPECT_EQ(numbers(keeper_->log_of(o.id.value)), (seqs{1}));
}

TEST_P(record_contract, a_line_that_another_has_written_first_is_a_conflict) {
    auto const a = open_alert(1);
    auto const said = line(chain_of::alert, a.id.value, "first");
    store(changes_of(a, said));
    EXPECT_EQ(answer_to(changes_of(said)), "conflict") << "without its head";
    EXPECT_EQ(numbers(keeper_->log_of(a.id.value)), (seqs{1}));
}

TEST_P(record_contract, a_row_written_without_a_line_keeps_its_place_in_the_chain) {
    auto a = open_alert(1);
    store(changes_of(a, line(chain_of::alert, a.id.value, "first")));
    a.version = 1;
    a.signals += 1;
    store(changes_of(a)); // no line, no head

    auto const seen = read(wants(a.id));
    auto more = changes_of(seen.alerts.at(a.id), line(chain_of::alert, a.id.value, "second"));
    more.heads.insert(*seen.heads.find(a.id.value));
    EXPECT_EQ(answer_to(more), "done") << "else this alert could never be written again";
    EXPECT_EQ(numbers(keeper_->log_of(a.id.value)), (seqs{1, 2}));
}

TEST_P(record_contract, a_refused_commit_leaves_no_line) {
    auto const s = signal_of("w1:1:1", "w1");
    store(changes_of(s));
    auto const a = open_alert(1);
    EXPECT_EQ(answer_to(changes_of(s, a, line(chain_of::alert, a.id.value, "never"))), "conflict");
    EXPECT_TRUE(keeper_->log_of(a.id.value).empty());
}

namespace {

// A record on the town's database, by a server with this key file.
class one_server {
public:
    one_server(fresh_database const& of, postgres::key_ring keys)
        : record_(postgres::open_record({.url = of.url(), .connections = 1, .loop_lines = 1},
                                        std::move(keys))) {}
    one_server(one_server const&) = delete;
    one_server& operator=(one_server const&) = delete;
    ~one_server() { record_->stop(); }

    bool stores(app::changes const& what) {
        auto const planned = run_on(loop_, record_->keep_plans({{"sos-plan", "kind = \"sos\""}}));
        auto const done = run_on(loop_, record_->commit(what));
        return planned && done;
    }

private:
    boost::asio::io_context loop_;
    std::unique_ptr<postgres::database_record> record_;
};

class words_whose_key_is_missing : public testing::Test {
protected:
    void SetUp() override {
        if (!has_test_server()) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run it";
        of_ = std::make_unique<fresh_database>();
        pqxx::connection connection(of_->url());
        write_registry(connection, of_->keys(), the_town());
    }
    // As a worker's "I can't go" brings them: a line that says so, and his own words beside it.
    static app::changes a_line_with_words() {
        auto const a = open_alert(1);
        auto said = line(chain_of::alert, a.id.value, "declined");
        said.line.personal = "路堵";
        said.about = {"r1"};
        return changes_of(a, said);
    }

    std::unique_ptr<fresh_database> of_;
};

} // namespace

TEST_F(words_whose_key_is_missing, hold_up_nobody) {
    // As "linli migrate" makes one on a server that has none.
    auto const other = postgres::key_ring::create_if_missing(of_->key_file() + ".other");
    one_server server(*of_, other);
    EXPECT_TRUE(server.stores(a_line_with_words()));
    EXPECT_EQ(of_->value("select why from log"), "declined");
    EXPECT_EQ(of_->value("select count(*) from log where personal is not null"), "0");
}

TEST_F(words_whose_key_is_missing, go_by_the_homes_key_where_that_opens) {
    of_->sql("update resident set data_key = '\\x01026b39'::bytea || data_key where id = 'r1'");
    one_server server(*of_, of_->keys());
    EXPECT_TRUE(server.stores(a_line_with_words()));
    auto const key = of_->sql("select data_key from home where id = 'h1'");
    auto const words = of_->sql("select personal from log");
    ASSERT_EQ(words.size(), 1U);
    EXPECT_EQ(of_->keys().open_for(postgres::bytes(key[0][0]), postgres::purpose{"log"},
                                   postgres::bytes(words[0][0])),
              "路堵");
}

} // namespace linli::tests
