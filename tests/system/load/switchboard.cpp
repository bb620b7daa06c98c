#include "system/load/switchboard.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr auto dial_again_after = 50ms;

// mosquitto's queue for those who call is 100 long: whoever finds it full waits for seconds.
constexpr int most_unanswered = 50;
constexpr auto look_after_all_every = 100ms;
constexpr int longest_wait_ms = 5; // what other threads post waits no longer

} // namespace

switchboard::switchboard() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw std::runtime_error("no epoll");
}

switchboard::~switchboard() {
    ::close(epoll_);
}

loop_peer& switchboard::connect(peer::who const& is, std::string const& hears,
                                loop_peer::hooks call) {
    peers_.push_back(std::make_unique<loop_peer>(is, hears, std::move(call)));
    return *peers_.back();
}

void switchboard::after(steady::duration wait, std::function<void()> what) {
    alarms_.push({steady::now() + wait, next_alarm_++, std::move(what)});
}

void switchboard::post(std::function<void()> what) {
    std::lock_guard const lock(mutex_);
    posted_.push_back(std::move(what));
}

void switchboard::stop() {
    stopping_ = true;
}

void switchboard::run() {
    waits_to_dial_.resize(peers_.size(), false);
    answered_.resize(peers_.size(), true);
    for (std::size_t i = 0; i < peers_.size(); ++i)
        dial(i);
    look_after_all();
    std::array<epoll_event, 256> events;
    while (!stopping_) {
        run_posted();
        run_due();
        auto const count =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms());
        for (int i = 0; i < count; ++i)
            turn(events[static_cast<std::size_t>(i)].data.u32, true);
    }
}

void switchboard::dial(std::size_t peer) {
    waits_to_dial_[peer] = false;
    if (unanswered_ >= most_unanswered || !peers_[peer]->dial()) return dial_later(peer);
    answered_[peer] = false;
    ++unanswered_;
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u32 = static_cast<std::uint32_t>(peer);
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, peers_[peer]->socket(), &wanted);
    turn(peer, false);
}

void switchboard::dial_later(std::size_t peer) {
    if (std::exchange(waits_to_dial_[peer], true)) return;
    after(dial_again_after, [this, peer] { dial(peer); });
}

// A closed socket has left epoll by itself.
void switchboard::turn(std::size_t peer, bool readable) {
    auto& one = *peers_[peer];
    if (one.socket() >= 0) one.turn(readable);
    if ((one.listens() || one.socket() < 0) && !std::exchange(answered_[peer], true)) --unanswered_;
    if (one.socket() < 0) dial_later(peer);
}

void switchboard::run_posted() {
    std::vector<std::function<void()>> now;
    {
        std::lock_guard const lock(mutex_);
        now.swap(posted_);
    }
    for (auto const& each : now)
        each();
}

void switchboard::run_due() {
    while (!alarms_.empty() && alarms_.top().at <= steady::now()) {
        auto const what = alarms_.top().what;
        alarms_.pop();
        what();
    }
}

// Pings, and what a socket did not take at once.
void switchboard::look_after_all() {
    bool all = true;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        if (peers_[i]->socket() >= 0) peers_[i]->keep_alive();
        turn(i, false);
        all = all && peers_[i]->listens();
    }
    all_listen_ = all;
    after(look_after_all_every, [this] { look_after_all(); });
}

int switchboard::wait_ms() const {
    if (alarms_.empty()) return longest_wait_ms;
    auto const left =
        std::chrono::ceil<std::chrono::milliseconds>(alarms_.top().at - steady::now());
    return std::clamp(static_cast<int>(left.count()), 0, longest_wait_ms);
}

} // namespace linli::tests::load
