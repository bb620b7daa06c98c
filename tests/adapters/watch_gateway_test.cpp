// The watches' door over real sockets, with what is behind it in the test's hands.
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/watch_tcp/gateway.hpp"

namespace linli::watch_tcp {
namespace {

using boost::asio::ip::tcp;
using testing::ElementsAre;

std::string const keeps_alive = "[3G*8809008845*0002*LK]";
std::string const is_somewhere = "[3G*8809008845*0002*UD]";
std::string const presses = "[3G*8809008845*0002*AL]";

TEST(watches, a_press_behind_two_frames_of_a_connection_that_breaks_is_a_press) {
    std::promise<void> is_read, is_broken;
    int beats = 0;
    std::mutex mutex;
    std::vector<std::string> written;
    gateway_callbacks with;
    with.is_registered = [](std::string_view) { return true; };
    with.on_beat = [&](std::string_view) { // the first frame is answered into a broken connection
        if (++beats > 1) return;
        is_read.set_value();
        is_broken.get_future().wait();
    };
    with.on_signal = [&](arrived const& what) {
        std::lock_guard const lock(mutex);
        written.emplace_back(what.bytes);
        return gateway_callbacks::settle([] { return true; });
    };
    runtime::metrics metrics;
    gateway door({"127.0.0.1", 0}, with, metrics);
    door.start();
    boost::asio::io_context nobody_runs;
    tcp::socket watch(nobody_runs);
    watch.connect({boost::asio::ip::address_v4::loopback(), door.port()});
    watch.set_option(boost::asio::socket_base::linger(true, 0)); // its close is a reset
    boost::asio::write(watch, boost::asio::buffer(keeps_alive + is_somewhere + presses));
    is_read.get_future().wait();
    watch.close();
    is_broken.set_value();
    while (door.open() > 0)
        std::this_thread::yield();
    door.stop();
    EXPECT_THAT(written, ElementsAre(presses));
    EXPECT_EQ(beats, 3);
}

} // namespace
} // namespace linli::watch_tcp
