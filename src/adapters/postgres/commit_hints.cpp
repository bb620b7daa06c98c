#include "adapters/postgres/commit_hints.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <poll.h>
#include <pqxx/pqxx>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/postgres/answer_limit.hpp"
#include "adapters/postgres/connection_string.hpp"
#include "runtime/growing_pause.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace log = runtime::log;

namespace {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto hint_channel = "linli_commit";
constexpr milliseconds between_hints{50};
constexpr milliseconds answers_within{3'000};
constexpr milliseconds proves_itself_every{5'000}; // a frozen database sends no word by itself

constexpr std::string_view our_end = "connect_timeout=2 keepalives=1 keepalives_idle=2 "
                                     "keepalives_interval=1 keepalives_count=3 "
                                     "tcp_user_timeout=4000 application_name=linli-hints";
constexpr auto session_settings = "set idle_session_timeout = 0; set statement_timeout = '2s'";

// A descriptor of our own.
class descriptor {
public:
    explicit descriptor(int fd) : fd_(fd) {
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "no descriptor");
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() { ::close(fd_); }
    int get() const { return fd_; }

private:
    int fd_;
};

// libpqxx calls this one for each notification; ours come back to us as well.
class hint_receiver final : public pqxx::notification_receiver {
public:
    explicit hint_receiver(pqxx::connection_base& on)
        : notification_receiver(on, hint_channel), own_(on.backendpid()) {}
    void operator()(std::string const&, int by) override { heard_ |= by != own_; }
    bool take() { return std::exchange(heard_, false); }

private:
    int const own_;
    bool heard_ = false;
};

} // namespace

class commit_hints::listener {
public:
    listener(std::string url, boost::asio::any_io_executor loop, std::function<void()> heard)
        : url_(with_options(std::move(url), our_end)), loop_(std::move(loop)),
          heard_(std::make_shared<std::function<void()>>(std::move(heard))),
          thread_([this] { run(); }) {}
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;
    ~listener() {
        stops_ = true;
        break_off();
        ring();
        thread_.join();
    }

    void committed() {
        if (!pending_.exchange(true)) ring();
    }

private:
    struct line {
        pqxx::connection connection;
        descriptor socket; // libpq may close its own at any time
        std::optional<hint_receiver> receiver;

        explicit line(std::string const& url)
            : connection(url), socket(::fcntl(connection.sock(), F_DUPFD_CLOEXEC, 0)) {
#if PQXX_VERSION_MAJOR < 7
            // libpqxx 6 would reconnect by itself, and what was told meanwhile would be missed
            // without a word.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
            connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
        }
    };

    void run();
    void listen();
    void open(line& on);
    void say(line& on, char const* sql);
    void exchange_hints(line& on);
    milliseconds may_wait() const;
    void wait(std::optional<int> socket, milliseconds most);
    void tell();
    // A database that hangs doesn't hold up whoever ends.
    void break_off() {
        std::lock_guard const lock(mutex_);
        if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    }
    void be_on(int socket) {
        std::lock_guard const lock(mutex_);
        socket_ = socket;
    }
    void ring() {
        std::uint64_t const one = 1;
        static_cast<void>(::write(bell_.get(), &one, sizeof one));
    }

    std::string const url_;
    boost::asio::any_io_executor const loop_;
    std::shared_ptr<std::function<void()>> const heard_; // a call that comes too late finds none
    answer_limit limit_{answers_within};
    descriptor bell_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::atomic<bool> stops_{false};
    std::atomic<bool> pending_{false}; // not yet told to the others
    steady::time_point told_at_;
    steady::time_point proven_at_;
    std::mutex mutex_; // of the following
    int socket_ = -1;
    std::thread thread_; // last: it uses the others
};

void commit_hints::listener::run() {
    runtime::growing_pause pause(milliseconds(100), milliseconds(2'000));
    while (!stops_) {
        auto const began = steady::now();
        try {
            listen();
        } catch (std::exception const& e) {
            log::debug("hints_wait", {{"why", e.what()}});
        }
        if (steady::now() - began > proves_itself_every) pause.reset(); // it went well for a while
        auto const again = steady::now() + pause.next();
        while (!stops_ && steady::now() < again)
            wait(std::nullopt, std::chrono::ceil<milliseconds>(again - steady::now()));
    }
}

// As long as the connection lives.
void commit_hints::listener::listen() {
    line on(url_);
    be_on(on.socket.get());
    auto const leaving =
        std::unique_ptr<listener, void (*)(listener*)>(this, [](listener* l) { l->be_on(-1); });
    open(on);
    tell(); // what was said before is lost
    while (!stops_) {
        wait(on.socket.get(), may_wait());
        exchange_hints(on);
    }
}

void commit_hints::listener::open(line& on) {
    say(on, session_settings);
    answer_limit::watch const watched(limit_, on.socket.get());
    on.receiver.emplace(on.connection); // LISTEN
    proven_at_ = steady::now();
}

void commit_hints::listener::say(line& on, char const* sql) {
    answer_limit::watch const watched(limit_, on.socket.get());
    pqxx::nontransaction alone(on.connection);
    alone.exec(sql);
    alone.commit();
    proven_at_ = steady::now();
}

void commit_hints::listener::exchange_hints(line& on) {
    auto const now = steady::now();
    if (pending_ && now - told_at_ >= between_hints) {
        pending_ = false;
        told_at_ = now;
        try {
            say(on, "notify linli_commit");
        } catch (...) {
            pending_ = true; // after the reconnect
            throw;
        }
    } else if (now - proven_at_ >= proves_itself_every) {
        say(on, "select 1");
    }
    on.connection.get_notifs();
    if (on.receiver->take()) tell();
}

milliseconds commit_hints::listener::may_wait() const {
    auto const next = pending_
                          ? std::min(told_at_ + between_hints, proven_at_ + proves_itself_every)
                          : proven_at_ + proves_itself_every;
    auto const rest = std::chrono::ceil<milliseconds>(next - steady::now());
    return std::max(rest, milliseconds(0));
}

// Until the database says something, the bell rings or the time is over.
void commit_hints::listener::wait(std::optional<int> socket, milliseconds most) {
    pollfd both[] = {{bell_.get(), POLLIN, 0}, {socket.value_or(-1), POLLIN, 0}};
    ::poll(both, 2, static_cast<int>(most.count()));
    std::uint64_t rung = 0;
    static_cast<void>(::read(bell_.get(), &rung, sizeof rung));
}

void commit_hints::listener::tell() {
    boost::asio::post(loop_, [heard = std::weak_ptr(heard_)] {
        if (auto const call = heard.lock()) (*call)();
    });
}

commit_hints::commit_hints(std::string url, boost::asio::any_io_executor loop,
                           std::function<void()> heard)
    : listens_(std::make_unique<listener>(std::move(url), std::move(loop), std::move(heard))) {}

commit_hints::~commit_hints() = default;

void commit_hints::committed() {
    listens_->committed();
}

} // namespace linli::postgres
