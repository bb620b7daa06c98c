// A live connection on its server's thread. Included by api_server.cpp alone (and where it is tried
// on any bytes): it is all templates of Beast.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include "adapters/http/api_server.hpp"
#include "runtime/task.hpp"

namespace linli::http {

inline constexpr char const* live_protocol = "linli.v1.json";

// Reads one text after the other, each when the house has dealt with the one before; writes what
// waits, one text at a time. Whoever doesn't read is cut off, and nobody else waits for him.
// `Under` is what carries it: TLS; the lowest layer of it has expires_never() and close().
template <class Under>
class live_socket final : public live_line_out,
                          public std::enable_shared_from_this<live_socket<Under>> {
public:
    using stream = boost::beast::websocket::stream<Under>;
    using dropped = std::function<void(char const* why)>;

    live_socket(boost::asio::any_io_executor loop, api_limits const& limits, dropped on_drop)
        : loop_(std::move(loop)), limits_(limits), on_drop_(std::move(on_drop)), wake_(loop_),
          too_slow_(loop_), closing_(loop_), dealt_with_(loop_) {}

    void send(std::shared_ptr<std::string const> text) override {
        auto take = [self = this->shared_from_this(), text = std::move(text)]() mutable {
            self->enqueue(std::move(text));
        };
        boost::asio::post(loop_, std::move(take));
    }

    void close(std::uint16_t code, std::string why) override {
        auto end = [self = this->shared_from_this(), code, why = std::move(why)] {
            boost::beast::websocket::close_reason reason(code);
            reason.reason = why.substr(0, 120);
            self->wants_close(reason);
        };
        boost::asio::post(loop_, std::move(end));
    }

    // From here on on the server's thread. `on` has read the request and nothing after it.
    template <class Request>
    runtime::task<bool> open(Under on, Request request, std::shared_ptr<live_listener> listener) {
        listener_ = std::move(listener);
        on_.emplace(std::move(on));
        boost::beast::get_lowest_layer(*on_).expires_never(); // Beast's WebSocket has its own
        set_options();
        auto const accepted = co_await on_->async_accept(request, runtime::use_task_tuple);
        watch_over_closing();
        co_return !std::get<0>(accepted);
    }

    // Cuts it, whatever is under way.
    void cut() {
        is_over_ = true;
        if (on_) boost::beast::get_lowest_layer(*on_).close();
        wake_.cancel();
        dealt_with_.cancel();
    }

    runtime::task<> read_all() {
        part_of_it const reading(*this);
        boost::beast::flat_buffer buffer(limits_.live_message_bytes);
        while (!is_over_) {
            auto const read = co_await on_->async_read(buffer, runtime::use_task_tuple);
            if (std::get<0>(read)) break;
            if (!on_->got_text()) {
                wants_close({boost::beast::websocket::close_code::unknown_data, "text only"});
                break;
            }
            auto text = boost::beast::buffers_to_string(buffer.data());
            buffer.clear();
            co_await deal_with(std::move(text));
        }
        is_over_ = is_over_ || !wants_close_;
        wake_.cancel();
    }

    runtime::task<> write_all() {
        part_of_it const writing(*this);
        while (!is_over_) {
            if (!waiting_.empty()) {
                auto const text = waiting_.front();
                auto const written = co_await write(text);
                if (!written) break;
                waiting_.pop_front();
                waiting_bytes_ -= text->size();
                listener_->written();
            } else if (wants_close_) {
                co_await say_goodbye();
                break;
            } else {
                wake_.expires_at(std::chrono::steady_clock::time_point::max());
                co_await wake_.async_wait(runtime::use_task_tuple);
            }
        }
        cut();
    }

private:
    // Reading or writing; whichever ends last says that it is gone, however it ends.
    class part_of_it {
    public:
        explicit part_of_it(live_socket& of) : of_(of) { ++of_.parts_; }
        part_of_it(part_of_it const&) = delete;
        part_of_it& operator=(part_of_it const&) = delete;
        ~part_of_it() {
            if (--of_.parts_ == 0) of_.listener_->gone();
        }

    private:
        live_socket& of_;
    };

    void set_options() {
        namespace websocket = boost::beast::websocket;
        websocket::stream_base::timeout patience;
        patience.handshake_timeout = limits_.live_farewell; // of closing, too
        patience.idle_timeout = limits_.live_silence;
        patience.keep_alive_pings = true;
        on_->set_option(patience);
        websocket::permessage_deflate small;
        small.server_enable = true;
        small.compLevel = 3;            // a queue's lines are words that repeat
        small.msg_size_threshold = 512; // a beat is smaller than what it would cost
        on_->set_option(small);
        on_->set_option(websocket::stream_base::decorator([](websocket::response_type& reply) {
            reply.set(boost::beast::http::field::sec_websocket_protocol, live_protocol);
        }));
        on_->read_message_max(limits_.live_message_bytes);
    }

    void wants_close(boost::beast::websocket::close_reason const& reason) {
        closes_with_ = reason;
        wants_close_ = true;
        wake_.cancel();
    }

    void enqueue(std::shared_ptr<std::string const> text) {
        if (is_over_ || wants_close_) return;
        auto const behind_the_first = waiting_.empty() ? 0 : waiting_bytes_ + text->size();
        auto const first = waiting_.empty() ? 0 : waiting_.front()->size();
        if (behind_the_first > first + limits_.live_waiting_bytes) return drop("waiting");
        waiting_bytes_ += text->size();
        waiting_.push_back(std::move(text));
        wake_.cancel();
    }

    void drop(char const* why) {
        if (!is_over_) on_drop_(why);
        cut();
    }

    runtime::task<bool> write(std::shared_ptr<std::string const> text) {
        watch_over_a_write();
        on_->text(true);
        auto const bytes = boost::asio::buffer(*text);
        auto const written = co_await on_->async_write(bytes, runtime::use_task_tuple);
        too_slow_.cancel();
        co_return !std::get<0>(written);
    }

    runtime::task<> say_goodbye() {
        watch_over_a_write();
        auto const reason = closes_with_;
        auto const closed = co_await on_->async_close(reason, runtime::use_task_tuple);
        static_cast<void>(closed);
        too_slow_.cancel();
    }

    // Beast's own time-outs hear of a peer that is silent, not of one that answers pings and
    // doesn't read.
    void watch_over_a_write() {
        too_slow_.expires_after(limits_.live_write);
        too_slow_.async_wait([weak = this->weak_from_this()](boost::system::error_code stopped) {
            auto const self = weak.lock();
            if (!stopped && self) self->drop("slow");
        });
    }

    // After a close or a breach of the protocol Beast waits for the peer to close, for ever.
    void watch_over_closing() {
        closing_.expires_after(limits_.live_farewell);
        closing_.async_wait([weak = this->weak_from_this()](boost::system::error_code stopped) {
            auto const self = weak.lock();
            if (stopped || !self || self->is_over_) return;
            if (self->on_->is_open())
                self->watch_over_closing();
            else
                self->cut();
        });
    }

    runtime::task<> deal_with(std::string text) {
        auto const is_done = std::make_shared<bool>(false);
        listener_->heard(std::move(text), [self = this->shared_from_this(), is_done] {
            boost::asio::post(self->loop_, [self, is_done] {
                *is_done = true;
                self->dealt_with_.cancel();
            });
        });
        while (!*is_done && !is_over_) {
            dealt_with_.expires_at(std::chrono::steady_clock::time_point::max());
            co_await dealt_with_.async_wait(runtime::use_task_tuple);
        }
    }

    boost::asio::any_io_executor loop_;
    api_limits const limits_;
    dropped on_drop_;
    std::optional<stream> on_;
    int parts_ = 0;
    std::shared_ptr<live_listener> listener_;
    std::deque<std::shared_ptr<std::string const>> waiting_; // the first one is being written
    std::size_t waiting_bytes_ = 0;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer too_slow_;
    boost::asio::steady_timer closing_;
    boost::asio::steady_timer dealt_with_;
    boost::beast::websocket::close_reason closes_with_;
    bool wants_close_ = false;
    bool is_over_ = false;
};

} // namespace linli::http
