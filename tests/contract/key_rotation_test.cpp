// Another key for personal data while everything runs: what the old one sealed is brought over,
// what was found by a number is still found, and the old one goes only when nothing needs it.
#include "adapters/postgres/key_rotation.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/postgres/key_file.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "contract/fresh_database.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"

namespace linli::tests {

namespace {

using postgres::key_ring;
using testing::IsEmpty;

class key_rotation : public testing::Test {
protected:
    void SetUp() override {
        if (!has_test_server()) GTEST_SKIP();
        of_ = std::make_unique<fresh_database>();
        pqxx::connection connection(of_->url());
        write_registry(connection, of_->keys(), the_town());
        known_contact daughter;
        daughter.resident = {"r1"};
        daughter.phone = "13800000009";
        known_site station;
        station.id = {"s1"};
        station.duty_phone = "02112349";
        write_people(connection, of_->keys(), {daughter}, {station});
        old_ = of_->keys().current_key_id();
    }

    // Whom somebody reads with these keys.
    std::string name_of(key_ring const& keys, std::string const& resident) {
        pqxx::connection connection(of_->url());
        pqxx::work in(connection);
        auto const r =
            in.exec_params1("select data_key, personal from resident where id = $1", resident);
        auto const plain = keys.open_for(
            postgres::bytes(r[0]), postgres::resident_personal::sealed_for, postgres::bytes(r[1]));
        return plain ? postgres::from_json<postgres::resident_personal>(*plain).name : "nobody";
    }
    std::size_t rows_by(std::string const& key) {
        std::size_t all = 0;
        for (auto const& each : postgres::key_needs(of_->url()))
            if (each.key == key) all += each.rows;
        return all;
    }
    postgres::rotated rotates(postgres::rotation_progress const& told = {}) {
        return postgres::rotate(of_->url(), key_ring::load(of_->key_file()), told);
    }

    std::unique_ptr<fresh_database> of_;
    std::string old_;
};

} // namespace

TEST_F(key_rotation, an_added_key_opens_and_does_not_seal_before_it_is_used) {
    auto const fresh = postgres::add_key(of_->key_file());
    EXPECT_EQ(key_ring::load(of_->key_file()).current_key_id(), old_);
    auto names = postgres::names_in(of_->key_file());
    EXPECT_EQ(names.waiting, std::vector{fresh});
    EXPECT_TRUE(postgres::use_waiting_key(of_->key_file()));
    EXPECT_FALSE(postgres::use_waiting_key(of_->key_file())) << "it is used";
    names = postgres::names_in(of_->key_file());
    EXPECT_EQ(names.seals, fresh);
    EXPECT_EQ(names.open, std::vector{old_});
    EXPECT_THAT(names.waiting, IsEmpty());
}

TEST_F(key_rotation, all_is_brought_over_and_then_nothing_needs_the_old_key) {
    auto const before = rows_by(old_);
    ASSERT_GT(before, 0U);
    auto const fresh = postgres::add_key(of_->key_file());
    postgres::use_waiting_key(of_->key_file());
    std::size_t told = 0;
    auto const done = rotates([&](postgres::rotation_step const& so_far) {
        EXPECT_GT(so_far.done, told);
        EXPECT_EQ(so_far.total, before);
        told = so_far.done;
    });
    EXPECT_EQ(done.rows, before);
    EXPECT_EQ(done.unreadable, 0U);
    EXPECT_EQ(told, before);
    EXPECT_EQ(rows_by(old_), 0U);
    EXPECT_EQ(rows_by(fresh), before);
    EXPECT_EQ(rotates().rows, 0U) << "there is nothing left to do";

    auto const digest = of_->keys().lookup_hmac("phone", "13800000001");
    postgres::drop_key(of_->key_file(), old_);
    auto const alone = key_ring::load(of_->key_file());
    EXPECT_EQ(name_of(alone, "r1"), "Sun Mei");
    EXPECT_EQ(alone.lookup_hmac("phone", "13800000001"), digest) << "numbers are still found";
}

TEST_F(key_rotation, whoever_runs_meanwhile_opens_what_the_new_key_has_sealed_and_seals_by_it) {
    auto const running = of_->keys(); // as a server has it since its start
    postgres::add_key(of_->key_file());
    postgres::use_waiting_key(of_->key_file());
    rotates();
    EXPECT_EQ(name_of(running, "r1"), "Sun Mei");
    EXPECT_NE(running.current_key_id(), old_);
}

TEST_F(key_rotation, what_was_broken_off_goes_on) {
    postgres::add_key(of_->key_file());
    postgres::use_waiting_key(of_->key_file());
    struct enough {};
    auto const breaks_off = [](postgres::rotation_step const&) { throw enough(); };
    EXPECT_THROW(rotates(breaks_off), enough);
    ASSERT_GT(rows_by(old_), 0U);
    rotates();
    EXPECT_EQ(rows_by(old_), 0U);
    EXPECT_EQ(name_of(key_ring::load(of_->key_file()), "r3"), "");
}

TEST_F(key_rotation, what_no_key_of_the_file_opens_is_left_as_it_is) {
    postgres::add_key(of_->key_file());
    postgres::use_waiting_key(of_->key_file());
    of_->sql("update resident set data_key = '\\x01026b39'::bytea || data_key where id = 'r2'");
    auto const done = rotates();
    EXPECT_EQ(done.unreadable, 1U);
    EXPECT_EQ(rows_by("k9"), 1U);
    EXPECT_EQ(name_of(key_ring::load(of_->key_file()), "r1"), "Sun Mei");
}

TEST_F(key_rotation, the_key_that_seals_is_never_taken_out) {
    EXPECT_THROW(postgres::drop_key(of_->key_file(), old_), postgres::key_file_error);
    EXPECT_THROW(postgres::drop_key(of_->key_file(), "k0"), postgres::key_file_error);
    postgres::add_key(of_->key_file());
    EXPECT_THROW(postgres::drop_key(of_->key_file(), "lookup"), postgres::key_file_error);
}

} // namespace linli::tests
