#include "server/ingest_holding.hpp"

#include <chrono>
#include <utility>

#include "runtime/log.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

using word = postgres::ingest_lock::word;
using wish = postgres::ingest_lock::wish;

constexpr std::chrono::seconds ask_every{1};

// When the database comes back, its last holder has the first word.
constexpr std::chrono::seconds head_start{3};

// A rival takes the session back within this time, however often both have tried. What is lost once
// in a while, during a long outage of the database, is nobody's doing.
constexpr int losses_to_a_rival = 2;
constexpr std::chrono::seconds a_rival_is_back_within{30};

constexpr auto start_it = "start the database: it says which server receives";

} // namespace

ingest_holding::ingest_holding(boost::asio::any_io_executor loop, std::string database_url,
                               journal::server_marks const& marks, app::clock& clock, duties what)
    : marks_(marks), clock_(clock), do_(std::move(what)),
      lock_(std::move(database_url), marks.id()), bell_(loop),
      moves_(loop), now_{false, false, "asks the database which server receives", clock.now()} {}

runtime::task<void> ingest_holding::run() {
    auto next = wish::take;
    for (;;) {
        if (!stopping_) {
            auto const said = co_await lock_.ask(next);
            co_await heed(said);
            next = next_wish(said);
        }
        bell_.expires_after(ask_every);
        auto const rung = co_await bell_.async_wait(runtime::use_task_tuple);
        static_cast<void>(rung); // or over, or cancelled
    }
}

wish ingest_holding::next_wish(answer const& last) {
    auto const now = std::chrono::steady_clock::now();
    if (last.says == word::not_known) {
        database_was_away_ = true;
        back_since_ = now;
    } else if (last.says != word::nobodys || now - back_since_ >= head_start) {
        database_was_away_ = false;
    }
    return now_.receives || !database_was_away_ ? wish::take : wish::look;
}

runtime::task<void> ingest_holding::heed(answer const& said) {
    if (stopping_) co_return;
    confirmed_ = said.says == word::ours;
    if (said.says != word::not_known) gave_way_ = false;
    if (confirmed_) losses_ = 0;
    switch (said.says) {
    case word::ours:
        co_await hold("receives");
        break;
    case word::anothers:
        co_await step_down();
        if (becomes(true, "stands by: server " + said.holder + " receives"))
            log::info("standing_by", {{"holder", said.holder}});
        break;
    case word::nobodys:
        break; // ours soon, if its last holder doesn't come
    case word::not_known:
        if (is_thrown_out()) give_way();
        if (now_.receives || (marks_.was_holder() && !gave_way_))
            co_await hold("receives, as the last that did: the database can't say who should");
        else if (becomes(false, "waits for the database, which says who receives: start it"))
            log::error("ingest_waits", {{"why", said.why}, {"remedy", start_it}});
        break;
    }
}

// Noted before the first signal comes.
runtime::task<void> ingest_holding::hold(char const* in_words) {
    bool const begins = !std::exchange(now_.receives, true);
    if (becomes(true, in_words))
        log::info("ingest_held", {{"server", marks_.id()}, {"state", now_.in_words}});
    if (!begins) co_return;
    auto job = [this] {
        if (!marks_.note_holding())
            log::error("holding_not_noted",
                       {{"remedy", "look at the journal's disk: a restart without the database "
                                   "would not receive"}});
        do_.receive();
    };
    co_await hands_.run(std::move(job));
}

// What was taken lies in our journal and is worked off here.
runtime::task<void> ingest_holding::step_down() {
    bool const ends = std::exchange(now_.receives, false);
    if (!ends && !marks_.was_holder()) co_return;
    auto job = [this, ends] {
        if (!marks_.forget_holding())
            log::error("holding_not_forgotten", {{"remedy", "look at the journal's disk"}});
        if (ends) do_.leave();
    };
    co_await hands_.run(std::move(job));
}

bool ingest_holding::becomes(bool ready, std::string in_words) {
    if (now_.in_words == in_words) return false;
    now_.ready = ready;
    now_.in_words = std::move(in_words);
    now_.since = clock_.now();
    return true;
}

void ingest_holding::lost_session() {
    auto const now = std::chrono::steady_clock::now();
    if (now - lost_at_ > a_rival_is_back_within) losses_ = 0;
    lost_at_ = now;
    ++losses_;
    if (is_thrown_out()) give_way();
}

void ingest_holding::broker_came() {
    losses_ = 0;
}

bool ingest_holding::is_thrown_out() const {
    return now_.receives && !confirmed_ && losses_ >= losses_to_a_rival;
}

// At once, whatever the database is being asked: the rival is thrown out, too, and one must remain.
void ingest_holding::give_way() {
    gave_way_ = true;
    log::warning("ingest_taken_over", {{"why", "another has our session at the broker, and the "
                                               "database can't say who should"}});
    moves_.spawn("step_down", step_down());
}

runtime::task<void> ingest_holding::lay_down() {
    stopping_ = true;
    co_await moves_.stop();
    now_.receives = false;
    auto job = [this] { do_.leave(); };
    co_await hands_.run(std::move(job));
    co_await lock_.give_back();
}

} // namespace linli::server
