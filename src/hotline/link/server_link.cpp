#include "hotline/link/server_link.hpp"

#include <deque>
#include <optional>
#include <utility>

#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/log.hpp"

namespace linli::hotline {

namespace {

namespace asio = boost::asio;
namespace log = runtime::log;
using local = asio::local::stream_protocol;

constexpr ::mode_t others = 0007;

// The socket belongs to the owner and group from the moment that it is there.
local::acceptor acceptor_at(asio::any_io_executor const& loop, std::filesystem::path const& at) {
    ::unlink(at.c_str());
    auto const before = ::umask(others);
    try {
        local::acceptor made(loop, local::endpoint(at.string()));
        ::umask(before);
        return made;
    } catch (...) {
        ::umask(before);
        throw;
    }
}

} // namespace

struct server_link::session {
    explicit session(local::socket on)
        : socket(std::move(on)), to_send(socket.get_executor()), next_beat(socket.get_executor()) {}

    local::socket socket;
    std::deque<std::string> unsent;
    std::size_t unsent_bytes = 0;
    asio::steady_timer to_send; // cancelled when there is something
    asio::steady_timer next_beat;
    bool has_spoken = true; // since the last beat
    bool open = true;
};

server_link::server_link(asio::any_io_executor loop, settings with, server_listener& tell)
    : with_(std::move(with)), tell_(tell), acceptor_(acceptor_at(loop, with_.socket)),
      work_(std::move(loop)) {}

server_link::~server_link() {
    ::unlink(with_.socket.c_str());
}

runtime::task<> server_link::serve() {
    for (;;) {
        local::socket peer(acceptor_.get_executor());
        auto const [error] = co_await acceptor_.async_accept(peer, runtime::use_task_tuple);
        if (error == asio::error::operation_aborted) co_return;
        if (error) { // out of descriptors: whoever waits in line isn't lost
            log::warning("server_not_accepted", {{"error", error}});
            asio::steady_timer pause(acceptor_.get_executor(), std::chrono::seconds(1));
            co_await pause.async_wait(runtime::use_task_tuple);
            continue;
        }
        if (current_) end(*current_);
        current_ = std::make_shared<session>(std::move(peer));
        work_.spawn("server is heard", hear(current_));
        work_.spawn("server is told", write(current_));
        work_.spawn("server is alive", keep_alive(current_));
        log::info("dispatch_server_connected");
        tell_.server_came();
    }
}

void server_link::send(std::string message) {
    if (!current_) return;
    auto& to = *current_;
    to.unsent_bytes += message.size();
    to.unsent.push_back(std::move(message));
    if (to.unsent_bytes > with_.most_unsent) {
        log::warning("dispatch_server_too_slow", {{"bytes", to.unsent_bytes}});
        return end(to);
    }
    to.to_send.cancel();
}

void server_link::end(session& one) {
    if (!std::exchange(one.open, false)) return;
    boost::system::error_code ignored;
    one.socket.close(ignored);
    one.to_send.cancel();
    one.next_beat.cancel();
    if (!is_current(one)) return;
    log::warning("dispatch_server_away");
    current_.reset(); // its tasks still hold it
    tell_.server_went();
}

runtime::task<> server_link::hear(std::shared_ptr<session> from) {
    std::string bytes;
    while (from->open) {
        bytes.resize(messages::length_bytes);
        auto const header = asio::buffer(bytes);
        auto const [cut, got] =
            co_await asio::async_read(from->socket, header, runtime::use_task_tuple);
        auto const length = cut ? 0 : messages::length_of(bytes);
        if (cut || length > messages::largest) break;
        bytes.resize(length);
        auto const body = asio::buffer(bytes);
        auto const [torn, rest] =
            co_await asio::async_read(from->socket, body, runtime::use_task_tuple);
        if (torn) break;
        auto read = messages::read(bytes);
        if (!read) {
            log::error("dispatch_server_not_understood", {{"bytes", bytes.size()}});
            break;
        }
        from->has_spoken = true;
        if (is_current(*from)) tell_.server_said(std::move(*read));
    }
    end(*from);
}

runtime::task<> server_link::write(std::shared_ptr<session> to) {
    while (to->open) {
        if (to->unsent.empty()) {
            to->to_send.expires_at(asio::steady_timer::time_point::max());
            co_await to->to_send.async_wait(runtime::use_task_tuple);
            continue;
        }
        auto const message = std::move(to->unsent.front());
        to->unsent.pop_front();
        auto const bytes = asio::buffer(message);
        auto const [error, sent] =
            co_await asio::async_write(to->socket, bytes, runtime::use_task_tuple);
        to->unsent_bytes -= message.size();
        if (error) break;
    }
    end(*to);
}

runtime::task<> server_link::keep_alive(std::shared_ptr<session> with) {
    auto silent_for = std::chrono::milliseconds(0);
    while (with->open) {
        with->next_beat.expires_after(with_.alive_every);
        auto const [error] = co_await with->next_beat.async_wait(runtime::use_task_tuple);
        if (error || !is_current(*with)) break;
        silent_for = std::exchange(with->has_spoken, false) ? std::chrono::milliseconds(0)
                                                            : silent_for + with_.alive_every;
        if (silent_for >= with_.longest_silence) {
            log::warning("dispatch_server_silent", {{"for", silent_for}});
            break;
        }
        send(messages::alive(tell_.now()));
    }
    end(*with);
}

} // namespace linli::hotline
