// A landline whose look-up was made before the 0 of its area code was put back is found again by
// who calls from it, and who must not be told at that number stays so.
#include "adapters/postgres/phone_lookups.hpp"

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "adapters/postgres/personal.hpp"
#include "contract/fresh_database.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"

namespace linli::tests {

namespace {

class phone_lookups : public testing::Test {
protected:
    void SetUp() override {
        if (!has_test_server()) GTEST_SKIP();
        of_ = std::make_unique<fresh_database>();
        pqxx::connection connection(of_->url());
        write_registry(connection, of_->keys(), the_town());
        write_people(
            connection, of_->keys(),
            {contact(1, "+86 21 1234 5678"), contact(2, "869318400000"), contact(3, "13800000009")},
            {});
        found_by(connection, 1, "2112345678");
        found_by(connection, 2, "869318400000");
        found_by(connection, 3, "13800000009");
    }

    static known_contact contact(int place, std::string phone) {
        known_contact one;
        one.resident = {"r1"};
        one.place = place;
        one.phone = std::move(phone);
        return one;
    }

    void found_by(pqxx::connection& on, int place, std::string const& number) {
        pqxx::nontransaction in(on);
        auto const digest = of_->keys().lookup_hmac("phone", number);
        pqxx::binarystring const bytes(digest.data(), digest.size());
        in.exec_params("update contact set phone_hmac = $1 where resident = 'r1' and place = $2",
                       bytes, place);
        in.exec_params("insert into do_not_tell (resident, phone_hmac) values ('r1', $1)", bytes);
    }

    // Rows of those that are found by a call from there.
    int rows_of(std::string const& table, std::string const& calls_from) {
        pqxx::connection on(of_->url());
        pqxx::nontransaction in(on);
        auto const digest = postgres::phone_lookup(of_->keys(), calls_from);
        auto const found =
            in.exec_params1("select count(*) from " + table + " where phone_hmac = $1",
                            pqxx::binarystring(digest.data(), digest.size()));
        return found[0].as<int>();
    }

    std::unique_ptr<fresh_database> of_;
};

} // namespace

TEST_F(phone_lookups, a_landline_has_the_0_of_its_area_code) {
    EXPECT_EQ(rows_of("contact", "021-12345678"), 0);
    EXPECT_EQ(postgres::renew_phone_lookups(of_->url(), of_->keys()), 2U);
    for (auto const* table : {"contact", "do_not_tell"}) {
        EXPECT_EQ(rows_of(table, "021-12345678"), 1) << table;
        EXPECT_EQ(rows_of(table, "+869318400000"), 1) << table;
        EXPECT_EQ(rows_of(table, "13800000009"), 1) << table;
    }
    EXPECT_EQ(postgres::renew_phone_lookups(of_->url(), of_->keys()), 0U);
}

} // namespace linli::tests
