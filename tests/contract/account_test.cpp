// What everybody who keeps accounts must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/postgres/account_record.hpp"
#include "contract/contract_of.hpp"
#include "contract/fresh_database.hpp"
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

class account_contract : public contract_of<account_keeper> {
protected:
    app::account_record& record() { return keeper_->record(); }
    // "done", "stale" or "bad_data"; by nobody whom a test asks for.
    std::string answer_to_keep(app::account const& who, std::string const& hash) {
        app::account_record::deed d;
        d.who = who;
        d.password_hash = hash;
        d.told = {evening, {"test"}, "kept", "user:" + who.user.value, ""};
        auto const done = run_on(loop_, record().do_to_account(d));
        if (!done) return in_words(done.error());
        return *done == app::account_record::deed_end::done ? "done" : "stale";
    }
    app::account is(char const* user) { return must(record().find({user})).value().who; }
    bool is_signed_in(std::string const& digest) {
        return must(record().find_session(digest)).has_value();
    }
    void opens(char const* user, std::string const& digest) {
        must(record().open_session(session_of(user, digest)));
    }
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
    EXPECT_EQ(answer_to_keep(known_as("li"), "hers"), "stale");
    auto li = is("li");
    li.role = domain::role::shift_leader;
    EXPECT_EQ(answer_to_keep(li, {}), "done");
    li.role = domain::role::administrator;
    EXPECT_EQ(answer_to_keep(li, "another"), "stale");
    auto nobody = known_as("nobody");
    nobody.version = 1;
    EXPECT_EQ(answer_to_keep(nobody, "hash"), "stale");
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

TEST_P(account_contract, a_session_says_what_the_registry_calls_its_area) {
    answer_to_keep(known_as("li"), "hash");
    opens("li", digest);
    EXPECT_EQ(must(record().find_session(digest)).value().first.area_name, "") << "not imported";
    keeper_->has_the_town();
    EXPECT_EQ(must(record().find_session(digest)).value().first.area_name, "东区");
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
    app::account_record::deed d;
    d.who = is("li");
    d.ends_sessions = true;
    must(record().do_to_account(d));
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
    answer_to_keep(known_as("li"), "h");
    answer_to_keep(known_as("ma"), "h");
    answer_to_keep(known_as("wu"), "h");
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

TEST_P(account_contract, an_account_stands_in_the_registry_or_does_not) {
    keeper_->has_the_town();
    auto worker = known_as("k1.chen", domain::role::worker);
    worker.site = {"s1"};
    worker.provider = {"p1"};
    worker.worker = {"k1"};
    auto at = must(record().standing_of(worker));
    EXPECT_THAT(at.areas, ElementsAre(domain::area_id{"310110"}, domain::area_id{"310000"}));
    EXPECT_TRUE(at.has_area && at.has_site && at.has_provider && at.has_worker);
    auto const place = std::vector<domain::area_id>{{"310110"}, {"310000"}};
    EXPECT_THAT(at.serves, ElementsAre(place));
    worker.worker = {};
    EXPECT_THAT(must(record().standing_of(worker)).serves, ElementsAre(place)) << "a manager";
    worker.worker = {"k1"};
    worker.area = {"999999"};
    worker.site = {"s2"};
    worker.provider = {"p2"};
    at = must(record().standing_of(worker));
    EXPECT_THAT(at.areas, ElementsAre(domain::area_id{"999999"}));
    EXPECT_FALSE(at.has_area || at.has_site || at.has_provider || at.has_worker);
    EXPECT_THAT(at.serves, IsEmpty());
}

TEST_P(account_contract, who_serves_no_site_serves_nowhere_that_is_known) {
    keeper_->has_the_town();
    auto wanderer = known_as("k2");
    wanderer.provider = {"p1"};
    wanderer.worker = {"k2"};
    keeper_->has_a_worker_without_a_site("k2");
    EXPECT_THAT(must(record().standing_of(wanderer)).serves, ElementsAre(IsEmpty()));
    wanderer.worker = {};
    EXPECT_THAT(must(record().standing_of(wanderer)).serves, testing::SizeIs(2));
}

TEST_P(account_contract, the_list_says_in_which_areas_somebody_is) {
    keeper_->has_the_town();
    answer_to_keep(known_as("li"), "hash");
    auto const all = must(record().list());
    ASSERT_EQ(all.size(), 1U);
    EXPECT_THAT(all[0].areas, ElementsAre(domain::area_id{"310110"}, domain::area_id{"310000"}));
}

struct deeds : account_contract {
    app::account_record::deed done_to(app::account who) {
        app::account_record::deed d;
        d.told = {evening, {"chief"}, "user_changed", "user:" + who.user.value, "role"};
        d.who = std::move(who);
        return d;
    }
    app::account administrator(char const* user, char const* area) {
        auto a = known_as(user, domain::role::administrator);
        a.area = {area};
        answer_to_keep(a, "hash");
        return is(user);
    }
    using end = app::account_record::deed_end;
};

TEST_P(deeds, a_deed_and_its_line_in_the_log_are_one) {
    answer_to_keep(known_as("li"), "hash");
    opens("li", digest);
    auto d = done_to(is("li"));
    d.who.role = domain::role::quality;
    EXPECT_EQ(must(record().do_to_account(d)), end::done);
    EXPECT_EQ(is("li").role, domain::role::quality);
    EXPECT_EQ(is("li").version, 2U);
    EXPECT_TRUE(is_signed_in(digest));
    EXPECT_THAT(must(record().seen("", {"chief"}, 10)), ElementsAre(d.told));
    EXPECT_EQ(must(record().do_to_account(d)), end::stale);
    EXPECT_EQ(must(record().seen("", {"chief"}, 10)).size(), 1U);
    d.who.version = 2;
    d.who.is_disabled = true;
    d.ends_sessions = true;
    EXPECT_EQ(must(record().do_to_account(d)), end::done);
    d.who.version = 3;
    d.who.is_disabled = false;
    EXPECT_EQ(must(record().do_to_account(d)), end::done);
    EXPECT_FALSE(is_signed_in(digest));
}

TEST_P(deeds, a_new_account_is_added_once) {
    auto d = done_to(known_as("li"));
    d.password_hash = "hash";
    EXPECT_EQ(must(record().do_to_account(d)), end::done);
    EXPECT_EQ(must(record().do_to_account(d)), end::stale);
    EXPECT_EQ(must(record().find({"li"}))->password_hash, "hash");
}

TEST_P(deeds, the_last_administrator_of_an_area_stays_unless_one_around_it_is_left) {
    keeper_->has_the_town();
    auto const chief = administrator("chief", "310000");
    auto d = done_to(chief);
    d.who.is_disabled = true;
    d.takes_an_administrator = true;
    auto const below = administrator("below", "310110");
    auto const beside = known_as("operator"); // of the same area, but may not change an account
    answer_to_keep(beside, "hash");
    EXPECT_EQ(must(record().do_to_account(d)), end::last_administrator);
    EXPECT_FALSE(is("chief").is_disabled);
    EXPECT_THAT(must(record().seen("", {"chief"}, 10)), IsEmpty());
    auto lower = done_to(below);
    lower.who.role = domain::role::operator_;
    lower.takes_an_administrator = true;
    EXPECT_EQ(must(record().do_to_account(lower)), end::done);
    administrator("second", "310000");
    EXPECT_EQ(must(record().do_to_account(d)), end::done);
}

struct access_log : account_contract {
    app::seen_entry const first{evening, {"li"}, "card", "resident:r1", "a1"};
    app::seen_entry const phone{evening, {"li"}, "phone", "resident:r1", "a1"};
    app::seen_entry const hers{evening + 2s, {"wang"}, "card", "home:h9", "a2"};
    app::seen_entry const deed{evening + 3s, {"wang"}, "user_changed", "user:li", "role"};

    void writes() {
        keeper_->has_the_town();
        answer_to_keep(known_as("li"), "hash");
        must(record().saw({first, phone, hers}));
        must(record().saw({deed}));
    }
    std::vector<app::seen_entry> finds(app::account_record::log_question const& asked) {
        std::vector<app::seen_entry> all;
        for (auto const& each : must(record().look_up(asked)))
            if (each.seen.who.value != "test") all.push_back(each.seen);
        return all;
    }
};

TEST_P(access_log, is_asked_by_whom_of_whom_what_and_when) {
    writes();
    EXPECT_THAT(finds({}), ElementsAre(deed, hers, phone, first));
    EXPECT_THAT(finds({.subject = "resident:r1", .what = "card"}), ElementsAre(first));
    EXPECT_THAT(finds({.who = {"wang"}}), ElementsAre(deed, hers));
    EXPECT_THAT(finds({.from = evening + 2s, .until = evening + 3s}), ElementsAre(hers));
    EXPECT_THAT(finds({.subject = "it's"}), IsEmpty());
    EXPECT_EQ(must(record().look_up({.who = {"li"}})).at(0).who_name, "张敏");
    EXPECT_EQ(must(record().look_up({.who = {"wang"}})).at(0).who_name, "");
}

TEST_P(access_log, goes_on_behind_a_line_also_where_several_were_written_at_once) {
    writes();
    std::vector<app::seen_entry> all;
    std::optional<std::int64_t> before;
    for (;;) {
        auto const page = must(record().look_up({.before = before, .limit = 1}));
        if (page.empty()) break;
        if (page[0].seen.who.value != "test") all.push_back(page[0].seen);
        before = page[0].line;
    }
    EXPECT_THAT(all, ElementsAre(deed, hers, phone, first));
}

TEST_P(access_log, of_an_area_is_what_is_known_to_lie_there) {
    writes();
    EXPECT_THAT(finds({.within = domain::area_id{"310110001"}}), ElementsAre(phone, first));
    EXPECT_THAT(finds({.within = domain::area_id{"310110"}}), ElementsAre(deed, phone, first));
    EXPECT_THAT(finds({.within = domain::area_id{"310104"}}), IsEmpty());
    app::seen_entry const sheet{
        evening + 4s, {"wang"}, "export", "area:310104/sheet:residents", "310104"};
    must(record().saw({sheet}));
    EXPECT_THAT(finds({.within = domain::area_id{"310104"}}), ElementsAre(sheet));
    EXPECT_THAT(finds({.within = domain::area_id{"310110"}}), ElementsAre(deed, phone, first));
    EXPECT_THAT(finds({.within = domain::area_id{"999999"}}), IsEmpty());
}

TEST_P(account_contract, nobody_reads_a_name_in_the_database_without_the_keys) {
    answer_to_keep(known_as("li"), "hash");
    EXPECT_TRUE(keeper_->hides("张敏"));
}

TEST(an_account_whose_name_is_sealed_elsewhere, keeps_it_until_it_is_given_a_new_one) {
    if (!has_test_server()) GTEST_SKIP();
    fresh_database const of;
    boost::asio::io_context loop;
    auto const here = postgres::open_accounts(of.url(), of.keys());
    auto const elsewhere = postgres::open_accounts(
        of.url(), postgres::key_ring::create_if_missing(of.key_file() + ".other"));
    auto const keep = [&](app::account_record& by, app::account const& who) {
        app::account_record::deed d;
        d.who = who;
        d.password_hash = "hash";
        d.told = {evening, {"test"}, "kept", "user:li", ""};
        auto const done = run_on(loop, by.do_to_account(d));
        return done && *done == app::account_record::deed_end::done;
    };
    auto const li = [&](app::account_record& by) {
        return run_on(loop, by.find({"li"})).value().value().who;
    };
    ASSERT_TRUE(keep(*here, known_as("li")));
    auto unread = li(*elsewhere);
    EXPECT_EQ(unread.name, "");
    unread.is_disabled = true;
    EXPECT_TRUE(keep(*elsewhere, unread));
    EXPECT_EQ(li(*here).name, "张敏");
    EXPECT_TRUE(li(*here).is_disabled);
    auto renamed = li(*elsewhere);
    renamed.name = "李敏";
    EXPECT_TRUE(keep(*elsewhere, renamed));
    EXPECT_EQ(li(*elsewhere).name, "李敏");
    here->stop();
    elsewhere->stop();
}

std::string name_of(testing::TestParamInfo<account_keeper_maker> const& who) {
    return who.param == accounts_on_memory ? "memory" : "postgres";
}

auto const both = testing::Values(accounts_on_memory, accounts_on_postgres);
INSTANTIATE_TEST_SUITE_P(on, account_contract, both, name_of);
INSTANTIATE_TEST_SUITE_P(on, deeds, both, name_of);
INSTANTIATE_TEST_SUITE_P(on, access_log, both, name_of);

} // namespace

} // namespace linli::tests
