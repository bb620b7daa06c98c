#include "app/import_desk.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

namespace linli::app {

namespace {

constexpr domain::seconds patience{2};
constexpr domain::seconds told_for{3600};
constexpr domain::seconds ask_again{2};
constexpr std::size_t most_kept = 10; // each may tell two hundred mistakes

bool may_see(account const& who, domain::area_id const& begun_in) {
    return domain::may_change(who.role, domain::sheet::areas) && who.area == begun_in;
}

std::string word_of(record_errc why) {
    switch (why) {
    case record_errc::conflict:
        return "conflict";
    case record_errc::away:
        return "away";
    case record_errc::bad_data:
        return "bad_data";
    }
    return "failed";
}

} // namespace

// A job with what its thread and the loop say to each other; the rest is the loop's alone.
class import_desk::kept final : public import_watch {
public:
    kept(boost::asio::any_io_executor loop, account who, std::string by_key, import_job begun)
        : by(std::move(who)), key(std::move(by_key)), told_(std::move(begun)),
          ended_(std::move(loop)) {
        ended_.expires_at(boost::asio::steady_timer::time_point::max());
    }

    // ---- the import's thread
    void is_at(import_step const& step) override {
        rows_ = step.total;
        rows_done_ = step.done;
    }
    bool is_wanted() override { return stage_ == stage::open; }
    bool may_commit() override {
        auto open = stage::open;
        return stage_.compare_exchange_strong(open, stage::committing);
    }

    // ---- the loop
    bool cancel() {
        auto open = stage::open;
        return !has_ended() &&
               (stage_.compare_exchange_strong(open, stage::given_up) || open == stage::given_up);
    }
    bool is(domain::uuid const& id) const { return told_.id == id; }
    bool has_ended() const { return told_.ended_at.has_value(); }
    bool ended_before(domain::instant at) const { return has_ended() && *told_.ended_at < at; }
    bool is_committing() const { return stage_ == stage::committing; }
    runtime::task<> wait_for_end() {
        auto const rung = co_await ended_.async_wait(runtime::use_task_tuple);
        static_cast<void>(rung);
    }

    import_job seen() const {
        auto job = told_;
        job.rows = rows_;
        job.rows_done = std::min(rows_done_.load(), job.rows);
        job.may_be_cancelled = !has_ended() && stage_ == stage::open;
        return job;
    }

    void take(std::variant<registry_imported, registry_desk::refusal> const& what) {
        if (auto const* imported = std::get_if<registry_imported>(&what)) {
            told_.result = *imported;
            bool const is_bad = imported->found.mistakes.count > 0;
            told_.state = is_bad ? import_state::refused : import_state::done;
            return;
        }
        bool const was_cancelled =
            std::get<registry_desk::refusal>(what) == registry_desk::refusal::cancelled;
        told_.state = was_cancelled ? import_state::cancelled : import_state::refused;
        if (!was_cancelled) told_.why = "not_understood";
    }
    void fail(std::string why) {
        told_.state = import_state::failed;
        told_.why = std::move(why);
    }
    void end(domain::instant at) {
        if (told_.state == import_state::running) fail("failed");
        told_.ended_at = at;
        ended_.cancel();
    }

    account const by;
    std::string const key;

private:
    enum class stage : std::uint8_t { open, given_up, committing };

