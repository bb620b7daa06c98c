#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <stdexcept>

#include <unistd.h>

#include "adapters/files/service_file.hpp"
#include "adapters/files/threshold_file.hpp"
#include "adapters/mqtt/publisher.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "adapters/postgres/schema.hpp"
#include "cli/commands.hpp"
#include "runtime/config.hpp"
#include "server/plans.hpp"

namespace linli::cli {

namespace {

constexpr std::chrono::seconds broker_answers_within{5};

void fail(std::string const& what) {
    throw std::runtime_error(what);
}

void check_plans(runtime::config const& c) {
    server::load_plan_book({c.files.plans});
    files::load_services(c.files.services);
    files::load_thresholds(c.files.thresholds);
}

void check_database(runtime::config const& c) {
    postgres::check_version(c.database.url);
}

// Only what this host can see without touching a server's journal.
void check_journal(runtime::config const& c) {
    for (auto const& folder : {c.journal.folder, c.telemetry.folder}) {
        std::filesystem::create_directories(folder);
        if (access(folder.c_str(), W_OK | X_OK) != 0)
            fail(folder.string() + " can't be written: give it to the server's user");
    }
    auto const room = std::filesystem::space(c.journal.folder).available >> 20;
    auto const needed =
        static_cast<std::uintmax_t>(c.journal.reserve_mib) + 2U * unsigned(c.journal.segment_mib);
    if (room < needed)
        fail("only " + std::to_string(room) + " MiB are free for the journal, it needs " +
             std::to_string(needed));
}

std::string first_line(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line))
        fail(file.string() + " can't be read: \"linli devices credentials\" makes it");
    return line;
}

void check_broker(runtime::config const& c) {
    auto answered = std::make_shared<std::promise<std::string>>();
    auto const once = [answered](std::string const& text) {
        try {
            answered->set_value(text);
        } catch (std::future_error const&) { // the first answer counts
        }
    };
    mqtt::publisher trying(
        {.url = c.mqtt.url,
         .user = c.mqtt.user,
         .password = first_line(c.mqtt.password_file),
         .ca_file = c.mqtt.ca_file,
         .client_id = c.mqtt.client_id + "-check"},
        1, {.on_connected = [once] { once({}); }, .on_lost = once, .on_trouble = once});
    auto answer = answered->get_future();
    trying.start();
    if (answer.wait_for(broker_answers_within) != std::future_status::ready)
        fail("no answer from " + c.mqtt.url);
    if (auto const trouble = answer.get(); !trouble.empty()) fail(c.mqtt.url + ": " + trouble);
}

int check(runtime::config const& c) {
    struct item {
        char const* name;
        std::function<void()> run;
    };
    std::vector<item> const all{
        {"plans, services, thresholds", [&] { check_plans(c); }},
        {"key file", [&] { postgres::key_ring::load(c.database.key_file); }},
        {"journal folders", [&] { check_journal(c); }},
        {"database", [&] { check_database(c); }},
        {"broker", [&] { check_broker(c); }},
    };
    int wrong = 0;
    for (auto const& each : all) {
        try {
            each.run();
            std::cout << "ok     " << each.name << '\n';
        } catch (std::exception const& e) {
            ++wrong;
            std::cout << "WRONG  " << each.name << ": " << e.what() << '\n';
        }
    }
    return wrong == 0 ? 0 : 1;
}

} // namespace

void add_check(CLI::App& to, invocation& with) {
    auto* command = to.add_subcommand(
        "check", "Before a start: configuration, plans, keys, journal, database, broker");
    command->callback(
        [&with] { with.run = [&with] { return check(runtime::load_config(with.config_file)); }; });
}

} // namespace linli::cli
