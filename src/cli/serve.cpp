#include <sys/prctl.h>
#include <sys/resource.h>

#include "cli/commands.hpp"
#include "cli/stop_signals.hpp"
#include "runtime/config.hpp"
#include "runtime/log.hpp"
#include "server/server.hpp"

namespace linli::cli {

namespace {

// Keys, names and doors are in our memory: it goes into no core file, and no other process of the
// same user looks into it.
void keep_memory_to_ourselves() {
    rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

int serve(runtime::config config) {
    keep_memory_to_ourselves();
    runtime::log::set_level(config.log.level);
    server::server house({.config = std::move(config)});
    stop_signals const signals([&] { house.stop(); });
    return house.run();
}

} // namespace

void add_serve(CLI::App& to, invocation& with) {
    auto* command = to.add_subcommand("serve", "Take signals in, decide, offer, remind; until "
                                               "SIGTERM, which finishes what was taken");
    command->callback(
        [&with] { with.run = [&with] { return serve(runtime::load_config(with.config_file)); }; });
}

} // namespace linli::cli
