// One event from the button to the door: what this machine's server remembers, and what the record
// holds. Either may be away; the other still answers.
#include <iostream>
#include <memory>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/http/health_client.hpp"
#include "adapters/http/trace_json.hpp"
#include "adapters/postgres/trace_record.hpp"
#include "cli/commands.hpp"
#include "cli/trace_text.hpp"
#include "runtime/config.hpp"
#include "runtime/machine_time.hpp"

namespace linli::cli {

namespace {

constexpr std::chrono::milliseconds server_answers_within{2000};

struct choices {
    std::string event;
    bool as_json = false;
};

struct known {
    bool server_is_away = false;
    bool record_is_away = false;
    std::optional<app::event_trace> remembered;
    std::optional<app::recorded_trace> recorded;
};

runtime::task<known> ask(runtime::config const& config, app::trace_record& record,
                         std::string event) {
    known all;
    auto target = http::trace_target(event);
    auto const answer =
        co_await http::ask_health(config.http.listen, std::move(target), server_answers_within);
    all.server_is_away = answer.status == 0;
    if (answer.status == 200) all.remembered = http::read_trace(answer.body);
    domain::event_id const id{event};
    auto found = co_await record.trace_of(id);
    all.record_is_away = !found;
    if (found) all.recorded = std::move(*found);
    co_return all;
}

known ask(runtime::config const& config, std::string const& event) {
    boost::asio::io_context loop{1};
    auto const record = postgres::open_traces(config.database.url);
    known all;
    std::exception_ptr failed;
    boost::asio::co_spawn(loop, ask(config, *record, event),
                          [&](std::exception_ptr error, known found) {
                              failed = error;
                              all = std::move(found);
                          });
    loop.run();
    record->stop();
    if (failed) std::rethrow_exception(failed);
    return all;
}

std::string not_found(known const& all, std::string const& event) {
    if (all.server_is_away && all.record_is_away)
        return "neither this machine's server nor the database answers: see \"linli check\"";
    if (all.record_is_away)
        return "this machine's server does not remember \"" + event +
               "\", and the database is away: it may be in the journal, or in the record";
    return "no such event: \"" + event +
           "\" was never received, or it waits for a server in its journal; devices name it as "
           "DEVICE:BOOT:SEQUENCE, and the log does where it says event=";
}

int trace(runtime::config const& config, choices const& c) {
    auto const all = ask(config, c.event);
    if (!all.remembered && !all.recorded) throw std::runtime_error(not_found(all, c.event));
    if (all.record_is_away)
        std::cerr << "the database is away: what has come of it since is not known\n";
    auto const line = app::make_time_line(c.event, all.remembered, all.recorded);
    std::cout << (c.as_json ? trace_json(line) : trace_text(line, runtime::machine_time()));
    return 0;
}

} // namespace

void add_trace(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* command =
        to.add_subcommand("trace", "One event from the button to the door: when each step was "
                                   "done, and what is missing");
    command->add_option("event", c->event, "Its id, as \"w1:7:42\"")->required();
    command->add_flag("--json", c->as_json, "For programs");
    command->callback([&with, c] {
        with.run = [&with, c] { return trace(runtime::load_config(with.config_file), *c); };
    });
}

} // namespace linli::cli
