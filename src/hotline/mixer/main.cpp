#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "hotline/mixer/door.hpp"
#include "runtime/log.hpp"

namespace {

using linli::hotline::mixer_door;

void run(std::string const& address, std::uint16_t port) {
    boost::asio::io_context loop(1);
    mixer_door door(loop.get_executor(),
                    {.listen = {boost::asio::ip::make_address(address), port}});
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([&](auto, int) { loop.stop(); });
    boost::asio::co_spawn(loop, door.answer(), boost::asio::detached);
    boost::asio::co_spawn(loop, door.mix(), boost::asio::detached);
    linli::runtime::log::info("mixer_started", {{"port", port}});
    loop.run();
}

} // namespace

// Exit codes: 0 done, 1 could not be done (the reason is on standard error), 2 a mistake in the
// command line.
int main(int argc, char** argv) {
    CLI::App app{"The hotline's mixer of Linli (邻里): three people in one talk."};
    app.set_version_flag("--version", LINLI_VERSION);
    std::string address = "127.0.0.1";
    std::uint16_t port = 2225;
    app.add_option("--address", address, "Where the engine's requests come")->capture_default_str();
    app.add_option("--port", port, "The same")->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        auto const code = app.exit(e);
        return code == 0 ? 0 : 2;
    }
    try {
        run(address, port);
        return 0;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "linli-mixer: %s\n", e.what());
        return 1;
    }
}
