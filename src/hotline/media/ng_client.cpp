#include "hotline/media/ng_client.hpp"

#include <array>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace linli::hotline {

namespace {

constexpr std::size_t largest_datagram = 65'535;

} // namespace

// In the asking coroutine's frame, and in the map while it waits.
struct ng_client::waiter {
    waiter(boost::asio::any_io_executor const& loop) : changed(loop) {}

    boost::asio::steady_timer changed; // cancelled when the answer is there
    std::optional<bencode::value> answer;
};

ng_client::ng_client(boost::asio::any_io_executor loop, settings with)
    : with_(std::move(with)), socket_(std::move(loop), with_.rtpengine.protocol()) {
    socket_.non_blocking(true);
}

runtime::task<> ng_client::read_answers() {
    std::array<char, largest_datagram> buffer; // in the frame, which is on the heap
    boost::asio::ip::udp::endpoint from;
    for (;;) {
        auto const into = boost::asio::buffer(buffer);
        auto const [error, size] =
            co_await socket_.async_receive_from(into, from, runtime::use_task_tuple);
        if (error == boost::asio::error::operation_aborted) co_return;
        // An error here tells that nobody listened to an earlier datagram: its waiter will see.
        if (!error && from == with_.rtpengine) take({buffer.data(), size});
    }
}

void ng_client::take(std::string_view datagram) {
    auto const blank = datagram.find(' ');
    if (blank == datagram.npos) return;
    auto const at = waiting_.find(datagram.substr(0, blank));
    if (at == waiting_.end() || at->second->answer) return; // late, or twice
    at->second->answer = bencode::decode(datagram.substr(blank + 1));
    if (at->second->answer) at->second->changed.cancel();
}

runtime::task<boost::system::result<bencode::value>> ng_client::ask(bencode::dictionary request) {
    auto const cookie = with_.run + "." + std::to_string(++asked_);
    auto const datagram = cookie + " " + bencode::encode(bencode::value(std::move(request)));
    waiter self(socket_.get_executor());
    waiting_.emplace(cookie, &self);
    struct forgetting {
        ng_client& in;
        std::string const& cookie;
        ~forgetting() { in.waiting_.erase(cookie); }
    } const at_the_end{*this, cookie};
    for (auto const& wait : with_.waits) {
        boost::system::error_code unsent; // as good as lost: it is sent again
        socket_.send_to(boost::asio::buffer(datagram), with_.rtpengine, 0, unsent);
        self.changed.expires_after(wait);
        co_await self.changed.async_wait(runtime::use_task_tuple);
        if (self.answer) co_return std::move(*self.answer);
    }
    co_return make_error_code(boost::system::errc::timed_out);
}

} // namespace linli::hotline
