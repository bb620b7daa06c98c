#include "cli/serve.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include <sys/prctl.h>
#include <sys/resource.h>

#include "cli/commands.hpp"
#include "cli/stop_signals.hpp"
#include "runtime/config.hpp"
#include "runtime/log.hpp"

namespace linli::cli {

namespace {

// Keys, names and doors are in our memory: it goes into no core file, and no other process of the
// same user looks into it.
void keep_memory_to_ourselves() {
    rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

int run(server::server& house) {
    try {
        return house.run();
    } catch (std::exception const& fault) {
        runtime::log::error("server_ends", {{"because_of", "a fault"}, {"why", fault}});
        return 1;
    }
}

} // namespace

int serve(server::server::options with) {
    keep_memory_to_ourselves();
    runtime::log::set_level(with.config.log.level);
    server::server house(std::move(with));
    stop_signals const signals([&] { house.stop(); });
    auto const code = run(house);
    // What was acknowledged is on disk, and whoever starts us again shall not wait for threads that
    // hang at a database, nor find a crash in place of the reason.
    if (code != 0) std::fflush(nullptr);
    if (code != 0) std::_Exit(code);
    return code;
}

void add_serve(CLI::App& to, invocation& with) {
    auto* command = to.add_subcommand("serve", "Take signals in, decide, offer, remind; until "
                                               "SIGTERM, which finishes what was taken");
    command->callback([&with] {
        with.run = [&with] { return serve({.config = runtime::load_config(with.config_file)}); };
    });
}

} // namespace linli::cli
