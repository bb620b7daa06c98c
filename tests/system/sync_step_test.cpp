// Nothing that we acknowledged is lost: what every door asks before it answers. `kill -9` can't
// prove it, because what was only written outlives a process; a disk that counts can.
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "adapters/journal/journal.hpp"
#include "server/journal_inbox.hpp"

namespace linli::tests {

namespace {

class a_disk : public testing::Test {
protected:
    a_disk() {
        auto name = (std::filesystem::temp_directory_path() / "linli-sync-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        journal::options wanted;
        wanted.folder = folder_ / "signals";
        wanted.reserve_bytes = 0;
        wanted.window_records = 0; // all is read from it
        wanted.calls.datasync = [this](int) {
            ++syncs_;
            if (!is_broken_) return 0;
            errno = EIO;
            return -1;
        };
        signals_.emplace(wanted);
    }
    ~a_disk() override {
        signals_.reset();
        std::filesystem::remove_all(folder_);
    }
    std::function<bool()> is_pressed() {
        journal::record press{"mqtt", "linli/v1/d/d-w1/signal", 1, "SOS"};
        auto const at = signals_->append_unsynced(press).value();
        return server::sync_step(*signals_, at, press);
    }

    int syncs_ = 0;
    bool is_broken_ = false;
    std::filesystem::path folder_;
    std::optional<journal::journal> signals_;
};

} // namespace

TEST_F(a_disk, has_a_press_before_its_door_may_answer) {
    auto const step = is_pressed();
    EXPECT_EQ(syncs_, 0) << "the loop may decide it meanwhile";
    EXPECT_TRUE(step());
    EXPECT_EQ(syncs_, 1);
}

TEST_F(a_disk, that_refuses_a_press_lets_no_door_answer) {
    auto const step = is_pressed();
    is_broken_ = true;
    EXPECT_FALSE(step());
}

TEST_F(a_disk, that_is_well_again_takes_the_press_that_it_refused_though_nothing_is_decided) {
    auto const step = is_pressed();
    auto const next = is_pressed();
    is_broken_ = true;
    EXPECT_FALSE(step());
    EXPECT_FALSE(step()) << "nor what was written for it since";
    is_broken_ = false;
    EXPECT_TRUE(step());
    EXPECT_TRUE(next()) << "the disk had lost it with the first";
    auto const syncs = syncs_;
    EXPECT_TRUE(step() && next()) << "asked once more";
    EXPECT_EQ(syncs_, syncs);
}

TEST_F(a_disk, that_could_not_be_read_just_now_is_read_again_though_nobody_presses) {
    is_pressed();
    boost::asio::io_context loop{1};
    mapped::device_book const devices;
    server::journal_inbox inbox(*signals_, devices, loop.get_executor());
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    rlimit const none{0, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    EXPECT_TRUE(inbox.next(10).empty());
    ::setrlimit(RLIMIT_NOFILE, &before);
    bool woken = false;
    boost::asio::co_spawn(loop, inbox.wait(), [&](std::exception_ptr) { woken = true; });
    loop.run_for(std::chrono::seconds{20}); // ends as soon as nothing is waited for
    EXPECT_TRUE(woken);
    EXPECT_EQ(inbox.next(10).size(), 1U);
}

} // namespace linli::tests
