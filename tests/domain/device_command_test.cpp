#include "domain/device_command.hpp"

#include <gtest/gtest.h>

namespace linli::domain {
namespace {

struct row {
    command_kind kind;
    std::vector<std::string> values;
    bool fits;
};

TEST(device_command, takes_what_a_watch_can_do_and_nothing_that_could_end_its_frame) {
    row const rows[]{
        {command_kind::locate, {}, true},
        {command_kind::locate, {"now"}, false},
        {command_kind::ring, {}, true},
        {command_kind::report_every, {"10"}, true},
        {command_kind::report_every, {"86400"}, true},
        {command_kind::report_every, {"9"}, false},
        {command_kind::report_every, {"86401"}, false},
        {command_kind::report_every, {"60s"}, false},
        {command_kind::report_every, {""}, false},
        {command_kind::report_every, {"60", "60"}, false},
        {command_kind::report_every, {}, false},
        {command_kind::sos_numbers, {"12349"}, true},
        {command_kind::sos_numbers, {"120", "+8613900000001", "13900000002"}, true},
        {command_kind::sos_numbers, {"120", "110", "119", "12349"}, false},
        {command_kind::sos_numbers, {}, false},
        {command_kind::sos_numbers, {"120][3G"}, false},
        {command_kind::sos_numbers, {"120,110"}, false},
        {command_kind::sos_numbers, {"+"}, false},
        {command_kind::call_back, {"12349"}, true},
        {command_kind::call_back, {"12"}, false},
        {command_kind::call_back, {"123456789012345678901"}, false},
        {command_kind::call_back, {"12349", "120"}, false},
    };
    for (auto const& r : rows)
        EXPECT_EQ(fault_of(r.kind, r.values).empty(), r.fits)
            << to_text(r.kind) << ' ' << (r.values.empty() ? "" : r.values[0]);
}

TEST(device_command, a_call_back_is_of_no_use_after_minutes_and_a_setting_is_for_days) {
    EXPECT_EQ(useful_for(command_kind::call_back), minutes(2));
    EXPECT_EQ(useful_for(command_kind::ring), minutes(2));
    EXPECT_EQ(useful_for(command_kind::locate), minutes(10));
    EXPECT_EQ(useful_for(command_kind::sos_numbers), std::chrono::hours(168));
}

} // namespace
} // namespace linli::domain
