#include "app/own_work.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace linli::app {

namespace {

// A hint may be lost, and a lease ends without a commit that we hear of in time.
constexpr domain::seconds look_every{5};

// Another server may commit twenty times a second, and each time a city's pages would all look.
constexpr domain::seconds hints_apart{1};

bool is_held(own_offer const& o) {
    return o.news.offer.state == domain::offer_state::accepted;
}

auto place_in_list(own_offer const& o) {
    return std::tuple(!is_held(o), o.news.offer.expires_at, o.news.offer.id);
}

// Of one length, however many there are: it stands in the page's next question, whose target is
// bounded. Two servers of one build make the same of the same.
std::string etag_of(std::vector<own_offer> const& offers) {
    if (offers.empty()) return "none";
    std::string all;
    for (auto const& o : offers) {
        all += to_string(o.news.offer.id).substr(24) + '.';
        all += std::to_string(o.news.offer.version) + '.' + std::to_string(o.order_version) + '.';
        all += o.news.visit ? "v" : "";
        all += o.is_heard ? "h-" : "-";
    }
    return std::to_string(offers.size()) + '-' + std::to_string(std::hash<std::string>{}(all));
}

// The house's own people are nobody to send.
std::vector<own_candidate> with_names(std::vector<domain::candidate> const& ranked,
                                      std::vector<own_person> const& known) {
    std::vector<own_candidate> all;
    for (auto const& each : ranked) {
        if (each.why == domain::match_reason::synthetic) continue;
        auto const is_he = [&](own_person const& p) { return p.id == each.id; };
        auto const person = std::find_if(known.begin(), known.end(), is_he);
        if (person != known.end()) all.push_back({each, person->name, person->phone});
    }
    return all;
}

// Whose pages show something else now: the company's own, and those of whom the rows name. Where
// the company has named another, the one before stands nowhere any more, so all its people look.
class touched {
public:
    explicit touched(changes const& what) {
        for (auto const& f : what.offers)
            add(f.provider, f.worker);
        for (auto const& o : what.orders)
            if (!o.provider.empty()) add(o.provider, o.worker);
        std::set<domain::uuid> named;
        for (auto const& each : what.log)
            if (each.line.what == domain::log_kind::assigned) named.insert(each.chain);
        for (auto const& o : what.orders)
            if (named.contains(o.id.value)) all_of_.insert(o.provider.value);
    }
    bool has(own_scope const& whose) const {
        auto const& company = whose.provider.value;
        if (!companies_.contains(company)) return false;
        return whose.worker.empty() || all_of_.contains(company) ||
               people_.contains({company, whose.worker.value});
    }

private:
    void add(domain::provider_id const& company, domain::worker_id const& worker) {
        companies_.insert(company.value);
        if (!worker.empty()) people_.emplace(company.value, worker.value);
    }

    std::set<std::string> companies_;
    std::set<std::string> all_of_;
    std::set<std::pair<std::string, std::string>> people_;
};

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
    if (of.held_by == made.id) line.due_at = of.due_at;
    line.goes = of.held_by == made.id ? of.worker : made.worker;
    line.is_installation = is_installation(of.about);
    return line;
}

bool may_read_door(own_offer const& line) {
    return is_held(line) && is_on_visit(line.order) && !line.goes.empty();
}

bool may_name(own_offer const& line) {
    auto const& made = line.news.offer;
    if (made.state == domain::offer_state::open) return made.worker.empty();
    return is_held(line) && line.order == domain::order_state::accepted;
}

// Somebody's open question, also while it is being read: what is committed then may not be in it.
// A timer that is cancelled wakes it.
class own_work::waiter {
public:
    waiter(own_work& of, own_scope whose, boost::asio::any_io_executor loop)
        : of_(of), whose_(std::move(whose)), news_(std::move(loop)) {
        of_.waiting_.push_back(this);
    }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;
    ~waiter() { std::erase(of_.waiting_, this); }

    own_scope const& whose() const { return whose_; }
    void wake() { looks_within(domain::duration{0}); }
    // It may be woken by others before that, and then needn't look for this any more.
    void looks_within(domain::duration most) {
        looks_by_ = std::min(looks_by_, machine::now() + most);
        news_.cancel();
    }
    void reads() { looks_by_ = machine::time_point::max(); }

