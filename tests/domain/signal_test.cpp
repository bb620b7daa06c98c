#include "domain/signal.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

TEST(event_id, is_made_of_device_boot_and_sequence_and_gives_them_back) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    for (auto const& event : {device_event{7, 42}, device_event{0, 0}, device_event{most, most}}) {
        auto const id = make_event_id({"w1"}, event);
        EXPECT_EQ(device_event_of(id), event) << id.value;
        EXPECT_EQ(device_of(id), device_id{"w1"});
    }
    EXPECT_EQ(make_event_id({"w1"}, {7, 42}).value, "w1:7:42");
}

TEST(event_id, of_a_device_that_gives_none_has_no_numbers_but_a_device) {
    event_id const id{"w1:x:9f86d081:1767268800"};
    EXPECT_EQ(device_event_of(id), std::nullopt);
    EXPECT_EQ(device_of(id), device_id{"w1"});
}

TEST(event_id, junk_has_no_numbers) {
    for (auto const* junk :
         {"", "w1", "w1:7", "w1::", "w1:7:", "w1::42", "w1:7:42:1", "w1:-1:2", "w1:+1:2", "w1: 1:2",
          "w1:1:2 ", "w1:0x1:2", "w1:18446744073709551616:1"})
        EXPECT_EQ(device_event_of({junk}), std::nullopt) << junk;
}

TEST(signal, the_devices_clock_is_data) {
    signal s;
    s.received_at = evening;
    EXPECT_EQ(clock_skew(s), std::nullopt);
    s.happened_at = evening - hours(24 * 365);
    EXPECT_EQ(clock_skew(s), -hours(24 * 365));
    s.happened_at = evening + seconds(3);
    EXPECT_EQ(clock_skew(s), seconds(3));
}

} // namespace linli::tests
