#include "adapters/hotline_link/engine_link.hpp"

#include <deque>
#include <utility>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include "adapters/hotline_link/messages.hpp"
#include "runtime/growing_pause.hpp"
#include "runtime/log.hpp"

namespace linli::hotline_link {

namespace asio = boost::asio;
namespace log = runtime::log;
using local = asio::local::stream_protocol;

struct engine_link::session {
    explicit session(asio::any_io_executor const& loop)
        : socket(loop), to_send(loop), next_beat(loop) {}

    local::socket socket;
    std::deque<std::string> unsent;
    std::size_t unsent_bytes = 0;
    asio::steady_timer to_send; // cancelled when there is something
    asio::steady_timer next_beat;
    bool has_spoken = true;  // since the last beat
    bool has_stood = false;  // its snapshot has come
    bool has_missed = false; // something that it said
    bool open = true;
};

engine_link::engine_link(asio::any_io_executor loop, settings with)
    : with_(std::move(with)), loop_(loop), work_(std::move(loop)) {}

engine_link::~engine_link() = default;

runtime::task<> engine_link::run(app::hotline_listener& tell) {
    runtime::growing_pause pause(with_.first_pause, with_.longest_pause);
    asio::steady_timer rest(loop_);
    for (;;) {
        current_ = co_await open();
        if (current_) {
            auto const mine = current_;
            work_.spawn("engine is told", write(mine));
            work_.spawn("engine is alive", keep_alive(mine));
            co_await hear(mine, tell);
            end(*mine);
            tell.lines_went();
            if (mine->has_stood) pause.reset();
        }
        rest.expires_after(pause.next());
        auto const [cancelled] = co_await rest.async_wait(runtime::use_task_tuple);
        if (cancelled) co_return;
    }
}

runtime::task<> engine_link::stop() {
    if (current_) end(*current_);
    co_await work_.stop();
}

runtime::task<std::shared_ptr<engine_link::session>> engine_link::open() {
    auto made = std::make_shared<session>(loop_);
    local::endpoint const at(with_.socket.string());
    auto const [error] = co_await made->socket.async_connect(at, runtime::use_task_tuple);
    if (!error) {
        is_away_said_ = false;
        log::info("hotline_engine_connected", {{"socket", with_.socket}});
        co_return made;
    }
    if (!std::exchange(is_away_said_, true))
        log::error("hotline_engine_away",
                   {{"socket", with_.socket}, {"why", error}, {"remedy", "start linli-hotline"}});
    co_return std::shared_ptr<session>();
}

runtime::task<> engine_link::hear(std::shared_ptr<session> from, app::hotline_listener& tell) {
    std::string bytes;
    while (from->open) {
        bytes.resize(length_bytes);
        auto const header = asio::buffer(bytes);
        auto const [cut, got] =
            co_await asio::async_read(from->socket, header, runtime::use_task_tuple);
        auto const length = cut ? 0 : length_of(bytes);
        if (cut || length > largest) break;
        bytes.resize(length);
        auto const body = asio::buffer(bytes);
        auto const [torn, rest] =
            co_await asio::async_read(from->socket, body, runtime::use_task_tuple);
        if (torn) break;
        from->has_spoken = true;
        auto const what = hotline_link::hear(bytes, tell);
        from->has_stood |= what == heard::snapshot;
        if (what == heard::not_understood) {
            log::error("hotline_engine_not_understood", {{"bytes", bytes.size()}});
            from->has_missed = true; // that alone: it would say it again after each connection
        }
        // It was the snapshot, without which we ring nobody. Left alone the engine rings by itself.
        bool const is_lost = what == heard::alive && from->has_missed && !from->has_stood;
        if (is_lost) break;
    }
}

runtime::task<> engine_link::write(std::shared_ptr<session> to) {
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

runtime::task<> engine_link::keep_alive(std::shared_ptr<session> with) {
    auto silent_for = std::chrono::milliseconds(0);
    while (with->open) {
        with->next_beat.expires_after(with_.alive_every);
        auto const [error] = co_await with->next_beat.async_wait(runtime::use_task_tuple);
        if (error || !with->open) break;
        silent_for = std::exchange(with->has_spoken, false) ? std::chrono::milliseconds(0)
                                                            : silent_for + with_.alive_every;
        if (silent_for >= with_.longest_silence) {
            log::warning("hotline_engine_silent", {{"for", silent_for}});
            break;
        }
        send(alive());
    }
    end(*with);
}

void engine_link::send(std::string message) {
    if (!current_ || !current_->open) return;
    auto& to = *current_;
    to.unsent_bytes += message.size();
    to.unsent.push_back(std::move(message));
    if (to.unsent_bytes > with_.most_unsent) {
        log::warning("hotline_engine_too_slow", {{"bytes", to.unsent_bytes}});
        return end(to);
    }
    to.to_send.cancel();
}

// Whoever hears it notices, and connects anew.
void engine_link::end(session& one) {
    if (!std::exchange(one.open, false)) return;
    boost::system::error_code ignored;
    one.socket.close(ignored);
    one.to_send.cancel();
    one.next_beat.cancel();
}

void engine_link::command(std::string id, std::string call, app::line_command what) {
    send(hotline_link::command(id, call, what));
}

void engine_link::acknowledge(std::uint64_t through, std::vector<std::string> ended_calls) {
    send(hotline_link::acknowledge(through, ended_calls));
}

void engine_link::bound_numbers(std::vector<std::string> const& all) {
    for (auto& each : hotline_link::bound_numbers(all))
        send(std::move(each));
}

void engine_link::start_over() {
    if (current_) end(*current_);
}

std::string why_not(std::filesystem::path const& socket) {
    std::error_code error;
    constexpr auto may_not =
        "may not be used by this user: put him into the engine's group (usermod -aG linli-hotline "
        "linli) and start the server anew";
    bool const is_there = std::filesystem::is_socket(socket, error);
    if (error == std::errc::permission_denied) return may_not; // already its folder
    if (!is_there)
        return "is no socket of a running engine: systemctl start linli-hotline; journalctl -u "
               "linli-hotline says why it doesn't";
    if (::access(socket.c_str(), R_OK | W_OK) != 0) return may_not;
    return {};
}

} // namespace linli::hotline_link
