// Whose linli.toml a command means that names none.
#include "cli/usual_config.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace linli::cli {
namespace {

namespace fs = std::filesystem;

class usual_config : public testing::Test {
protected:
    usual_config() {
        std::string name = "/tmp/linli-usual-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~usual_config() override { fs::remove_all(folder_); }

    fs::path installed() const { return folder_ / "linli.toml"; }

    fs::path folder_;
};

TEST_F(usual_config, is_the_checkouts_where_nothing_is_installed) {
    EXPECT_EQ(usual_config_file(nullptr, installed()), "config/linli.toml");
    EXPECT_EQ(usual_config_file("", installed()), "config/linli.toml");
}

TEST_F(usual_config, is_the_installations_on_its_machine) {
    std::ofstream(installed()) << "\n";
    EXPECT_EQ(usual_config_file(nullptr, installed()), installed());
}

TEST_F(usual_config, is_the_one_that_the_environment_names) {
    std::ofstream(installed()) << "\n";
    EXPECT_EQ(usual_config_file("/elsewhere/linli.toml", installed()), "/elsewhere/linli.toml");
}

TEST_F(usual_config, is_the_installations_also_for_who_may_not_look_into_it) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may look into everything";
    fs::create_directory(folder_ / "shut");
    fs::permissions(folder_ / "shut", fs::perms::none);
    EXPECT_EQ(usual_config_file(nullptr, folder_ / "shut/linli.toml"), folder_ / "shut/linli.toml");
    fs::permissions(folder_ / "shut", fs::perms::owner_all);
}

} // namespace
} // namespace linli::cli
