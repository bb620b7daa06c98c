#include "system/faults/line.hpp"

#include <array>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace linli::tests::faults {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using runtime::task;

namespace {

constexpr std::size_t piece = 16U << 10;
constexpr std::size_t slow_piece = 256;
constexpr std::size_t slow_bytes_a_second = 4096;
constexpr auto late_by = 330ms;
constexpr int late_at_most_ms = 500; // of what is reordered
constexpr auto look_every = 20ms;    // whether a silent line speaks again

using any_stream = asio::generic::stream_protocol;

any_stream::endpoint place_of(std::string const& to) {
    if (to.find('/') != std::string::npos) return asio::local::stream_protocol::endpoint(to);
    auto const port = static_cast<std::uint16_t>(std::stoi(to));
    return asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port);
}

} // namespace

class line::ends {
public:
    ends(tcp::socket one, asio::io_context& on) : near(std::move(one)), far(on) {}

    void close() {
        boost::system::error_code ignored;
        near.close(ignored);
        far.close(ignored);
    }

    tcp::socket near;
    any_stream::socket far;
};

line::line(std::string to, std::uint64_t seed, std::function<void()> begins_by)
    : to_(std::move(to)), dice_(seed), acceptor_(loop_, {asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()) {
    asio::co_spawn(loop_, accept_all(), asio::detached);
    thread_ = std::thread([this, begins_by = std::move(begins_by)] {
        if (begins_by) begins_by();
        loop_.run();
    });
}

line::~line() {
    loop_.stop();
    thread_.join();
}

void line::becomes(manner how) {
    manner_ = how;
    if (how != manner::cut) return;
    asio::post(loop_, [this] {
        for (auto const& each : open_)
            if (auto const both = each.lock()) both->close();
    });
}

task<void> line::accept_all() {
    for (;;) {
        tcp::socket one(loop_);
        auto const failed = co_await acceptor_.async_accept(one, runtime::use_task_tuple);
        if (std::get<0>(failed)) co_return;
        boost::system::error_code gone; // hung up already: connect() will find out
        one.set_option(tcp::no_delay(true), gone);
        auto both = std::make_shared<ends>(std::move(one), loop_);
        std::erase_if(open_, [](auto const& each) { return each.expired(); });
        open_.push_back(both);
        asio::co_spawn(loop_, connect(std::move(both)), asio::detached);
    }
}

task<void> line::connect(std::shared_ptr<ends> both) {
    while (manner_ == manner::silent)
        co_await wait(look_every);
    if (manner_ == manner::cut) co_return;
    auto const place = place_of(to_);
    auto const failed = co_await both->far.async_connect(place, runtime::use_task_tuple);
    if (std::get<0>(failed)) co_return;
    asio::co_spawn(loop_, pass(both, both->near, both->far), asio::detached);
    asio::co_spawn(loop_, pass(both, both->far, both->near), asio::detached);
}

template <class From, class To>
task<void> line::pass(std::shared_ptr<ends> both, From& from, To& to) {
    std::array<char, piece> bytes;
    for (;;) {
        auto const most = manner_ == manner::slow ? slow_piece : piece;
        auto const room = asio::buffer(bytes.data(), most);
        auto const read = co_await from.async_read_some(room, runtime::use_task_tuple);
        if (std::get<0>(read)) break;
        auto const size = std::get<1>(read);
        auto const its_lateness = lateness(size);
        co_await wait(its_lateness);
        while (manner_ == manner::silent)
            co_await wait(look_every);
        auto const heard = asio::buffer(bytes.data(), size);
        auto const written = co_await asio::async_write(to, heard, runtime::use_task_tuple);
        if (std::get<0>(written)) break;
    }
    both->close();
}

task<void> line::wait(std::chrono::milliseconds how_long) {
    if (how_long <= 0ms) co_return;
    asio::steady_timer timer(loop_, how_long);
    co_await timer.async_wait(runtime::use_task_tuple);
}

std::chrono::milliseconds line::lateness(std::size_t bytes) {
    switch (manner_.load()) {
    case manner::slow:
        return std::chrono::milliseconds(1000 * bytes / slow_bytes_a_second);
    case manner::delayed:
        return late_by;
    case manner::reordered:
        return std::chrono::milliseconds(std::uniform_int_distribution(0, late_at_most_ms)(dice_));
    case manner::straight:
    case manner::cut:
    case manner::silent:
        break;
    }
    return 0ms;
}

} // namespace linli::tests::faults
