#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace linli::tests {

// A key and a certificate for "localhost" in a folder of their own, made by openssl.
struct loopback_certificate {
    loopback_certificate();
    ~loopback_certificate();
    loopback_certificate(loopback_certificate const&) = delete;
    loopback_certificate& operator=(loopback_certificate const&) = delete;

    std::filesystem::path folder;
    std::filesystem::path certificate; // also what a client must trust
    std::filesystem::path key;
};

// Accepts on the loopback, each connection on a thread of its own, until it is destroyed.
class loopback_server {
public:
    using tcp = boost::asio::ip::tcp;

    explicit loopback_server(std::function<void(tcp::socket)> serve);
    loopback_server(loopback_server const&) = delete;
    loopback_server& operator=(loopback_server const&) = delete;
    ~loopback_server(); // whoever is served hears the end of its connection

    std::uint16_t port() const { return port_; }

private:
    void accept_all();

    std::function<void(tcp::socket)> serve_;
    boost::asio::io_context loop_;
    tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::vector<int> open_; // descriptors, to be shut down at the end
    std::vector<std::thread> serving_;
    std::thread accepting_;
};

// An SMS or voice gateway by HTTP, or whoever receives our webhook.
class loopback_gateway {
public:
    // With TLS if a certificate is given.
    explicit loopback_gateway(loopback_certificate const* tls = nullptr);

    struct request {
        std::string first_line; // "POST /send HTTP/1.1"
        std::string head;       // with the first line
        std::string body;
        std::string header(std::string const& name) const;
    };

    // The next requests get these, in order; then 200 with {"code":0}.
    void answers(int status, std::string body = "{}");
    void hangs(); // the next request gets no answer
    // From now on, where none of these is left: 200 with the body that this makes.
    void answers_by(std::function<std::string(request const&)> body_for);

    std::vector<request> requests();
    std::string url(std::string const& path = "/send") const;

private:
    template <class Stream>
    void converse(Stream& with);

    loopback_certificate const* tls_;
    std::mutex mutex_;
    std::deque<std::string> answers_; // empty text: none
    std::function<std::string(request const&)> body_for_;
    std::vector<request> requests_;
    loopback_server server_; // last: it serves with the others
};

// A mail server that knows STARTTLS and AUTH.
class loopback_mail_server {
public:
    explicit loopback_mail_server(loopback_certificate const* tls);

    void refuses_receivers() { refuses_ = true; }
    struct mail {
        bool over_tls = false;
        std::string login; // as the client gave it to AUTH PLAIN, decoded by nobody
        std::string from;
        std::string to;
        std::string text;
    };
    std::vector<mail> mails();
    std::string url() const { return "smtp://localhost:" + std::to_string(server_.port()); }

private:
    template <class Stream>
    bool converse(Stream& with, mail& taken, bool over_tls); // true: STARTTLS was asked for

    loopback_certificate const* tls_;
    std::atomic<bool> refuses_{false};
    std::mutex mutex_;
    std::vector<mail> mails_;
    loopback_server server_;
};

} // namespace linli::tests
