// Who somebody is, on the twin: signing in, for how long, and who can keep whom from it.
#include "app/accounts.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/account_deeds.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_accounts.hpp"
#include "support/plain_hashing.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using app::sign_in_errc;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string const rose = "a red rose at noon";

// Li and Wang are operators of one desk.
struct desk_evening {
    boost::asio::io_context loop;
    manual_clock clock{evening};
    memory_accounts record;
    plain_hashing hashing;
    std::unique_ptr<app::accounts> accounts;

    desk_evening() {
        becomes_known("li");
        becomes_known("wang");
        starts();
    }
    void starts() {
        accounts = std::make_unique<app::accounts>(record, hashing, clock, numbered_tokens(),
                                                   app::accounts::limits{});
    }
    void becomes_known(std::string const& user) {
        app::account a;
        a.user = {user};
        a.name = "name of " + user;
        a.area = {"310110"};
        run_on(loop, record.keep(a, "plain:" + rose)).value();
    }
    void becomes(std::string const& user, bool is_disabled) {
        auto a = run_on(loop, record.find({user})).value()->who;
        a.is_disabled = is_disabled;
        run_on(loop, record.keep(a, {})).value();
    }
    boost::system::result<app::accounts::opened, sign_in_errc>
    signs_in(std::string const& user, std::string const& password = rose,
             std::string const& address = "desk") {
        return run_on(loop, accounts->sign_in({user}, password, address));
    }
    std::string token_of(std::string const& user, std::string const& address = "desk") {
        return signs_in(user, rose, address).value().token;
    }
    // "in", "wrong", "too often", "away".
    std::string tries(std::string const& user, std::string const& password,
                      std::string const& address = "desk") {
        return word_of(signs_in(user, password, address));
    }
    static std::string
    word_of(boost::system::result<app::accounts::opened, sign_in_errc> const& came) {
        if (came) return "in";
        return came.error() == sign_in_errc::wrong       ? "wrong"
               : came.error() == sign_in_errc::too_often ? "too often"
                                                         : "away";
    }
    std::optional<app::signed_in> is(std::string const& token) {
        return run_on(loop, accounts->find(token)).value();
    }
    // Used every ten minutes; how long the session lasted.
    domain::duration lasts_in_use(std::string const& token) {
        auto const began = clock.now();
        while (is(token))
            clock.fast_forward(10min);
        return clock.now() - began;
    }
};

TEST(accounts, who_signs_in_is_known_by_a_token_of_which_only_the_digest_is_kept) {
    desk_evening e;
    auto const li = e.signs_in("li").value();
    EXPECT_EQ(li.session.who.user.value, "li");
    EXPECT_EQ(li.session.expires_at, evening + 12h);
    auto const seen = e.is(li.token);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->who, li.session.who);
    EXPECT_FALSE(seen->on_duty);
    for (auto const& [digest, session] : e.record.sessions())
        EXPECT_THAT(digest, Not(HasSubstr(li.token)));
}

