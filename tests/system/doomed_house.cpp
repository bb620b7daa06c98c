// `linli serve` whose clock breaks: at SIGUSR1 each task that waits for a time ends by an
// exception, and so do those without which the house can't do its duty; at SIGUSR2 it ends who
// waits shortly, as the house does before it has reached its database.
#include <atomic>
#include <csignal>
#include <stdexcept>

#include "cli/serve.hpp"
#include "runtime/config.hpp"
#include "server/house_clock.hpp"

namespace {

using namespace linli;

std::atomic<domain::duration> breaks_below = domain::duration::min();
static_assert(std::atomic<domain::duration>::is_always_lock_free);

class doomed_clock final : public app::clock {
public:
    explicit doomed_clock(boost::asio::any_io_executor loop) : real_(std::move(loop)) {}

    domain::instant now() override { return real_.now(); }
    using clock::wait_until;
    runtime::task<void> wait_until(domain::instant when, app::bell& or_rung) override {
        if (when - now() < breaks_below.load()) throw std::runtime_error("the clock is broken");
        co_await real_.wait_until(when, or_rung);
    }

private:
    server::house_clock real_;
};

} // namespace

// As server_process starts a server: --config FILE serve
int main(int argc, char** argv) {
    if (argc != 4) return 2;
    std::signal(SIGUSR1, [](int) { breaks_below = domain::duration::max(); });
    std::signal(SIGUSR2, [](int) { breaks_below = std::chrono::milliseconds(300); });
    return cli::serve({.config = runtime::load_config(argv[2]),
                       .make_clock = [](boost::asio::any_io_executor loop) {
                           return std::make_unique<doomed_clock>(std::move(loop));
                       }});
}
