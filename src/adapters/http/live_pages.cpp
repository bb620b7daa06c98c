#include "adapters/http/live_pages.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/wire/console_words.hpp"

namespace linli::http {

namespace {

constexpr std::chrono::seconds beat_every{2};
constexpr std::chrono::seconds sessions_every{10};
constexpr std::chrono::milliseconds one_frame_for{250};
constexpr std::size_t most_frames = 200;
// A message costs the house some 0.1 ms for each page (tests/bench/fan_out), and whoever presses
// waits behind it: in a flood they come in rounds, 2,500 messages a second in all.
constexpr std::chrono::microseconds round_of_a_page{400};
constexpr std::chrono::milliseconds longest_round{250};
constexpr std::uint16_t session_over = 4401;
constexpr std::uint16_t not_understood = 4400;

bool is_empty(app::live_feed::update const& what) {
    return !what.is_snapshot && what.lines.empty() && what.gone.empty();
}

} // namespace

struct live_pages::parts : std::enable_shared_from_this<parts> {
    parts(boost::asio::any_io_executor on, app::live_feed& from, app::accounts& known,
          app::clock& ticks, painted shown)
        : loop(std::move(on)), feed(from), accounts(known), time(ticks),
          on_painted(std::move(shown)), round_(loop) {}

    boost::asio::any_io_executor loop;
    app::live_feed& feed;
    app::accounts& accounts;
    app::clock& time;
    painted on_painted;
    std::vector<std::shared_ptr<page>> pages;

    std::optional<domain::instant> now() const {
        return feed.is_fresh() ? std::optional(time.now()) : std::nullopt;
    }

    // Whoever waits is told with all others who do: at once, or when the last round is over.
    void want_round() {
        if (std::exchange(is_round_due_, true)) return;
        auto const pause = std::min<std::chrono::steady_clock::duration>(
            longest_round, pages.size() * round_of_a_page);
        round_.expires_at(std::max(std::chrono::steady_clock::now(), last_round_ + pause));
        round_.async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
            auto const self = weak.lock();
            if (!stopped && self) self->go_round();
        });
    }
    void go_round();

    void have_painted(app::signed_in const& who, std::vector<std::string> const& alerts) const {
        if (!who.on_duty || !domain::may(who.who.role, domain::right::claim)) return;
        std::vector<std::string> hers;
        for (auto const& each : alerts)
            if (!feed.is_out_of_sight(each, who.who.area)) hers.push_back(each);
        if (!hers.empty()) on_painted(who, hers);
    }

    // Pages that stand at the same place get the same bytes, made once.
    struct frame {
        std::shared_ptr<std::string const> text;
        std::uint64_t sequence = 0;
        bool is_news = false;
    };
    frame const& frame_for(std::string const& epoch, std::uint64_t after,
                           domain::area_id const& area) {
        auto const since = std::chrono::steady_clock::now();
        if (feed.sequence() != made_at_ || since - made_since_ > one_frame_for ||
            made_.size() >= most_frames) {
            made_.clear();
            made_at_ = feed.sequence();
            made_since_ = since;
        }
        auto const [found, is_new] = made_.try_emplace({epoch, after, area.value});
        if (is_new) {
            auto const update = feed.since(epoch, after, area);
            found->second = {
                std::make_shared<std::string const>(wire::encode_live(feed.epoch(), update, now())),
                update.sequence, !is_empty(update)};
        }
        return found->second;
    }

private:
    std::map<std::tuple<std::string, std::uint64_t, std::string>, frame> made_;
    std::uint64_t made_at_ = 0;
    std::chrono::steady_clock::time_point made_since_;
    boost::asio::steady_timer round_;
    std::chrono::steady_clock::time_point last_round_;
    bool is_round_due_ = false;
};

