// The registry copy on this machine's disk: whole, sealed and its owner's alone, or none at all.
#include "adapters/postgres/registry_copy.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace linli::postgres {
namespace {

using testing::HasSubstr;
using testing::Not;

class the_registry_copy : public testing::Test {
protected:
    the_registry_copy() {
        copy_.version = 7;
        copy_.areas[{"620102"}] = {{}, {"s1"}};
        copy_.sites[{"s1"}] = {{}, 480, 1200, "09311234567"};
        copy_.devices.append({"w1"}, {{"r1"}, {"h1"}, {"620102"}, "和平路3号楼"});
    }
    ~the_registry_copy() override { std::filesystem::remove_all(folder_); }

    std::string content() const {
        std::ifstream in(file_, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void hold(std::string const& bytes) const {
        std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes;
    }

    static std::filesystem::path fresh_folder() {
        std::string name = "/tmp/linli-copy-XXXXXX";
        return ::mkdtemp(name.data());
    }

    std::filesystem::path const folder_ = fresh_folder();
    std::filesystem::path const file_ = folder_ / "registry-copy";
    app::registry_copy copy_;
    key_ring keys_ = key_ring::create_if_missing(folder_ / "record.keys");
};

TEST_F(the_registry_copy, is_read_back_whole) {
    write_copy(file_, keys_, copy_);
    auto const back = open_copy(file_, keys_);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->version, 7);
    EXPECT_EQ(back->sites, copy_.sites);
    EXPECT_EQ(back->devices.size(), 1U);
    EXPECT_EQ(back->devices.find({"w1"}), copy_.devices.find({"w1"}));
    EXPECT_EQ(back->areas.at({"620102"}).served_by.value, "s1");
}

TEST_F(the_registry_copy, can_be_read_by_nobody_else) {
    write_copy(file_, keys_, copy_);
    struct stat about {};
    ASSERT_EQ(::stat(file_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
    EXPECT_THAT(content(), Not(HasSubstr("09311234567")));
    EXPECT_THAT(content(), Not(HasSubstr("和平路")));
    auto const elsewhere = key_ring::create_if_missing(folder_ / "another.keys");
    EXPECT_FALSE(open_copy(file_, elsewhere));
}

TEST_F(the_registry_copy, that_is_missing_torn_or_changed_is_none) {
    EXPECT_FALSE(open_copy(file_, keys_));
    write_copy(file_, keys_, copy_);
    auto const whole = content();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        hold(whole.substr(0, length));
        EXPECT_FALSE(open_copy(file_, keys_)) << length << " bytes of it";
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        hold(changed);
        EXPECT_FALSE(open_copy(file_, keys_)) << "byte " << at;
    }
}

TEST_F(the_registry_copy, replaces_the_one_before_also_over_a_half_written_one) {
    write_copy(file_, keys_, copy_);
    std::ofstream(file_.string() + ".new") << "half";
    copy_.version = 8;
    copy_.devices = {};
    write_copy(file_, keys_, copy_);
    auto const back = open_copy(file_, keys_);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->version, 8);
    EXPECT_TRUE(back->devices.empty());
    EXPECT_FALSE(std::filesystem::exists(file_.string() + ".new"));
}

TEST_F(the_registry_copy, that_cannot_be_written_says_so_and_leaves_the_old_one) {
    write_copy(file_, keys_, copy_);
    auto const nowhere = folder_ / "gone" / "registry-copy";
    EXPECT_THROW(write_copy(nowhere, keys_, copy_), std::system_error);
    EXPECT_TRUE(open_copy(file_, keys_));
}

} // namespace
} // namespace linli::postgres