    import_job told_;                 // without the figures
    boost::asio::steady_timer ended_; // never expires; cancelled at the end
    std::atomic<std::size_t> rows_ = 0;
    std::atomic<std::size_t> rows_done_ = 0;
    std::atomic<stage> stage_ = stage::open;
};

import_desk::import_desk(boost::asio::any_io_executor loop, registry_desk& registry, clock& time,
                         id_source& ids)
    : loop_(loop), registry_(registry), time_(time), ids_(ids), tasks_(std::move(loop)) {}

import_desk::~import_desk() = default;

runtime::task<record_result<import_desk::begun>>
import_desk::begin(account by, registry_desk::doing what, registry_desk::file_source files,
                   std::string key) {
    auto const has_all = co_await registry_.has_all(by);
    if (!has_all) co_return has_all.error();
    if (!*has_all) co_return begun(not_his{});
    if (auto const before = find_tried(by, key)) {
        co_await wait_for(before);
        co_return begun(before->seen());
    }
    if (auto const other = running()) co_return begun(another{other->seen()});
    forget_old();
    import_job job;
    job.started_at = time_.now();
    job.id = ids_.next(job.started_at);
    job.what = what;
    job.by = by.user;
    job.by_name = by.name;
    job.area = by.area;
    auto const mine = std::make_shared<kept>(loop_, std::move(by), std::move(key), std::move(job));
    jobs_.push_front(mine);
    tasks_.spawn("registry_import", run(mine, std::move(files)));
    co_await wait_for(mine);
    co_return begun(mine->seen());
}

runtime::task<> import_desk::run(kept_job job, registry_desk::file_source files) {
    // However it ends, also by an exception: nobody may be kept out by what runs no more.
    struct ending {
        kept& of;
        clock& time;
        ~ending() { of.end(time.now()); }
    } const at_the_end{*job, time_};
    auto const asked = job->seen();
    registry_desk::import_order order{asked.id, asked.what, std::move(files)};
    auto const done = co_await registry_.import(job->by, std::move(order), *job);
    if (done) {
        job->take(*done);
        co_return;
    }
    auto why = word_of(done.error());
    if (job->is_committing())
        co_await settle(job, std::move(why));
    else
        job->fail(std::move(why));
}

// The commit was lost from sight: what became of it the registry says, as soon as it can be asked.
runtime::task<> import_desk::settle(kept_job job, std::string why) {
    auto const id = job->seen().id;
    auto left = co_await registry_.trace(id);
    while (!left || left->is_running) {
        auto const again = time_.now() + ask_again;
        co_await time_.wait_until(again);
        left = co_await registry_.trace(id);
    }
    registry_imported loaded;
    loaded.is_done = left->done.has_value();
    if (loaded.is_done)
        job->take(loaded);
    else
        job->fail(std::move(why));
}

runtime::task<> import_desk::wait_for(kept_job job) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto const until = time_.now() + patience;
    while (!job->has_ended() && time_.now() < until) {
        auto ends = job->wait_for_end();
        auto passes = time_.wait_until(until);
        auto const first = co_await (std::move(ends) || std::move(passes));
        static_cast<void>(first);
    }
}

std::vector<import_job> import_desk::jobs(account const& by) {
    forget_old();
    std::vector<import_job> all;
    for (auto const& each : jobs_)
        if (may_see(by, each->by.area)) all.push_back(each->seen());
    return all;
}

runtime::task<record_result<std::optional<import_job>>> import_desk::find(account by,
                                                                          domain::uuid id) {
    forget_old();
    auto const job = find_kept(id);
    if (job && !may_see(by, job->by.area)) co_return std::nullopt;
    if (job) co_return std::optional(job->seen());
    auto left = co_await find_trace(std::move(by), id);
    co_return left;
}

// Of one that another server runs nothing is known but that.
runtime::task<record_result<std::optional<import_job>>> import_desk::find_trace(account by,
                                                                                domain::uuid id) {
    auto const left = co_await registry_.trace(id);
    if (!left) co_return left.error();
    import_job job;
    job.id = id;
    job.what = registry_desk::doing::import;
    if (left->is_running) co_return std::optional(std::move(job));
    if (!left->done || !may_see(by, left->done->area)) co_return std::nullopt;
    job.by = left->done->by;
    job.area = left->done->area;
    job.started_at = left->done->at;
    job.ended_at = left->done->at;
    job.state = import_state::done;
    job.result.is_done = true;
    co_return std::optional(std::move(job));
}

import_desk::cancelling import_desk::cancel(account const& by, domain::uuid const& id) {
    auto const job = find_kept(id);
    if (!job || !may_see(by, job->by.area)) return cancelling::unknown;
    if (job->by.user != by.user) return cancelling::not_yours;
    return job->cancel() ? cancelling::done : cancelling::too_late;
}

runtime::task<> import_desk::stop() {
    if (auto const job = running()) job->cancel();
    co_await tasks_.stop();
}

import_desk::kept_job import_desk::running() const {
    auto const at =
        std::ranges::find_if(jobs_, [](auto const& each) { return !each->has_ended(); });
    return at == jobs_.end() ? nullptr : *at;
}

import_desk::kept_job import_desk::find_kept(domain::uuid const& id) const {
    auto const at = std::ranges::find_if(jobs_, [&](auto const& each) { return each->is(id); });
    return at == jobs_.end() ? nullptr : *at;
}

import_desk::kept_job import_desk::find_tried(account const& by, std::string const& key) const {
    auto const is_it = [&](kept_job const& each) {
        return !key.empty() && each->key == key && each->by.user == by.user;
    };
    auto const at = std::ranges::find_if(jobs_, is_it);
    return at == jobs_.end() ? nullptr : *at;
}

void import_desk::forget_old() {
    auto const since = time_.now() - told_for;
    std::erase_if(jobs_, [&](auto const& each) { return each->ended_before(since); });
    // What runs is the newest.
    if (jobs_.size() > most_kept) jobs_.resize(most_kept);
}

} // namespace linli::app
