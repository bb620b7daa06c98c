#include "adapters/postgres/loop_line.hpp"

#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <libpq-fe.h>
#include <unistd.h>

#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/session.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace log = runtime::log;
using app::record_errc;

namespace {

using wait_for = boost::asio::posix::stream_descriptor;

std::shared_ptr<pg_result> owned(pg_result* its) {
    return {its, [](pg_result* each) { PQclear(each); }};
}

bool has_failed(pg_result const* its) {
    auto const status = PQresultStatus(its);
    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
}

std::string sqlstate_of(pg_result const* its) {
    auto const* state = PQresultErrorField(its, PG_DIAG_SQLSTATE);
    return state ? state : "";
}

} // namespace

answer_rows::field answer_rows::row::operator[](char const* column) const {
    auto const n = PQfnumber(of_, column);
    return {PQgetvalue(of_, number_, n), PQgetisnull(of_, number_, n) == 1};
}

answer_rows::iterator answer_rows::end() const {
    return {its_.get(), PQntuples(its_.get())};
}

// The socket with the loop that waits for it, for the length of one statement: the next one may be
// awaited on another loop. What was sent is waited for though the coroutine be cancelled, as with
// work on a thread: the answer is soon there, and says whether it was written.
class loop_line::waiting {
public:
    waiting(boost::asio::any_io_executor const& on, int socket) : socket_(on, socket) {}
    waiting(waiting const&) = delete;
    waiting& operator=(waiting const&) = delete;
    ~waiting() { socket_.release(); }

    // What libpq finds wrong with the socket it says itself.
    runtime::task<void> until(wait_for::wait_type ready) {
        auto start = [this, ready]<class Completion>(Completion&& completion) {
            auto resume = [completion = std::forward<Completion>(completion)](auto) mutable {
                std::move(completion)();
            };
            socket_.async_wait(ready, std::move(resume)); // hears of no cancellation
        };
        using token = decltype(runtime::use_task);
        using signature = void();
        co_await boost::asio::async_initiate<token, signature>(start, runtime::use_task);
    }

private:
    boost::asio::posix::stream_descriptor socket_;
};

void loop_line::finish::operator()(pg_conn* its) const {
    PQfinish(its);
}

app::record_result<std::unique_ptr<loop_line>>
loop_line::open(std::string const& url, std::span<statement const> prepared, answer_limit& limit) {
    connection its(PQconnectdb(session_url(url).c_str()));
    std::unique_ptr<loop_line> fresh(new loop_line(std::move(its), limit));
    auto* const raw = fresh->its_.get();
    if (PQstatus(raw) != CONNECTION_OK || fresh->socket_ < 0) return fresh->broken("connect");
    PQsetNoticeProcessor(
        raw, [](void*, char const*) {}, nullptr); // it would print them
    answer_limit::watch const watched(limit, fresh->socket_);
    auto answer = owned(PQexec(raw, session_settings));
    for (auto const& each : prepared) {
        if (has_failed(answer.get())) break;
        answer = owned(PQprepare(raw, each.name.c_str(), each.sql.c_str(), 0, nullptr));
    }
    if (has_failed(answer.get()))
        return refusal_of("prepare", sqlstate_of(answer.get()), PQerrorMessage(raw));
    PQsetnonblocking(raw, 1);
    return fresh;
}

loop_line::loop_line(connection its, answer_limit& limit)
    : its_(std::move(its)), limit_(limit),
      socket_(::fcntl(PQsocket(its_.get()), F_DUPFD_CLOEXEC, 0)) {}

loop_line::~loop_line() {
    if (socket_ >= 0) ::close(socket_);
}

runtime::task<app::record_result<answer_rows>> loop_line::ask(std::string name,
                                                              statement_values values) {
    is_usable_ = false; // until the answer has been read to its end
    auto const executor = co_await boost::asio::this_coro::executor;
    answer_limit::watch const watched(limit_, socket_);
    waiting socket(executor, socket_);
    if (!send(name, values)) co_return broken(name.c_str());
    auto const throws = co_await boost::asio::this_coro::throw_if_cancelled();
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto const is_sent = co_await flush(socket);
    std::shared_ptr<pg_result> answer;
    if (is_sent) answer = co_await last_result(socket);
    co_await boost::asio::this_coro::throw_if_cancelled(throws);
    if (!answer || PQstatus(its_.get()) != CONNECTION_OK) co_return broken(name.c_str());
    is_usable_ = true;
    if (has_failed(answer.get()))
        co_return refusal_of(name.c_str(), sqlstate_of(answer.get()),
                             PQresultErrorMessage(answer.get()));
    co_return answer_rows(answer);
}

bool loop_line::send(std::string const& name, statement_values const& values) {
    std::vector<char const*> texts;
    texts.reserve(values.size());
    for (auto const& each : values)
        texts.push_back(each ? each->c_str() : nullptr);
    return PQsendQueryPrepared(its_.get(), name.c_str(), static_cast<int>(texts.size()),
                               texts.data(), nullptr, nullptr, 0) == 1;
}

runtime::task<bool> loop_line::flush(waiting& socket) {
    for (;;) {
        auto const left = PQflush(its_.get());
        if (left <= 0) co_return left == 0;
        co_await socket.until(wait_for::wait_write);
    }
}

// Of a statement that the commit refuses, for a deferred constraint, that comes behind its rows.
runtime::task<std::shared_ptr<pg_result>> loop_line::last_result(waiting& socket) {
    std::shared_ptr<pg_result> last;
    for (;;) {
        while (PQisBusy(its_.get())) {
            co_await socket.until(wait_for::wait_read);
            if (!PQconsumeInput(its_.get())) break; // what comes now says what is wrong
        }
        auto* const next = PQgetResult(its_.get());
        if (!next) co_return last;
        last = owned(next);
    }
}

app::record_errc loop_line::broken(char const* what) const {
    log::debug("database_away", {{"what", what}, {"why", PQerrorMessage(its_.get())}});
    return record_errc::away;
}

} // namespace linli::postgres
