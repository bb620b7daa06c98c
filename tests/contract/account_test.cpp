// What everybody who keeps accounts must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/keeper.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using stored_session = app::account_record::stored_session;
using testing::ElementsAre;
using testing::IsEmpty;

app::account known_as(char const* user, domain::role role = domain::role::operator_) {
    app::account a;
    a.user = {user};
    a.name = "张敏";
    a.role = role;
    a.area = {"310110"};
    return a;
}

stored_session session_of(char const* user, std::string const& digest) {
    return {digest, {user}, evening, evening + 12h, evening, false};
}

class account_contract : public testing::TestWithParam<account_keeper_maker> {
protected:
    void SetUp() override {
        keeper_ = GetParam()();
        if (!keeper_) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run the contract on PostgreSQL";
    }

    app::account_record& record() { return keeper_->record(); }
    template <class T>
    T must(runtime::task<app::record_result<T>> work) {
        auto done = run_on(loop_, std::move(work));
        if (!done) throw std::runtime_error("the record says " + in_words(done.error()));
        if constexpr (!std::is_void_v<T>) return std::move(*done);
    }
    // "done", "conflict", "away" or "bad_data".
    std::string answer_to_keep(app::account const& who, std::string const& hash) {
        auto const done = run_on(loop_, record().keep(who, hash));
        return in_words(done ? std::nullopt : std::optional(done.error()));
    }
    app::account is(char const* user) { return must(record().find({user})).value().who; }
    bool is_signed_in(std::string const& digest) {
        return must(record().find_session(digest)).has_value();
    }
    void opens(char const* user, std::string const& digest) {
        must(record().open_session(session_of(user, digest)));
    }

    boost::asio::io_context loop_;
    std::unique_ptr<account_keeper> keeper_;
};

std::string const digest(32, '\0'); // bytes, not text
std::string const other("\xFF\0\\'", 4);

TEST_P(account_contract, an_account_comes_back_as_it_was) {
    auto worker = known_as("k1.chen", domain::role::worker);
    worker.site = {"s1"};
    worker.provider = {"p1"};
    worker.worker = {"k1"};
    worker.is_disabled = true;
    EXPECT_EQ(answer_to_keep(worker, "hash"), "done");
    worker.version = 1;
    auto const found = must(record().find({"k1.chen"}));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->who, worker);
    EXPECT_EQ(found->password_hash, "hash");
    EXPECT_FALSE(must(record().find({"nobody"})));
    EXPECT_FALSE(must(record().find({""})));
}

TEST_P(account_contract, who_comes_second_hears_so_and_changes_nothing) {
    EXPECT_EQ(answer_to_keep(known_as("li"), "hash"), "done");
    EXPECT_EQ(answer_to_keep(known_as("li"), "hers"), "conflict");
    auto li = is("li");
    li.role = domain::role::shift_leader;
    EXPECT_EQ(answer_to_keep(li, {}), "done");
    li.role = domain::role::administrator;
    EXPECT_EQ(answer_to_keep(li, "another"), "conflict");
    auto nobody = known_as("nobody");
    nobody.version = 1;
    EXPECT_EQ(answer_to_keep(nobody, "hash"), "conflict");
    EXPECT_EQ(is("li").role, domain::role::shift_leader);
    EXPECT_EQ(is("li").version, 2U);
    EXPECT_EQ(must(record().find({"li"}))->password_hash, "hash");
}

TEST_P(account_contract, what_can_be_nobodys_account_is_refused) {
    EXPECT_EQ(answer_to_keep(known_as("Li Min"), "hash"), "bad_data");
    EXPECT_EQ(answer_to_keep(known_as(""), "hash"), "bad_data");
    EXPECT_EQ(answer_to_keep(known_as("li"), ""), "bad_data");
    EXPECT_EQ(answer_to_keep(known_as("k1", domain::role::worker), "hash"), "bad_data");
    EXPECT_EQ(answer_to_keep(known_as("p1", domain::role::provider_manager), "hash"), "bad_data");
    EXPECT_THAT(must(record().list()), IsEmpty());
}

TEST_P(account_contract, the_list_says_when_somebody_was_signed_in_last) {
    for (auto const* user : {"wang", "li", "a_b", "a.b"})
        answer_to_keep(known_as(user), "hash");
    opens("li", digest);
    must(record().end_session(digest));
    std::vector<std::string> names;
    for (auto const& each : must(record().list()))
        names.push_back(each.who.user.value + (each.signed_in_at == evening ? " was here" : ""));
    EXPECT_THAT(names, ElementsAre("a.b", "a_b", "li was here", "wang"));
}

TEST_P(account_contract, a_session_is_found_with_its_account_as_that_is_now) {
    answer_to_keep(known_as("li"), "hash");
    auto const opened = session_of("li", digest);
    must(record().open_session(opened));
    auto li = is("li");
    li.role = domain::role::quality;
    answer_to_keep(li, {});
    auto const found = must(record().find_session(digest));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->second, is("li"));
    EXPECT_EQ(found->first.token_digest, digest);
    EXPECT_EQ(found->first.user, opened.user);
    EXPECT_EQ(found->first.since, opened.since);
    EXPECT_EQ(found->first.expires_at, opened.expires_at);
    EXPECT_EQ(found->first.last_used_at, opened.last_used_at);
    EXPECT_FALSE(found->first.on_duty);
    EXPECT_FALSE(is_signed_in(other));
}

