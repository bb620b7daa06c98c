#include "app/own_work.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace linli::app {

namespace {

// A hint may be lost, and a lease ends without a commit that we hear of in time.
constexpr domain::seconds look_every{5};

bool is_held(own_offer const& o) {
    return o.news.offer.state == domain::offer_state::accepted;
}

auto place_in_list(own_offer const& o) {
    return std::tuple(!is_held(o), o.news.offer.expires_at, o.news.offer.id);
}

std::string etag_of(std::vector<own_offer> const& offers) {
    std::string all;
    for (auto const& o : offers) {
        all += to_string(o.news.offer.id).substr(24) + '.';
        all += std::to_string(o.news.offer.version) + '.' + std::to_string(o.order_version) + '.';
        all += o.news.visit ? "v" : "";
        all += o.is_heard ? "h-" : "-";
    }
    return all.empty() ? "none" : all;
}

} // namespace

own_offer told_of(domain::offer const& made, domain::order const& of) {
    own_offer line;
    line.news.offer = made;
    line.news.order = of.id;
    line.news.order_number = of.number;
    line.news.service = of.service;
    line.news.what_for = of.what_for;
    line.news.level = of.level;
    line.news.event = of.event;
    line.news.booked = of.booked;
    line.order = of.state;
    line.order_version = of.version;
    line.due_at = of.due_at;
    line.goes = of.held_by == made.id ? of.worker : made.worker;
    line.is_installation = is_installation(of.about);
    return line;
}

bool may_read_door(own_offer const& line) {
    return is_held(line) && is_on_visit(line.order);
}

// Somebody's open question. A timer that is cancelled wakes it.
struct own_work::waiter {
    own_scope whose;
    boost::asio::steady_timer news;
    bool has_news = false;

    void wake() {
        has_news = true;
        news.cancel();
    }
};

own_work::own_work(own_work_reading& from, dispatch& to, clock& time)
    : from_(from), to_(to), time_(time) {}
own_work::~own_work() = default;

runtime::task<record_result<own_work::answer>> own_work::look(own_scope whose,
                                                              std::vector<domain::offer_id> known,
                                                              std::string seen,
                                                              domain::instant until) {
    for (;;) {
        auto now_there = co_await read(whose, known);
        if (!now_there) co_return now_there.error();
        if (now_there->etag != seen || time_.now() >= until) co_return std::move(*now_there);
        co_await wait_for_news(whose, until);
    }
}

runtime::task<record_result<own_work::answer>>
own_work::read(own_scope const& whose, std::vector<domain::offer_id> const& known) {
    auto found = co_await from_.offers_of(whose, known);
    if (!found) co_return found.error();
    answer all;
    all.offers = std::move(*found);
    std::sort(all.offers.begin(), all.offers.end(),
              [](auto const& a, auto const& b) { return place_in_list(a) < place_in_list(b); });
    all.etag = etag_of(all.offers);
    all.now = time_.now();
    co_return std::move(all);
}

// Machine time: it bounds how long a question stays open, and decides nothing.
runtime::task<void> own_work::wait_for_news(own_scope const& whose, domain::instant until) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto const left = std::min<domain::duration>(until - time_.now(), look_every);
    waiter here{whose, boost::asio::steady_timer(executor, left), false};
    waiting_.push_back(&here);
    struct leaves {
        own_work& of;
        waiter* who;
        ~leaves() { std::erase(of.waiting_, who); }
    } const at_the_end{*this, &here};
    auto const woken = co_await here.news.async_wait(runtime::use_task_tuple);
    static_cast<void>(woken);
}

runtime::task<record_result<verdict>> own_work::say(own_scope whose, domain::reply what) {
    std::vector<domain::offer_id> const meant{what.offer};
    auto const his = co_await from_.offers_of(whose, meant);
    if (!his) co_return his.error();
    auto const is_meant = [&](auto const& each) { return each.news.offer.id == what.offer; };
    if (std::none_of(his->begin(), his->end(), is_meant))
        co_return verdict{.refused = domain::refusal::unknown};
    what.provider = whose.provider;
    what.by.kind = domain::actor_kind::worker;
    std::vector<input> batch;
    batch.emplace_back(std::move(what));
    auto const done = co_await to_.run(std::move(batch));
    if (!done) co_return done.error();
    co_return done->front();
}

runtime::task<record_result<std::optional<std::vector<own_contact>>>>
own_work::contacts(own_scope whose, domain::offer_id of) {
    std::optional<std::vector<own_contact>> all;
    std::vector<domain::offer_id> const meant{of};
    auto const his = co_await from_.offers_of(whose, meant);
    if (!his) co_return his.error();
    for (auto const& each : *his) {
        bool const is_meant = each.news.offer.id == of && each.goes == whose.worker;
        if (!is_meant || !each.is_installation || !may_read_door(each)) continue;
        auto found = co_await from_.contacts_at(each.news.order);
        if (!found) co_return found.error();
        all = std::move(*found);
    }
    co_return all;
}

runtime::task<record_result<verdict>> own_work::call_for_help(worker_sos what) {
    std::vector<input> batch;
    batch.emplace_back(std::move(what));
    auto const done = co_await to_.run(std::move(batch));
    if (!done) co_return done.error();
    co_return done->front();
}

void own_work::committed(changes const& what) {
    std::set<std::string> providers;
    for (auto const& f : what.offers)
        providers.insert(f.provider.value);
    for (auto const& o : what.orders)
        if (!o.provider.empty()) providers.insert(o.provider.value);
    for (auto* each : waiting_)
        if (providers.contains(each->whose.provider.value)) each->wake();
}

void own_work::hinted() {
    for (auto* each : waiting_)
        each->wake();
}

} // namespace linli::app
