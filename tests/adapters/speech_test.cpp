// What the house says by voice, by a real espeak-ng, and by such as can't or won't.
#include <chrono>
#include <fstream>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/speech/espeak.hpp"
#include "support/private_folder.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using testing::HasSubstr;

class Speech : public testing::Test {
protected:
    // A program that stands for espeak-ng; its eighth argument and what follows are not looked at.
    fs::path program(std::string const& does) {
        auto const file = folder_ / "program";
        std::ofstream(file) << "#!/bin/sh\n" << does << '\n';
        fs::permissions(file, fs::perms::owner_all);
        return file;
    }
    bool speaks(std::string const& text, std::string const& language = "zh") {
        return speech::speak_to_file(with_, sound_, text, language);
    }
    std::string text_of(fs::path const& file) const {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    std::ptrdiff_t files() const {
        return std::distance(fs::directory_iterator(spoken_), fs::directory_iterator());
    }
    void SetUp() override { fs::create_directories(spoken_); }
    ~Speech() override { fs::remove_all(folder_); }

    fs::path const folder_ = private_folder("speech");
    fs::path const spoken_ = folder_ / "spoken";
    fs::path const sound_ = spoken_ / "said-1.wav";
    speech::espeak::settings with_{.folder = spoken_};
};

TEST_F(Speech, ChineseAndEnglishBecomeSound) {
    for (auto const& [text, language] :
         {std::pair("您好，孙美按了呼救。", "zh"), std::pair("Sun Mei has pressed.", "en")}) {
        ASSERT_TRUE(speaks(text, language)) << language;
        EXPECT_TRUE(text_of(sound_).starts_with("RIFF"));
        constexpr std::uintmax_t half_a_second = 22'050;
        EXPECT_GT(fs::file_size(sound_), half_a_second);
    }
    EXPECT_EQ(files(), 1) << "and nothing beside it";
}

TEST_F(Speech, OnlyTheOwnerAndTheGroupMayHearIt) {
    ASSERT_TRUE(speaks("孙美"));
    struct stat is {};
    ASSERT_EQ(::stat(sound_.c_str(), &is), 0);
    EXPECT_EQ(is.st_mode & 07777U, 0640U);
}

TEST_F(Speech, TheTextIsNoArgumentOfTheProgram) {
    with_.program = program("printf '%s\\n' \"$@\" >\"$6\"; cat >>\"$6\"");
    ASSERT_TRUE(speaks("$(reboot) `x` --help", "en"));
    auto const said = text_of(sound_);
    auto const arguments = said.substr(0, said.find("-b1") + 3);
    EXPECT_THAT(said, HasSubstr("$(reboot) `x` --help"));
    EXPECT_THAT(arguments, testing::Not(HasSubstr("reboot")));
}

TEST_F(Speech, NobodyWaitsLongForIt) {
    with_.program = program("exec sleep 60");
    with_.at_most = 1s;
    auto const begun = std::chrono::steady_clock::now();
    EXPECT_FALSE(speaks("孙美"));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
    EXPECT_EQ(files(), 0);
}

TEST_F(Speech, SoundWithoutEndDoesNotFillTheDisk) {
    with_.program = program("exec cat /dev/zero >\"$6\"");
    with_.most_bytes = 100'000;
    EXPECT_FALSE(speaks("孙美"));
    EXPECT_EQ(files(), 0);
}

TEST_F(Speech, WhatFailsLeavesNothing) {
    with_.program = program("echo half >\"$6\"; exit 1");
    EXPECT_FALSE(speaks("孙美"));
    with_.program = program("exit 0");
    EXPECT_FALSE(speaks("孙美"));
    with_.program = folder_ / "nowhere";
    EXPECT_FALSE(speaks("孙美"));
    EXPECT_EQ(files(), 0);
    EXPECT_THAT(speech::why_not(with_), HasSubstr("espeak-ng"));
}

TEST_F(Speech, WhatWasSaidGoesAndWhatAnEarlierRunHasLeft) {
    boost::asio::io_context loop;
    speech::espeak speaks(with_);
    auto const first = run_on(loop, speaks.say("said-1", "孙美", "zh"));
    auto const second = run_on(loop, speaks.say("said-2", "孙美", "zh"));
    auto const third = run_on(loop, speaks.say("said-3", "孙美", "zh"));
    EXPECT_EQ(first, "said-1");
    EXPECT_EQ(files(), 3);
    speaks.forget("said-1");
    EXPECT_EQ(files(), 2);
    std::ofstream(spoken_ / "said-4.wav.part") << "is being spoken";
    speaks.forget_others({"said-3", "said-4"});
    EXPECT_EQ(files(), 2);
    EXPECT_TRUE(fs::exists(spoken_ / "said-3.wav"));
    EXPECT_TRUE(fs::exists(spoken_ / "said-4.wav.part"));
}

} // namespace

} // namespace linli::tests
