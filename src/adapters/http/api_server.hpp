#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/http/api_message.hpp"
#include "adapters/http/page_files.hpp"
#include "adapters/http/page_policy.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"

namespace linli::http {

// A page's live connection, as the house sees it. Any thread may call.
class live_line_out {
public:
    virtual ~live_line_out() = default;
    // Whoever waits for written() before the next text never has more than one in memory here.
    virtual void send(std::shared_ptr<std::string const> text) = 0;
    virtual void close(std::uint16_t code, std::string why) = 0;
};

// The house behind a live connection. Called on the server's thread.
class live_listener {
public:
    virtual ~live_listener() = default;
    // The next text is read when `done` was called, from any thread.
    virtual void heard(std::string text, std::function<void()> done) = 0;
    virtual void written() = 0;
    virtual void gone() = 0; // last of all
};

// Called on the server's thread; what they are given to call may be called from any, once.
struct api_callbacks {
    std::function<void(api_request, std::function<void(api_reply)>)> answer;
    // Whoever asks for /v1/live by WebSocket: a refusal, or who listens.
    using met = std::variant<api_reply, std::shared_ptr<live_listener>>;
    std::function<void(api_request, std::shared_ptr<live_line_out>, std::function<void(met)>)> meet;
    // How long a body may be, for whoever shows a session's token. Empty: the usual.
    std::function<body_size(std::string_view method, std::string_view path)> size_of_body = {};
};

struct api_limits {
    std::size_t connections = 2000; // in all
    std::size_t of_address = 100;   // of strangers, from one address
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 64 * 1024;
    std::size_t large_body_bytes = 16 * 1024 * 1024;
    std::size_t large_at_once = 2; // bodies that are longer than body_bytes
    std::size_t picture_bytes = 512 * 1024;
    std::size_t pictures_at_once = 32;
    std::size_t live_message_bytes = 16 * 1024;
    std::size_t live_waiting_bytes = 1024 * 1024;    // besides the one message that is being sent
    std::chrono::milliseconds one_request{10'000};   // from its first byte, or the connection's
                                                     // beginning, to its last; TLS is in it
    std::chrono::milliseconds large_request{60'000}; // with a long body, as one_request
    std::chrono::milliseconds silence{75'000};       // between two requests of a session
    std::chrono::milliseconds answer{40'000};        // the house's; a long poll waits 25 s
    std::chrono::milliseconds writing{30'000};       // an answer, to its last byte, and the time
    std::size_t slowest_bytes_a_second = 64 * 1024;  // that its body takes as slowly as that
    std::chrono::milliseconds live_write{10'000};
    std::chrono::milliseconds live_farewell{2'000}; // from our closing to the peer's
    std::chrono::milliseconds live_silence{30'000}; // half of it without a word: a ping
};

struct api_tls {
    std::filesystem::path certificate; // PEM, with the chain
    std::filesystem::path key;
};

// The door of the pages and of other programs: HTTPS with the pages' files, the API, and /v1/live
// as a WebSocket. It knows no route, right or person; it runs on a thread of its own, so that no
// page, however many or hostile they are, takes time from a signal.
//
// What is bounded is who has no session: a newcomer displaces a stranger, of the address that has
// the most the one that came first; only when all are somebody's, he is turned away.
class api_server {
public:
    // Throws std::runtime_error when the address can't be had or the certificate not be read.
    static std::unique_ptr<api_server> start(runtime::listen_address const& address,
                                             api_tls const& tls, page_files pages,
                                             api_callbacks callbacks, runtime::metrics& into,
                                             api_limits limits = {},
                                             std::string policy = page_policy({}));
    virtual ~api_server() = default; // stops

    virtual std::uint16_t port() const = 0;
    virtual void stop() = 0; // cuts what is under way; its callers ask again
};

// When the server's certificate ends. Throws std::runtime_error with the remedy when it or its key
// can't be used.
std::chrono::sys_seconds certificate_end(api_tls const& tls);
// As above: for "linli check".
void check_address(runtime::listen_address const& address);

} // namespace linli::http
