// How long who guesses must wait, and whom that doesn't touch.
#include "app/sign_in_guard.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;

domain::operator_id const li{"li"};
domain::operator_id const wang{"wang"};

struct door {
    app::sign_in_guard guard;
    domain::instant now = evening;

    void is_wrong(domain::operator_id const& user, std::string const& address, int times = 1) {
        for (int i = 0; i < times; ++i)
            guard.tries(user, address, now);
    }
    bool lets_try(domain::operator_id const& user, std::string const& address) {
        return guard.may_try(user, address, now);
    }
    domain::duration wait_of(domain::operator_id const& user, std::string const& address) {
        auto const began = now;
        while (!lets_try(user, address))
            now += 1s;
        return now - began;
    }
};

} // namespace

TEST(sign_in_guard, five_typing_errors_cost_nothing_and_then_each_wait_is_longer) {
    door d;
    d.is_wrong(li, "desk", 4);
    EXPECT_TRUE(d.lets_try(li, "desk"));
    std::vector<domain::duration> waits;
    for (int i = 0; i < 11; ++i) {
        d.is_wrong(li, "desk");
        waits.push_back(d.wait_of(li, "desk"));
    }
    EXPECT_EQ(waits, (std::vector<domain::duration>{1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s,
                                                    300s}));
}

TEST(sign_in_guard, an_hour_without_a_failure_is_forgotten) {
    door d;
    d.is_wrong(li, "desk", 20);
    d.now += 1h;
    d.is_wrong(li, "desk");
    EXPECT_TRUE(d.lets_try(li, "desk"));
}

TEST(sign_in_guard, who_is_wrong_in_one_place_is_free_in_another) {
    door d;
    d.is_wrong(li, "elsewhere", 100);
    EXPECT_FALSE(d.lets_try(li, "elsewhere"));
    EXPECT_TRUE(d.lets_try(li, "desk"));
}

TEST(sign_in_guard, who_tries_a_word_on_many_users_waits_as_a_whole) {
    door d;
    for (int i = 0; i < 30; ++i)
        d.is_wrong({"user" + std::to_string(i)}, "elsewhere");
    EXPECT_FALSE(d.lets_try(li, "elsewhere"));
    EXPECT_TRUE(d.lets_try(li, "desk"));
}

TEST(sign_in_guard, an_address_from_which_she_has_signed_in_is_not_locked_for_her_by_others) {
    door d;
    d.is_wrong(li, "desk");
    d.guard.succeeds(li, "desk");
    d.is_wrong(wang, "desk", 100);
    EXPECT_TRUE(d.lets_try(li, "desk"));
    EXPECT_FALSE(d.lets_try({"zhao"}, "desk"));
}

TEST(sign_in_guard, a_success_takes_back_what_she_got_wrong_and_not_what_others_did) {
    door d;
    d.is_wrong(wang, "desk", 26);
    d.is_wrong(li, "desk", 4);
    EXPECT_FALSE(d.lets_try({"zhao"}, "desk"));
    d.guard.succeeds(li, "desk");
    EXPECT_TRUE(d.lets_try({"zhao"}, "desk"));
    d.is_wrong(li, "desk", 4);
    EXPECT_FALSE(d.lets_try({"zhao"}, "desk"));
}

TEST(sign_in_guard, the_houses_own_fault_does_not_count) {
    door d;
    for (int i = 0; i < 100; ++i) {
        d.is_wrong(li, "desk");
        d.guard.not_his_fault(li, "desk");
    }
    EXPECT_TRUE(d.lets_try(li, "desk"));
}

TEST(sign_in_guard, a_crowd_of_addresses_makes_it_forget_failures_and_never_who_has_been_here) {
    door d;
    d.guard.succeeds(li, "desk");
    d.is_wrong(wang, "desk", 40);
    for (int i = 0; i < 20'000; ++i)
        d.is_wrong({"guess"}, std::to_string(i));
    EXPECT_TRUE(d.guard.has_been_here(li, "desk"));
    EXPECT_TRUE(d.lets_try(wang, "desk")); // forgotten: memory has a bound
}

} // namespace linli::tests