TEST_P(account_contract, nobody_has_a_session_without_an_account_or_with_a_disabled_one) {
    auto const opened = run_on(loop_, record().open_session(session_of("nobody", digest)));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), app::record_errc::conflict);
    answer_to_keep(known_as("li"), "hash");
    opens("li", digest);
    auto li = is("li");
    li.is_disabled = true;
    answer_to_keep(li, {});
    EXPECT_FALSE(is_signed_in(digest));
}

TEST_P(account_contract, a_sessions_times_go_forward_only_and_leave_its_duty_alone) {
    answer_to_keep(known_as("li"), "hash");
    opens("li", digest);
    must(record().be_on_duty(digest, true));
    must(record().move_session_on(digest, evening + 2h, evening + 14h));
    must(record().move_session_on(digest, evening + 1h, evening + 13h));
    auto const s = must(record().find_session(digest)).value().first;
    EXPECT_EQ(s.last_used_at, evening + 2h);
    EXPECT_EQ(s.expires_at, evening + 14h);
    EXPECT_TRUE(s.on_duty);
    must(record().be_on_duty(digest, false));
    EXPECT_FALSE(must(record().find_session(digest)).value().first.on_duty);
    must(record().end_session(digest));
    must(record().move_session_on(digest, evening + 3h, evening + 15h));
    must(record().be_on_duty(digest, true));
    EXPECT_FALSE(is_signed_in(digest));
}

TEST_P(account_contract, all_sessions_of_one_account_end_and_no_other) {
    answer_to_keep(known_as("li"), "hash");
    answer_to_keep(known_as("wang"), "hash");
    opens("li", digest);
    opens("li", "second");
    opens("wang", other);
    must(record().end_sessions({"li"}));
    EXPECT_FALSE(is_signed_in(digest));
    EXPECT_FALSE(is_signed_in("second"));
    EXPECT_TRUE(is_signed_in(other));
}

TEST_P(account_contract, sessions_that_ended_before_are_forgotten) {
    answer_to_keep(known_as("li"), "hash");
    opens("li", digest);
    opens("li", other);
    must(record().move_session_on(other, evening + 2h, evening + 14h));
    EXPECT_EQ(must(record().forget_sessions(evening + 12h)), 0U);
    EXPECT_EQ(must(record().forget_sessions(evening + 12h + 1us)), 1U);
    EXPECT_FALSE(is_signed_in(digest));
    EXPECT_TRUE(is_signed_in(other));
}

TEST_P(account_contract, on_duty_is_who_has_a_live_session_that_says_so) {
    must(record().keep(known_as("li"), "h"));
    must(record().keep(known_as("ma"), "h"));
    must(record().keep(known_as("wu"), "h"));
    opens("li", "one");
    opens("li", "another");
    opens("ma", "two");
    opens("wu", "three");
    must(record().be_on_duty("one", true));
    must(record().be_on_duty("another", true));
    must(record().be_on_duty("two", true));
    auto const at = [&](domain::instant now) {
        std::vector<std::string> users;
        for (auto const& each : must(record().on_duty(now)))
            users.push_back(each.user.value);
        return users;
    };
    EXPECT_THAT(at(evening + 1h), ElementsAre("li", "ma"));
    EXPECT_EQ(must(record().on_duty(evening)).at(0).name, "张敏");
    must(record().be_on_duty("two", false));
    EXPECT_THAT(at(evening + 1h), ElementsAre("li"));
    EXPECT_THAT(at(evening + 13h), IsEmpty());
}

TEST_P(account_contract, who_saw_whom_is_told_newest_first) {
    app::seen_entry const card{evening, {"li"}, "card", "resident:r1", "a1"};
    app::seen_entry const phone{evening + 1s, {"li"}, "phone", "resident:r1", "it's \"him\""};
    app::seen_entry const home{evening + 1s, {"li"}, "access_notes", "home:h1", ""};
    app::seen_entry const hers{evening + 2s, {"wang"}, "card", "resident:r1", "a1"};
    must(record().saw({card, phone, home}));
    must(record().saw({hers}));
    must(record().saw({}));
    EXPECT_THAT(must(record().seen("", {}, 10)), ElementsAre(hers, home, phone, card));
    EXPECT_THAT(must(record().seen("resident:r1", {}, 2)), ElementsAre(hers, phone));
    EXPECT_THAT(must(record().seen("", {"li"}, 10)), ElementsAre(home, phone, card));
    EXPECT_THAT(must(record().seen("resident:r1", {"li"}, 10)), ElementsAre(phone, card));
    EXPECT_THAT(must(record().seen("resident:r2", {}, 10)), IsEmpty());
}

TEST_P(account_contract, nobody_reads_a_name_in_the_database_without_the_keys) {
    answer_to_keep(known_as("li"), "hash");
    EXPECT_TRUE(keeper_->hides("张敏"));
}

std::string name_of(testing::TestParamInfo<account_keeper_maker> const& who) {
    return who.param == accounts_on_memory ? "memory" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(on, account_contract,
                         testing::Values(accounts_on_memory, accounts_on_postgres), name_of);

} // namespace

} // namespace linli::tests
