// What a server remembers of itself beside its journal.
#include "adapters/journal/server_marks.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace linli::journal {
namespace {

class the_marks : public testing::Test {
protected:
    the_marks() {
        std::string name = "/tmp/linli-marks-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~the_marks() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

TEST_F(the_marks, keep_the_servers_name_over_a_restart) {
    auto const name = server_marks(folder_).id();
    EXPECT_EQ(name.size(), 8U);
    EXPECT_EQ(server_marks(folder_).id(), name);
}

TEST_F(the_marks, say_who_was_the_last_to_receive) {
    server_marks const marks(folder_);
    EXPECT_FALSE(marks.was_holder());
    EXPECT_TRUE(marks.note_holding());
    EXPECT_TRUE(server_marks(folder_).was_holder());
    EXPECT_TRUE(marks.note_holding()); // again
    EXPECT_TRUE(marks.forget_holding());
    EXPECT_FALSE(server_marks(folder_).was_holder());
    EXPECT_TRUE(marks.forget_holding());
}

TEST_F(the_marks, say_so_when_the_disk_refuses) {
    server_marks const marks(folder_);
    std::filesystem::remove_all(folder_);
    EXPECT_FALSE(marks.note_holding());
    EXPECT_FALSE(marks.was_holder());
}

} // namespace
} // namespace linli::journal
