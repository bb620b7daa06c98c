#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/signal_set.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/outages.hpp"
#include "cli/picture.hpp"
#include "cli/session.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

namespace {

constexpr int most_listed = 200;
constexpr int most_followed = 10; // care calls
constexpr std::chrono::milliseconds redraw_every{500};

struct choices {
    bool follow = false;
    std::vector<std::string> hints;
};

drawing terminal(std::vector<std::string> hints) {
    drawing how{
        .colour = isatty(STDOUT_FILENO) == 1, .columns = 0, .rows = 0, .hints = std::move(hints)};
    winsize size{};
    if (how.colour && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        how.columns = size.ws_col;
        how.rows = size.ws_row;
    }
    return how;
}

runtime::task<int> once(session& s) {
    auto const seen = co_await s.desk().look(most_listed);
    if (!seen) {
        std::cerr << "the database is away: signals wait in the server's journal; see /readyz\n";
        co_return 1;
    }
    auto const health = co_await s.health().list(most_listed);
    auto how = terminal({});
    how.rows = 0;
    std::cout << draw(*seen, s.clock().now(), how);
    if (health) std::cout << health_text(*health);
    co_return 0;
}

// Draws over the last picture, line by line, so that the screen doesn't flicker.
void show(std::string const& picture) {
    std::string out = "\x1b[H";
    for (char const c : picture) {
        if (c == '\n') out += "\x1b[K";
        out += c;
    }
    out += "\x1b[J";
    std::cout << out << std::flush;
}

runtime::task<int> follow(session& s, choices const& c) {
    bool ended = false;
    app::bell interrupted;
    boost::asio::signal_set stop(s.loop(), SIGINT, SIGTERM);
    stop.async_wait([&](auto, int) {
        ended = true;
        interrupted.ring();
    });
    std::cout << "\x1b[?25l\x1b[2J";
    while (!ended) {
        auto const seen = co_await s.desk().look(most_listed);
        auto const health = co_await s.health().list(most_followed);
        if (seen)
            show(draw(*seen, s.clock().now(), terminal(c.hints)) +
                 (health ? health_text(*health) : ""));
        else
            show("the database is away: signals wait in the server's journal\n");
        auto const next = s.clock().now() + redraw_every;
        if (!ended) co_await s.clock().wait_until(next, interrupted);
    }
    std::cout << "\x1b[?25h\n";
    co_return 0;
}

} // namespace

void add_status(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* command =
        to.add_subcommand("status", "What is open, since when, who holds it, what is due next");
    command->add_flag("--follow,-f", c->follow, "Keep drawing until Ctrl-C");
    command->add_option("--hint", c->hints, "A line to show below the picture");
    command->callback([&with, c] {
        with.run = [&with, c] {
            session s(runtime::load_config(with.config_file));
            return s.run([&] { return c->follow ? follow(s, *c) : once(s); });
        };
    });
}

} // namespace linli::cli
