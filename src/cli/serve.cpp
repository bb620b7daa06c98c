#include <csignal>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "cli/commands.hpp"
#include "runtime/config.hpp"
#include "runtime/log.hpp"
#include "server/server.hpp"

namespace linli::cli {

namespace {

int serve(runtime::config config) {
    runtime::log::set_level(config.log.level);
    server::server house({.config = std::move(config)});
    boost::asio::io_context for_signals;
    boost::asio::signal_set stop(for_signals, SIGINT, SIGTERM);
    stop.async_wait([&](auto error, int) {
        if (!error) house.stop();
    });
    std::thread listening([&] { for_signals.run(); });
    auto const ended = house.run();
    for_signals.stop();
    listening.join();
    return ended;
}

} // namespace

void add_serve(CLI::App& to, invocation& with) {
    auto* command = to.add_subcommand("serve", "Take signals in, decide, offer, remind; until "
                                               "SIGTERM, which finishes what was taken");
    command->callback(
        [&with] { with.run = [&with] { return serve(runtime::load_config(with.config_file)); }; });
}

} // namespace linli::cli