    // Since it began to read. Machine time: it bounds how long a question stays open, and decides
    // nothing.
    runtime::task<void> news_within(domain::duration most) {
        auto const latest = machine::now() + most;
        for (;;) {
            auto const until = std::min(latest, looks_by_);
            if (machine::now() >= until) co_return;
            news_.expires_at(until);
            auto const woken = co_await news_.async_wait(runtime::use_task_tuple);
            static_cast<void>(woken);
        }
    }

private:
    using machine = std::chrono::steady_clock;

    own_work& of_;
    own_scope whose_;
    boost::asio::steady_timer news_;
    machine::time_point looks_by_ = machine::time_point::max();
};

own_work::own_work(own_work_reading& from, dispatch& to, clock& time)
    : from_(from), to_(to), time_(time) {}
own_work::~own_work() = default;

runtime::task<record_result<own_work::answer>> own_work::look(own_scope whose,
                                                              std::vector<domain::offer_id> known,
                                                              std::string seen,
                                                              domain::instant until) {
    auto executor = co_await boost::asio::this_coro::executor;
    waiter here(*this, whose, std::move(executor));
    for (;;) {
        here.reads();
        auto now_there = co_await read(whose, known);
        if (!now_there) co_return now_there.error();
        auto const left = until - time_.now();
        if (now_there->etag != seen || left <= domain::duration{0}) co_return std::move(*now_there);
        auto const most = std::min<domain::duration>(left, look_every);
        co_await here.news_within(most);
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

runtime::task<record_result<own_work::people>> own_work::people_for(own_scope whose,
                                                                    domain::offer_id of) {
    people told;
    auto const offered = co_await from_.find(whose, of);
    if (!offered) co_return offered.error();
    told.is_offered = offered->has_value();
    told.may_be_named = told.is_offered && may_name(**offered);
    if (!told.may_be_named) co_return told;
    auto const ranked = co_await to_.people_for(whose.provider, of);
    if (!ranked) co_return ranked.error();
    auto const known = co_await from_.people_of(whose.provider);
    if (!known) co_return known.error();
    told.all = with_names(*ranked, *known);
    co_return told;
}

// Whom the matching doesn't know, the decision refuses.
runtime::task<record_result<bool>> own_work::is_fit(own_scope const& whose,
                                                    domain::reply const& what) {
    auto const ranked = co_await to_.people_for(whose.provider, what.offer);
    if (!ranked) co_return ranked.error();
    bool fits = true;
    for (auto const& each : *ranked)
        if (each.id == what.worker) fits = domain::may_be_named(each.why);
    co_return fits;
}

runtime::task<record_result<verdict>> own_work::say(own_scope whose, domain::reply what) {
    auto const his = co_await from_.find(whose, what.offer);
    if (!his) co_return his.error();
    if (!*his) co_return verdict{.refused = domain::refusal::unknown};
    bool const names_somebody = !what.worker.empty() && what.worker != whose.worker;
    if (names_somebody && !whose.worker.empty())
        co_return verdict{.refused = domain::refusal::not_yours};
    if (names_somebody) {
        auto const fits = co_await is_fit(whose, what);
        if (!fits) co_return fits.error();
        if (!*fits) co_return verdict{.refused = domain::refusal::unfit};
    }
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
    auto const his = co_await from_.find(whose, of);
    if (!his) co_return his.error();
    bool const is_his = *his && (*his)->goes == whose.worker;
    if (!is_his || !(*his)->is_installation || !may_read_door(**his)) co_return all;
    auto found = co_await from_.contacts_at((*his)->news.order);
    if (!found) co_return found.error();
    all = std::move(*found);
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
    if (waiting_.empty()) return;
    touched const by(what);
    for (auto* each : waiting_)
        if (by.has(each->whose())) each->wake();
}

// Who asks after a hint reads what it was about anyway.
void own_work::hinted() {
    auto const now = time_.now();
    if (now < looks_at_) return; // then they look for this one as well
    looks_at_ = std::max(now, looks_at_ + hints_apart);
    for (auto* each : waiting_)
        each->looks_within(looks_at_ - now);
}

} // namespace linli::app
