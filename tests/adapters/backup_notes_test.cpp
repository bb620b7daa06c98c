// What linli-backup tells of the nightly backup, and when somebody must do something about it.
#include "adapters/files/backup_notes.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace linli::files {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr auto night = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30) + 3h + 10min;

class notes_of_a_backup : public testing::Test {
protected:
    notes_of_a_backup() {
        std::string name = "/tmp/linli-notes-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~notes_of_a_backup() override { std::filesystem::remove_all(folder_); }

    void tells(std::string const& file, std::string const& text) {
        std::ofstream(folder_ / file) << text << '\n';
    }
    backup_notes read() const { return read_backup_notes(folder_ / "journal"); }
    std::string trouble(std::chrono::seconds later) const {
        return trouble_with(read(), night + later);
    }

    std::filesystem::path folder_;
};

TEST_F(notes_of_a_backup, a_house_that_makes_none_so_is_not_blamed) {
    EXPECT_FALSE(read().newest);
    EXPECT_THAT(trouble(0h), IsEmpty());
    tells("newest-backup", "yesterday");
    EXPECT_FALSE(read().newest) << "that is no time";
}

TEST_F(notes_of_a_backup, one_of_last_night_is_well_and_two_nights_without_are_not) {
    tells("newest-backup", "20261130T031000Z");
    ASSERT_TRUE(read().newest);
    EXPECT_EQ(*read().newest, night);
    EXPECT_THAT(in_words(read(), night + 7h + 59min), "the newest whole one is 7 hours old");
    EXPECT_THAT(trouble(36h), IsEmpty());
    EXPECT_THAT(trouble(36h + 1s), StartsWith("the newest whole one is 36 hours old: "));
}

TEST_F(notes_of_a_backup, one_that_failed_is_said_at_once_and_until_another_is_whole) {
    tells("newest-backup", "20261130T031000Z");
    tells("failed-backup", "20261201T041000Z");
    EXPECT_THAT(trouble(27h),
                StartsWith("one failed 2 hours ago, and the newest whole one is 27 hours old: "));
    tells("newest-backup", "20261201T050000Z");
    EXPECT_THAT(trouble(27h), IsEmpty());
    EXPECT_FALSE(read().failed);
}

TEST_F(notes_of_a_backup, the_first_that_fails_is_said_too) {
    tells("failed-backup", "20261130T031000Z");
    EXPECT_THAT(trouble(1h), StartsWith("one failed 1 hours ago, and there is no whole one: "));
    EXPECT_THAT(trouble(1h), HasSubstr("journalctl -u linli-backup"));
}

} // namespace
} // namespace linli::files
