// Until when the house's certificates are good, and from when on somebody is told.
#include "server/certificate_ends.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::server {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::chrono::sys_seconds today = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30);

TEST(certificate_ends, are_told_of_from_thirty_days_before) {
    EXPECT_THAT(trouble_with(broker_certificate(today + days(30)), today), IsEmpty());
    EXPECT_THAT(trouble_with(broker_certificate(today + days(30) - 1s), today),
                StartsWith("the broker's certificate is good for 29 days more: "));
    EXPECT_THAT(trouble_with(broker_certificate(today + 1s), today),
                StartsWith("the broker's certificate is good for 0 days more: "));
    EXPECT_THAT(trouble_with(broker_certificate(today - 1s), today),
                StartsWith("the broker's certificate has run out, and nobody new believes it: "));
}

TEST(certificate_ends, say_what_somebody_must_do) {
    EXPECT_THAT(trouble_with(broker_certificate(today), today),
                HasSubstr("/etc/mosquitto/linli, run that again"));
    EXPECT_THAT(trouble_with(edge_certificate(today), today),
                HasSubstr("systemctl restart linli-edge"));
    EXPECT_THAT(trouble_with(database_certificate(today), today),
                AllOf(StartsWith("the database's certificate is good for 0 days more: "),
                      HasSubstr("deploy/keeping.md")));
    EXPECT_THAT(trouble_with({"the pushes'", today, "do this"}, today),
                StartsWith("the pushes' certificate is good for 0 days more: do this"));
}

TEST(certificate_ends, of_doors_that_are_shut_are_nobodys_concern) {
    EXPECT_THAT(certificate_ends(runtime::config{}), IsEmpty());
}

} // namespace
} // namespace linli::server
