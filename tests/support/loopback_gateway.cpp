#include "support/loopback_gateway.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

namespace linli::tests {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;

namespace {

using tls_stream = asio::ssl::stream<tcp::socket>;

asio::ssl::context context_of(loopback_certificate const& c) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.use_certificate_chain_file(c.certificate.string());
    context.use_private_key_file(c.key.string(), asio::ssl::context::pem);
    return context;
}

// Up to and with the end mark; empty when the other side has gone.
template <class Stream>
std::string read_to(Stream& from, std::string& buffer, std::string const& mark) {
    boost::system::error_code error;
    auto const size = asio::read_until(from, asio::dynamic_buffer(buffer), mark, error);
    if (error) return {};
    auto const text = buffer.substr(0, size);
    buffer.erase(0, size);
    return text;
}

template <class Stream>
void say(Stream& to, std::string const& text) {
    boost::system::error_code gone;
    asio::write(to, asio::buffer(text), gone);
}

std::string answer_with(int status, std::string const& body) {
    return "HTTP/1.1 " + std::to_string(status) +
           " so\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

} // namespace

loopback_certificate::loopback_certificate() {
    auto text = (fs::temp_directory_path() / "linli-certificate.XXXXXX").string();
    if (!::mkdtemp(text.data())) throw std::runtime_error("no folder in " + text);
    folder = text;
    certificate = folder / "certificate.pem";
    key = folder / "key.pem";
    auto const command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                         "-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
                         "-keyout " +
                         key.string() + " -out " + certificate.string() + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

loopback_certificate::~loopback_certificate() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
}

loopback_server::loopback_server(std::function<void(tcp::socket)> serve)
    : serve_(std::move(serve)),
      acceptor_(loop_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()), accepting_([this] { accept_all(); }) {}

void loopback_server::accept_all() {
    for (;;) {
        auto socket = acceptor_.accept();
        if (stopping_) return;
        std::lock_guard const lock(mutex_);
        open_.push_back(::dup(socket.native_handle()));
        serving_.emplace_back([this, s = std::move(socket)]() mutable {
            try {
                serve_(std::move(s));
            } catch (std::exception const&) { // the client went, or trusts us not
            }
        });
    }
}

loopback_server::~loopback_server() {
    stopping_ = true;
    boost::system::error_code ignored;
    tcp::socket last(loop_); // wakes the accepting thread
    last.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_), ignored);
    accepting_.join();
    for (auto const each : open_) {
        ::shutdown(each, SHUT_RDWR);
        ::close(each);
    }
    for (auto& each : serving_)
        each.join();
}

// ------------------------------------------------------------------ HTTP

std::string loopback_gateway::request::header(std::string const& name) const {
    auto const start = head.find("\r\n" + name + ": ");
    if (start == std::string::npos) return {};
    auto const from = start + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
}

loopback_gateway::loopback_gateway(loopback_certificate const* tls)
    : tls_(tls), server_([this](tcp::socket with) {
          if (!tls_) return converse(with);
          auto context = context_of(*tls_);
          tls_stream secured(std::move(with), context);
          secured.handshake(tls_stream::server);
          converse(secured);
      }) {}

std::string loopback_gateway::url(std::string const& path) const {
    return (tls_ ? "https://localhost:" : "http://localhost:") + std::to_string(server_.port()) +
           path;
}

void loopback_gateway::answers(int status, std::string body) {
    std::lock_guard const lock(mutex_);
    answers_.push_back(answer_with(status, body));
}

void loopback_gateway::answers_by(std::function<std::string(request const&)> body_for) {
    std::lock_guard const lock(mutex_);
    body_for_ = std::move(body_for);
}

void loopback_gateway::hangs() {
    std::lock_guard const lock(mutex_);
    answers_.emplace_back();
}

std::vector<loopback_gateway::request> loopback_gateway::requests() {
    std::lock_guard const lock(mutex_);
    return requests_;
}

template <class Stream>
void loopback_gateway::converse(Stream& with) {
    std::string buffer;
    request r;
    r.head = read_to(with, buffer, "\r\n\r\n");
    if (r.head.empty()) return;
    r.first_line = r.head.substr(0, r.head.find("\r\n"));
    auto const length = r.header("Content-Length");
    auto const size = length.empty() ? std::size_t{0} : std::stoul(length);
    if (buffer.size() < size)
        asio::read(with, asio::dynamic_buffer(buffer),
                   asio::transfer_exactly(size - buffer.size()));
    r.body = buffer.substr(0, size);
    std::string answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"
                         "{\"code\":0}";
    {
        std::lock_guard const lock(mutex_);
        requests_.push_back(r);
        if (!answers_.empty()) {
            answer = answers_.front();
            answers_.pop_front();
        } else if (body_for_) {
            answer = answer_with(200, body_for_(r));
        }
    }
    if (answer.empty())
        read_to(with, buffer, "never comes");
    else
        say(with, answer);
}

// ------------------------------------------------------------------ SMTP

loopback_mail_server::loopback_mail_server(loopback_certificate const* tls)
    : tls_(tls), server_([this](tcp::socket with) {
          mail taken;
          say(with, "220 localhost\r\n");
          if (!converse(with, taken, false)) return;
          auto context = context_of(*tls_);
          tls_stream secured(std::move(with), context);
          secured.handshake(tls_stream::server);
          converse(secured, taken, true);
      }) {}

std::vector<loopback_mail_server::mail> loopback_mail_server::mails() {
    std::lock_guard const lock(mutex_);
    return mails_;
}

template <class Stream>
bool loopback_mail_server::converse(Stream& with, mail& taken, bool over_tls) {
    std::string buffer;
    for (auto line = read_to(with, buffer, "\r\n"); !line.empty();
         line = read_to(with, buffer, "\r\n")) {
        line.resize(line.size() - 2);
        if (line.starts_with("EHLO")) {
            bool const offers = tls_ && !over_tls;
            say(with, offers ? "250-localhost\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"
                             : "250-localhost\r\n250 AUTH PLAIN LOGIN\r\n");
        } else if (line == "STARTTLS") {
            say(with, "220 go on\r\n");
            return true;
        } else if (line == "AUTH PLAIN") {
            say(with, "334 \r\n");
            taken.login = read_to(with, buffer, "\r\n");
            say(with, "235 ok\r\n");
        } else if (line.starts_with("RCPT TO:") && refuses_) {
            say(with, "550 nobody of that name\r\n");
        } else if (line == "DATA") {
            say(with, "354 go on\r\n");
            taken.text = read_to(with, buffer, "\r\n.\r\n");
            taken.over_tls = over_tls;
            std::lock_guard const lock(mutex_);
            mails_.push_back(taken);
            say(with, "250 taken\r\n");
        } else {
            if (line.starts_with("MAIL FROM:")) taken.from = line.substr(10);
            if (line.starts_with("RCPT TO:")) taken.to = line.substr(8);
            say(with, line == "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
        }
    }
    return false;
}

} // namespace linli::tests
