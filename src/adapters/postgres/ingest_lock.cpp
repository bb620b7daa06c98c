#include "adapters/postgres/ingest_lock.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <pqxx/pqxx>
#include <sys/socket.h>

#include "adapters/postgres/connection_string.hpp"
#include "adapters/postgres/rows.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

namespace {

constexpr std::chrono::seconds answer_limit{2};

// Ours to the database: libpq's words. Two seconds is the least that libpq takes for connecting.
constexpr std::string_view our_end = "connect_timeout=2 keepalives=1 keepalives_idle=1 "
                                     "keepalives_interval=1 keepalives_count=3 "
                                     "tcp_user_timeout=3000";

// The database's to us: the holder's machine may lose its power, and nobody says goodbye. Whatever
// the database is set to, the session may lie idle between two questions.
constexpr auto its_end = "set tcp_keepalives_idle = 1; set tcp_keepalives_interval = 1; "
                         "set tcp_keepalives_count = 3; set tcp_user_timeout = 3000; "
                         "set idle_session_timeout = 0; set statement_timeout = '2s'";

// "ings" in ASCII, and the number of the duty: 1 is the signals'.
constexpr auto try_sql = "select pg_try_advisory_lock(1768842099, $1::integer) as got";
constexpr auto holder_sql = R"(
    select coalesce(a.application_name, '') as holder
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.classid = 1768842099 and l.objid = $1::integer
      and l.database = (select oid from pg_database where datname = current_database()))";

std::string options_of(std::string_view application, std::string const& server_id) {
    return std::string(our_end) + " application_name=" + std::string(application) + server_id;
}

} // namespace

class ingest_lock::holding_connection {
public:
    holding_connection(std::string url, std::string server_id, duty what)
        : url_(with_options(std::move(url), options_of(what.application, server_id))),
          id_(std::move(server_id)), what_(what) {}

    runtime::task<answer> ask(wish for_what);
    runtime::task<void> give_back();

private:
    answer ask_now(wish for_what);
    answer confirm();
    answer take();
    answer look();
    std::optional<std::string> holder();
    void open();
    void close();
    void watch(boost::asio::steady_timer& deadline, std::uint64_t question);
    bool break_off(std::uint64_t question);

    std::string const url_;
    std::string const id_;
    duty const what_;
    std::unique_ptr<pqxx::connection> connection_;
    bool ours_ = false;

    std::mutex mutex_; // of the following
    int socket_ = -1;
    std::uint64_t question_ = 0; // counts them: an old one's deadline doesn't hit the next

    runtime::blocking_pool thread_{1}; // last: its jobs use the others
};

runtime::task<ingest_lock::answer> ingest_lock::holding_connection::ask(wish for_what) {
    auto const loop = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer deadline(loop);
    std::unique_lock counting(mutex_);
    auto const question = ++question_;
    counting.unlock();
    watch(deadline, question);
    auto job = [this, for_what] { return ask_now(for_what); };
    auto said = co_await thread_.run(std::move(job));
    counting.lock();
    ++question_;
    co_return said;
}

runtime::task<void> ingest_lock::holding_connection::give_back() {
    auto job = [this] { close(); };
    co_await thread_.run(std::move(job));
}

// One question may need two connections: each gets its time.
void ingest_lock::holding_connection::watch(boost::asio::steady_timer& deadline,
                                            std::uint64_t question) {
    deadline.expires_after(answer_limit);
    deadline.async_wait([this, &deadline, question](auto error) {
        if (!error && break_off(question)) watch(deadline, question);
    });
}

// A database that doesn't answer makes the waiting thread wait for ever: cutting the line wakes it.
// False when the question has been answered.
bool ingest_lock::holding_connection::break_off(std::uint64_t question) {
    std::lock_guard const lock(mutex_);
    if (question != question_) return false;
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    return true;
}

ingest_lock::answer ingest_lock::holding_connection::ask_now(wish for_what) {
    try {
        if (connection_ && ours_) return confirm();
        if (!connection_) open();
        return for_what == wish::take ? take() : look();
    } catch (std::exception const& e) {
        close();
        return {word::not_known, {}, e.what()};
    }
}

// A connection that just broke may have been the only thing that broke.
ingest_lock::answer ingest_lock::holding_connection::confirm() {
    try {
        pqxx::nontransaction in(*connection_);
        in.exec("select 1");
        return {word::ours, {}, {}};
    } catch (pqxx::failure const&) {
        close();
        open();
        return take();
    }
}

ingest_lock::answer ingest_lock::holding_connection::take() {
    {
        pqxx::nontransaction in(*connection_);
        ours_ = in.exec_params1(try_sql, what_.number)["got"].as<bool>();
    }
    if (ours_) return {word::ours, {}, {}};
    auto said = look();
    if (said.says == word::nobodys) return {word::not_known, {}, "given back this very moment"};
    return said;
}

ingest_lock::answer ingest_lock::holding_connection::look() {
    auto const other = holder();
    if (!other) return {word::nobodys, {}, {}};
    if (*other == id_) return {word::not_known, {}, "an earlier connection of ours still has it"};
    return {word::anothers, *other, {}};
}

// Empty but there: the database doesn't tell us its name.
std::optional<std::string> ingest_lock::holding_connection::holder() {
    pqxx::nontransaction in(*connection_);
    for (auto const& r : in.exec_params(holder_sql, what_.number)) {
        auto const name = text(r["holder"]);
        auto const application = what_.application;
        return name.starts_with(application) ? name.substr(application.size()) : std::string();
    }
    return std::nullopt;
}

void ingest_lock::holding_connection::open() {
    connection_ = std::make_unique<pqxx::connection>(url_);
#if PQXX_VERSION_MAJOR < 7
    // libpqxx 6 would reconnect by itself, and the lock would be gone without a word.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection_->inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
    {
        std::lock_guard const lock(mutex_);
        socket_ = connection_->sock();
    }
    pqxx::nontransaction setting(*connection_);
    setting.exec(its_end);
    setting.commit();
}

void ingest_lock::holding_connection::close() {
    {
        std::lock_guard const lock(mutex_);
        socket_ = -1;
    }
    ours_ = false;
    connection_.reset();
}

ingest_lock::ingest_lock(std::string url, std::string server_id, duty what)
    : held_(std::make_unique<holding_connection>(std::move(url), std::move(server_id), what)) {}

ingest_lock::~ingest_lock() = default;

runtime::task<ingest_lock::answer> ingest_lock::ask(wish for_what) {
    auto said = co_await held_->ask(for_what);
    co_return said;
}

runtime::task<void> ingest_lock::give_back() {
    co_await held_->give_back();
}

} // namespace linli::postgres
