#include "system/crash/progress.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

namespace linli::tests::crash {

using namespace load;

namespace {

using namespace std::chrono_literals;

constexpr auto on_a_terminal = 1s;
constexpr auto elsewhere = 15s;

} // namespace

progress::progress(ledger const& of, death_counts wanted)
    : ledger_(of), wanted_(wanted), on_terminal_(::isatty(STDERR_FILENO) == 1), thread_([this] {
          std::unique_lock lock(mutex_);
          auto const pause = on_terminal_ ? on_a_terminal : elsewhere;
          while (!changed_.wait_for(lock, pause, [this] { return ended_; }))
              show();
      }) {}

progress::~progress() {
    {
        std::lock_guard const lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }
    thread_.join();
    show();
    if (on_terminal_) fmt::print(stderr, "\n");
}

void progress::show() const {
    auto const deaths = ledger_.deaths();
    auto const of = [&](victim who) {
        return std::count_if(deaths.begin(), deaths.end(),
                             [&](death const& d) { return d.who == who; });
    };
    auto const events = ledger_.presses().size();
    fmt::print(stderr,
               "{}{:4.0f} s  killed: server {}/{} database {}/{} broker {}/{}  events {}, without "
               "receipt {}{}",
               on_terminal_ ? "\r\033[K" : "",
               std::chrono::duration<double>(steady::now() - ledger_.began_at()).count(),
               of(victim::server), wanted_.server, of(victim::database), wanted_.database,
               of(victim::broker), wanted_.broker, events, ledger_.without_receipt().size(),
               on_terminal_ ? "" : "\n");
    std::fflush(stderr);
}

} // namespace linli::tests::crash
