// Whether the record would outlive its machine, as /readyz and "linli check" say it.
#include "server/copies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::server {
namespace {

using postgres::cluster_state;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

cluster_state archiving() {
    cluster_state seen;
    seen.archives = true;
    return seen;
}

TEST(copies, that_nobody_has_wished_for_are_nobodys_concern) {
    EXPECT_THAT(trouble_with(cluster_state{}, false), IsEmpty());
    EXPECT_THAT(in_words(cluster_state{}), IsEmpty());
}

TEST(copies, of_a_house_with_backups_and_without_the_log_between_them_are_none) {
    EXPECT_THAT(trouble_with(cluster_state{}, true), HasSubstr("archive_mode is off"));
    EXPECT_THAT(trouble_with(archiving(), true), IsEmpty());
    EXPECT_EQ(in_words(archiving()), "the log is archived");
}

TEST(copies, that_are_no_longer_made_are_told_of) {
    auto seen = archiving();
    seen.archiving_fails = true;
    EXPECT_THAT(trouble_with(seen, true), StartsWith("the database's log is no longer archived"));
    seen.standbys = 2;
    seen.standbys_away = "b";
    EXPECT_THAT(trouble_with(seen, false),
                AllOf(HasSubstr("no longer archived"), HasSubstr("; nobody follows at b: ")));
}

TEST(copies, a_standby_that_follows_is_said) {
    auto seen = archiving();
    seen.standbys = 1;
    EXPECT_THAT(trouble_with(seen, false), IsEmpty());
    EXPECT_EQ(in_words(seen), "the log is archived, 1 standby follows");
}

TEST(copies, two_servers_want_more_connections_than_debian_lets_in) {
    cluster_state seen;
    seen.connections = 97;
    EXPECT_THAT(too_few_connections(seen, 4), IsEmpty());
    seen.standbys = 1;
    EXPECT_THAT(too_few_connections(seen, 4), HasSubstr("max_connections = 200"));
    seen.connections = 197;
    EXPECT_THAT(too_few_connections(seen, 4), IsEmpty());
}

} // namespace
} // namespace linli::server
