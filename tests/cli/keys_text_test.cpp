// Which key may go, and which one is missing.
#include "cli/keys_text.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

TEST(the_words_of_the_keys, say_what_each_is_for_and_what_needs_it) {
    postgres::key_names const names{"k2", {"k1", "k0"}, {"k3"}};
    std::vector<postgres::key_need> const needs{
        {"k1", "log", 3, "goes with its time"}, {"k2", "resident", 120}, {"k9", "site", 1}};
    EXPECT_EQ(cli::keys_text(names, needs),
              "k2 seals\n"
              "  resident               120 rows\n"
              "k1 opens\n"
              "  log                      3 rows: goes with its time\n"
              "k0 opens\n"
              "  nothing needs it: \"linli keys retire k0\"\n"
              "k3 waits for \"linli keys rotate\"\n"
              "k9 IS MISSING: put its line back\n"
              "  site                     1 rows\n");
}

} // namespace linli::tests
