#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <boost/asio/local/stream_protocol.hpp>

#include "hotline/link/messages.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::hotline {

// Whoever hears the dispatch server. On the loop.
class server_listener {
public:
    virtual ~server_listener() = default;

    virtual void server_came() = 0; // what is sent from here on goes to it
    virtual void server_went() = 0;
    virtual void server_said(messages::from_server what) = 0;
    virtual instant now() const = 0; // which it is told
};

// The socket that the dispatch server connects to. One server at a time; a newer connection takes
// the place of an older one, whose server may hang without having hung up.
class server_link {
public:
    struct settings {
        std::filesystem::path socket;
        std::chrono::milliseconds alive_every{5000};
        std::chrono::milliseconds longest_silence{15'000};
        std::size_t most_unsent = 64U << 20; // bytes; beyond it the server is too slow, and goes
    };

    // Throws boost::system::system_error when the socket can't be made. One that a dead engine has
    // left goes.
    server_link(boost::asio::any_io_executor loop, settings with, server_listener& tell);
    ~server_link();

    // Until cancelled.
    runtime::task<> serve();
    runtime::task<> stop() { return work_.stop(); }

    bool is_connected() const { return current_ != nullptr; }

    // A whole message. Without a server it goes nowhere: the backlog has it.
    void send(std::string message);

private:
    struct session;

    runtime::task<> hear(std::shared_ptr<session> from);
    runtime::task<> write(std::shared_ptr<session> to);
    runtime::task<> keep_alive(std::shared_ptr<session> with);
    void end(session& one);
    bool is_current(session const& one) const { return current_.get() == &one; }

    settings const with_;
    server_listener& tell_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    std::shared_ptr<session> current_;
    runtime::work_scope work_;
};

} // namespace linli::hotline