TEST(accounts, a_token_that_nobody_has_given_is_nobody) {
    desk_evening e;
    e.token_of("li");
    for (auto const& token : {std::string(), std::string("t1"), std::string(43, 'x'),
                              std::string(43, '\0'), std::string(100'000, 'x')})
        EXPECT_FALSE(e.is(token));
    EXPECT_EQ(e.record.times_looked_up(), 2); // at the signing in, and the only one of its form
}

TEST(accounts, a_wrong_user_costs_as_much_as_a_wrong_password_and_hears_the_same) {
    desk_evening e;
    e.becomes("wang", true);
    for (auto const* user : {"li", "nobody", "wang", "", "LI", "li'; drop table account; --"}) {
        auto const before = e.hashing.times_asked;
        EXPECT_EQ(e.tries(user, "wrong"), "wrong") << user;
        EXPECT_EQ(e.hashing.times_asked, before + 1) << user;
    }
    EXPECT_EQ(e.tries("wang", rose), "wrong");
    EXPECT_EQ(e.tries("", ""), "wrong");
    EXPECT_EQ(e.tries("li", std::string(1'000'000, 'x')), "wrong");
}

TEST(accounts, guessing_from_elsewhere_cannot_lock_out_the_desk) {
    desk_evening e;
    for (int i = 0; i < 200; ++i)
        e.tries("li", "guess", "elsewhere");
    EXPECT_EQ(e.tries("li", rose, "elsewhere"), "too often");
    EXPECT_EQ(e.tries("li", rose, "desk"), "in");
}

TEST(accounts, a_colleagues_guesses_do_not_lock_out_who_has_signed_in_at_the_desk) {
    desk_evening e;
    e.token_of("li");
    for (int i = 0; i < 40; ++i)
        e.tries("nobody" + std::to_string(i), "guess");
    EXPECT_EQ(e.tries("wang", rose), "too often");
    EXPECT_EQ(e.tries("li", rose), "in");
    e.clock.fast_forward(15min);
    EXPECT_EQ(e.tries("wang", rose), "in");
}

TEST(accounts, who_waits_may_try_again_and_his_waiting_is_not_counted) {
    desk_evening e;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(e.tries("li", "guess"), "wrong");
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(e.tries("li", rose), "too often");
    e.clock.fast_forward(1s);
    EXPECT_EQ(e.tries("li", rose), "in");
}

TEST(accounts, a_thousand_guesses_at_once_are_no_better_than_one_by_one) {
    desk_evening e;
    std::vector<std::string> said;
    for (int i = 0; i < 1'000; ++i)
        boost::asio::co_spawn(e.loop, e.accounts->sign_in({"li"}, "guess", "elsewhere"),
                              [&said](std::exception_ptr, auto came) {
                                  said.push_back(desk_evening::word_of(came));
                              });
    e.loop.restart();
    e.loop.run();
    EXPECT_EQ(std::ranges::count(said, "wrong"), 5);
    EXPECT_EQ(std::ranges::count(said, "too often"), 995);
}

TEST(accounts, a_crowd_of_strangers_leaves_room_for_who_has_signed_in_before) {
    desk_evening e;
    e.token_of("li");
    std::vector<std::string> strangers;
    for (int i = 0; i < 1'000; ++i)
        boost::asio::co_spawn(e.loop, e.accounts->sign_in({"li"}, "guess", std::to_string(i)),
                              [&strangers](std::exception_ptr, auto came) {
                                  strangers.push_back(desk_evening::word_of(came));
                              });
    std::string li;
    boost::asio::co_spawn(
        e.loop, e.accounts->sign_in({"li"}, rose, "desk"),
        [&li](std::exception_ptr, auto came) { li = desk_evening::word_of(came); });
    e.loop.restart();
    e.loop.run();
    EXPECT_EQ(std::ranges::count(strangers, "wrong"), 24);
    EXPECT_EQ(li, "in");
}

TEST(accounts, a_database_that_is_away_is_nobodys_mistake) {
    desk_evening e;
    e.record.away(true);
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(e.tries("li", rose), "away");
    e.record.away(false);
    EXPECT_EQ(e.tries("li", rose), "in");
}

TEST(accounts, a_session_in_use_lasts_longer_than_a_shift_and_not_for_ever) {
    desk_evening e;
    EXPECT_EQ(e.lasts_in_use(e.token_of("li")), 16h);
}

TEST(accounts, a_session_that_nobody_uses_ends_after_a_shift) {
    desk_evening e;
    auto const token = e.token_of("li");
    e.clock.fast_forward(12h - 1s);
    EXPECT_TRUE(e.is(token));
    e.starts();
    EXPECT_TRUE(e.is(token));
    e.clock.fast_forward(12h);
    EXPECT_FALSE(e.is(token));
}

TEST(accounts, a_page_that_asks_every_second_costs_the_database_little) {
    desk_evening e;
    auto const token = e.token_of("li");
    auto const before = e.record.times_looked_up();
    for (int second = 0; second < 600; ++second) {
        EXPECT_TRUE(e.is(token));
        e.clock.fast_forward(1s);
    }
    EXPECT_LE(e.record.times_looked_up() - before, 120);
    EXPECT_LE(e.record.times_moved(), 10);
    EXPECT_GE(e.record.times_moved(), 9);
}

TEST(accounts, who_signs_out_is_nobody_at_once) {
    desk_evening e;
    auto const token = e.token_of("li");
    auto const other = e.token_of("li");
    run_on(e.loop, e.accounts->sign_out(token)).value();
    EXPECT_FALSE(e.is(token));
    EXPECT_TRUE(e.is(other));
    EXPECT_TRUE(run_on(e.loop, e.accounts->sign_out("no token")));
}

TEST(accounts, who_is_disabled_or_has_a_new_password_is_out_in_seconds) {
    desk_evening e;
    auto const li = e.token_of("li");
    auto const wang = e.token_of("wang");
    e.becomes("li", true);
    app::account_record::deed renewed;
    renewed.who = run_on(e.loop, e.record.find({"wang"})).value().value().who;
    renewed.ends_sessions = true;
    run_on(e.loop, e.record.do_to_account(renewed)).value();
    e.clock.fast_forward(5s);
    EXPECT_FALSE(e.is(li));
    EXPECT_FALSE(e.is(wang));
    EXPECT_EQ(e.tries("li", rose), "wrong");
}

TEST(accounts, who_is_disabled_while_he_signs_in_gets_no_session) {
    desk_evening e;
    e.hashing.is_slow = true;
    std::string said;
    boost::asio::co_spawn(
        e.loop, e.accounts->sign_in({"li"}, rose, "desk"),
        [&said](std::exception_ptr, auto came) { said = desk_evening::word_of(came); });
    e.loop.restart();
    while (e.hashing.times_asked == 0)
        e.loop.run_one();
    e.becomes("li", true);
    e.hashing.is_slow = false;
    e.loop.restart();
    e.loop.run();
    EXPECT_EQ(said, "wrong");
    EXPECT_THAT(e.record.sessions(), IsEmpty());
}

TEST(accounts, what_was_being_looked_up_at_the_signing_out_is_not_remembered) {
    desk_evening e;
    auto const token = e.token_of("li");
    e.clock.fast_forward(1min);
    std::optional<app::signed_in> seen;
    boost::asio::co_spawn(e.loop, e.accounts->find(token),
                          [&seen](std::exception_ptr, auto came) { seen = came.value(); });
    run_on(e.loop, e.accounts->sign_out(token)).value(); // while the other looks it up
    e.loop.restart();
    e.loop.run();
    EXPECT_FALSE(e.is(token));
}

TEST(accounts, on_duty_is_of_this_session_and_seen_at_once) {
    desk_evening e;
    auto const token = e.token_of("li");
    auto const other = e.token_of("li");
    run_on(e.loop, e.accounts->be_on_duty(token, true)).value();
    EXPECT_TRUE(e.is(token)->on_duty);
    EXPECT_FALSE(e.is(other)->on_duty);
    e.clock.fast_forward(2min); // its end moves on meanwhile
    EXPECT_TRUE(e.is(token)->on_duty);
    run_on(e.loop, e.accounts->be_on_duty(token, false)).value();
    EXPECT_FALSE(e.is(token)->on_duty);
}

TEST(accounts, a_database_that_is_away_signs_nobody_out) {
    desk_evening e;
    auto const token = e.token_of("li");
    e.clock.fast_forward(1min);
    e.record.away(true);
    EXPECT_EQ(run_on(e.loop, e.accounts->find(token)).error(), app::record_errc::away);
    EXPECT_EQ(run_on(e.loop, e.accounts->sign_out(token)).error(), app::record_errc::away);
    e.record.away(false);
    EXPECT_TRUE(e.is(token));
}

TEST(accounts, a_crowd_of_made_up_tokens_does_not_stand_in_the_way_of_who_is_signed_in) {
    desk_evening e;
    auto const token = e.token_of("li");
    e.clock.fast_forward(1min);
    auto const before = e.record.times_looked_up();
    for (int i = 0; i < 1'000; ++i) {
        auto made_up = "x" + std::to_string(i);
        made_up.resize(43, '-');
        boost::asio::co_spawn(e.loop, e.accounts->find(made_up), [](std::exception_ptr, auto) {});
    }
    EXPECT_TRUE(e.is(token));
    e.loop.restart();
    e.loop.run();
    EXPECT_EQ(e.record.times_looked_up() - before, 33);
}

TEST(accounts, sessions_that_are_over_are_forgotten_when_somebody_signs_in) {
    desk_evening e;
    e.token_of("li");
    e.clock.fast_forward(13h);
    e.token_of("wang");
    EXPECT_EQ(e.record.sessions().size(), 1U);
}

TEST(accounts, what_somebody_was_shown_is_kept_or_he_hears_that_it_is_not) {
    desk_evening e;
    app::seen_entry const phone{evening, {"li"}, "phone", "resident:r1", "an alert"};
    EXPECT_TRUE(run_on(e.loop, e.accounts->saw({phone})));
    EXPECT_EQ(e.record.log().size(), 1U);
    e.record.away(true);
    EXPECT_EQ(run_on(e.loop, e.accounts->saw({phone})).error(), app::record_errc::away);
    EXPECT_TRUE(run_on(e.loop, e.accounts->saw({})));
}

TEST(accounts, a_password_has_ten_characters_and_is_not_the_name) {
    app::account zhang;
    zhang.user = {"zhang.min.310110"};
    zhang.name = "张敏与邻里之家的值班坐席";
    EXPECT_THAT(app::objection_to_password("123456789", zhang), HasSubstr("10 characters"));
    EXPECT_THAT(app::objection_to_password("张敏张敏", zhang), HasSubstr("10 characters"));
    EXPECT_THAT(app::objection_to_password("Zhang.Min.310110", zhang), HasSubstr("name"));
    EXPECT_THAT(app::objection_to_password(zhang.name, zhang), HasSubstr("name"));
    EXPECT_THAT(app::objection_to_password(std::string(1'025, 'x'), zhang), HasSubstr("1,024"));
    EXPECT_EQ(app::objection_to_password("中午的红玫瑰开在窗台上", zhang), "");
    EXPECT_EQ(app::objection_to_password(rose, zhang), "");
}

} // namespace

TEST(account_deeds, whoever_is_to_see_something_else_signs_in_anew_and_a_new_name_ends_nothing) {
    app::account was;
    was.user = {"li"};
    was.area = {"620102"};
    auto const ends = [&](auto change) {
        auto is = was;
        change(is);
        return app::changing(was, is, {}).ends_sessions;
    };
    EXPECT_TRUE(ends([](app::account& a) { a.area = {"620103"}; }));
    EXPECT_TRUE(ends([](app::account& a) { a.role = domain::role::shift_leader; }));
    EXPECT_TRUE(ends([](app::account& a) { a.site = {"s2"}; }));
    EXPECT_FALSE(ends([](app::account& a) { a.name = "Li Na"; }));
}

} // namespace linli::tests
