#include <limits>

#include <gtest/gtest.h>

#include "domain/telemetry.hpp"

namespace linli::domain {
namespace {

TEST(vital_sign, has_the_code_by_which_fhir_knows_it) {
    EXPECT_EQ(loinc_of(vital_sign::heart_rate), "8867-4");
    EXPECT_EQ(loinc_of(vital_sign::oxygen_saturation), "2708-6");
    for (auto const& [what, name] : names<vital_sign>::table)
        EXPECT_EQ(vital_sign_of(loinc_of(what)), what) << name;
    EXPECT_EQ(vital_sign_of("59408-5"), vital_sign::oxygen_saturation);
    EXPECT_EQ(vital_sign_of("8867-5"), std::nullopt); // the check digit is part of it
    EXPECT_EQ(vital_sign_of(""), std::nullopt);
}

// LOINC's last digit checks the others (Luhn's rule): a slip in our table would show.
TEST(vital_sign, codes_have_the_right_check_digit) {
    for (auto const& [what, name] : names<vital_sign>::table) {
        auto const code = loinc_of(what);
        auto const digits = code.substr(0, code.find('-'));
        int sum = 0;
        for (std::size_t i = 0; i < digits.size(); ++i) {
            int const digit = digits[digits.size() - 1 - i] - '0';
            int const counted = i % 2 == 0 ? 2 * digit : digit;
            sum += counted / 10 + counted % 10;
        }
        EXPECT_EQ(code.back() - '0', (10 - sum % 10) % 10) << name;
    }
}

TEST(vital_sign, is_possible_when_an_instrument_can_have_said_it_however_bad_it_is) {
    EXPECT_TRUE(is_possible(vital_sign::heart_rate, 0)); // no pulse found
    EXPECT_TRUE(is_possible(vital_sign::heart_rate, 260));
    EXPECT_TRUE(is_possible(vital_sign::oxygen_saturation, 41));
    EXPECT_TRUE(is_possible(vital_sign::body_temperature, 27.5));
    EXPECT_FALSE(is_possible(vital_sign::heart_rate, -1));
    EXPECT_FALSE(is_possible(vital_sign::heart_rate, 65'535));
    EXPECT_FALSE(is_possible(vital_sign::oxygen_saturation, 101));
    EXPECT_FALSE(is_possible(vital_sign::body_temperature, 98.6)); // Fahrenheit
    EXPECT_FALSE(is_possible(vital_sign::weight, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_FALSE(is_possible(vital_sign::steps, std::numeric_limits<double>::infinity()));
}

} // namespace
} // namespace linli::domain