// Its members are touched on the loop alone.
class live_pages::page final : public live_listener,
                               public app::live_feed::reader,
                               public std::enable_shared_from_this<page> {
public:
    page(std::shared_ptr<parts> in, app::signed_in who, std::string token,
         std::shared_ptr<live_line_out> out)
        : in_(std::move(in)), who_(std::move(who)), token_(std::move(token)), out_(std::move(out)) {
    }

    std::string const& token() const { return token_; }
    void who_is(app::signed_in who) { who_ = std::move(who); }
    void duty_is(bool on_duty) { who_.on_duty = on_duty; }
    void close(std::uint16_t code, std::string why) { out_->close(code, std::move(why)); }

    // By the server's thread.
    void heard(std::string text, std::function<void()> done) override {
        auto take = [self = shared_from_this(), text = std::move(text), done = std::move(done)] {
            self->take(text);
            done();
        };
        boost::asio::post(in_->loop, std::move(take));
    }
    void written() override {
        boost::asio::post(in_->loop, [self = shared_from_this()] {
            self->is_writing_ = false;
            self->changed();
        });
    }
    void gone() override {
        boost::asio::post(in_->loop, [self = shared_from_this()] {
            self->in_->feed.remove(*self);
            self->has_said_hello_ = false;
            std::erase(self->in_->pages, self);
        });
    }

    domain::area_id const& area() const override { return who_.who.area; }
    void changed() override {
        has_news_ = true;
        in_->want_round();
    }
    void hear_news() {
        if (std::exchange(has_news_, false)) tell(false);
    }
    void beat() { tell(true); }

private:
    void take(std::string const& text) {
        auto const call = wire::read_live_call(text);
        if (!call) return close(not_understood, "no LiveCall");
        in_->have_painted(who_, call->painted);
        if (!call->hello) return;
        epoch_ = call->hello->epoch;
        after_ = call->hello->after;
        has_said_hello_ = true;
        tell(true);
    }

    void tell(bool even_if_nothing) {
        if (!has_said_hello_ || is_writing_) return; // when it is written, it asks again
        auto const& frame = in_->frame_for(epoch_, after_, area());
        if (!frame.is_news && !even_if_nothing) return;
        is_writing_ = true;
        epoch_ = in_->feed.epoch();
        after_ = frame.sequence;
        out_->send(frame.text);
    }

    std::shared_ptr<parts> in_;
    app::signed_in who_;
    std::string token_;
    std::shared_ptr<live_line_out> out_;
    std::string epoch_;
    std::uint64_t after_ = 0;
    bool has_said_hello_ = false;
    bool is_writing_ = false;
    bool has_news_ = false;
};

void live_pages::parts::go_round() {
    is_round_due_ = false;
    last_round_ = std::chrono::steady_clock::now();
    auto const all = pages;
    for (auto const& each : all)
        each->hear_news();
}

// Somebody whose long poll waits.
class live_pages::poller final : public app::live_feed::reader {
public:
    poller(app::live_feed& feed, domain::area_id area, boost::asio::steady_timer& until)
        : feed_(feed), area_(std::move(area)), until_(until) {
        feed_.add(*this);
    }
    poller(poller const&) = delete;
    poller& operator=(poller const&) = delete;
    ~poller() override { feed_.remove(*this); }

    domain::area_id const& area() const override { return area_; }
    void changed() override { until_.cancel(); }

private:
    app::live_feed& feed_;
    domain::area_id area_;
    boost::asio::steady_timer& until_;
};

live_pages::live_pages(boost::asio::any_io_executor loop, app::live_feed& feed,
                       app::accounts& accounts, app::clock& time, painted on_painted)
    : parts_(
          std::make_shared<parts>(std::move(loop), feed, accounts, time, std::move(on_painted))) {}

live_pages::~live_pages() = default;

std::shared_ptr<live_listener> live_pages::admit(app::signed_in who, std::string token,
                                                 std::shared_ptr<live_line_out> out) {
    auto made = std::make_shared<page>(parts_, std::move(who), std::move(token), std::move(out));
    parts_->pages.push_back(made);
    parts_->feed.add(*made);
    return made;
}

runtime::task<std::string> live_pages::poll(std::string epoch, std::uint64_t after,
                                            domain::area_id area, std::chrono::seconds most) {
    auto const in = parts_;
    boost::asio::steady_timer until(in->loop);
    poller const waiting(in->feed, area, until);
    auto const give_up = std::chrono::steady_clock::now() + most;
    for (;;) {
        auto const frame = in->frame_for(epoch, after, area);
        if (frame.is_news || std::chrono::steady_clock::now() >= give_up) co_return *frame.text;
        until.expires_at(give_up);
        co_await until.async_wait(runtime::use_task_tuple);
    }
}

void live_pages::have_painted(app::signed_in const& who, std::vector<std::string> const& alerts) {
    parts_->have_painted(who, alerts);
}

void live_pages::session_ended(std::string const& token) {
    for (auto const& each : parts_->pages)
        if (each->token() == token) each->close(session_over, "session ended");
}

void live_pages::duty_changed(std::string const& token, bool on_duty) {
    for (auto const& each : parts_->pages)
        if (each->token() == token) each->duty_is(on_duty);
}

runtime::task<> live_pages::beat() {
    boost::asio::steady_timer timer(parts_->loop);
    for (;;) {
        timer.expires_after(beat_every);
        co_await timer.async_wait(runtime::use_task_tuple);
        auto const pages = parts_->pages;
        for (auto const& each : pages)
            each->beat();
    }
}

// While the database is away nobody is thrown out: what is on the screen is all that she has.
runtime::task<> live_pages::watch_sessions() {
    boost::asio::steady_timer timer(parts_->loop);
    for (;;) {
        timer.expires_after(sessions_every);
        co_await timer.async_wait(runtime::use_task_tuple);
        auto const pages = parts_->pages;
        for (auto const& each : pages) {
            auto const found = co_await parts_->accounts.find(each->token());
            if (!found) continue;
            if (*found)
                each->who_is(**found); // as another server may have been told
            else
                each->close(session_over, "session ended");
        }
    }
}

} // namespace linli::http
