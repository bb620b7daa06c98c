#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

#include <unistd.h>

#include "adapters/files/backup_notes.hpp"
#include "adapters/files/calendar_file.hpp"
#include "adapters/files/device_mapping.hpp"
#include "adapters/files/followed_file.hpp"
#include "adapters/files/note_template_file.hpp"
#include "adapters/files/notice_file.hpp"
#include "adapters/files/service_file.hpp"
#include "adapters/files/threshold_file.hpp"
#include "adapters/hotline_link/edge_reach.hpp"
#include "adapters/hotline_link/engine_link.hpp"
#include "adapters/http/api_server.hpp"
#include "adapters/http/page_files.hpp"
#include "adapters/http/push_secrets.hpp"
#include "adapters/mapped/samples.hpp"
#include "adapters/mqtt/credentials.hpp"
#include "adapters/mqtt/publisher.hpp"
#include "adapters/notify/channels.hpp"
#include "adapters/postgres/cluster.hpp"
#include "adapters/postgres/house_key.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/speech/espeak.hpp"
#include "cli/commands.hpp"
#include "cli/coverage.hpp"
#include "cli/usual_config.hpp"
#include "runtime/config.hpp"
#include "runtime/machine_time.hpp"
#include "server/certificate_ends.hpp"
#include "server/copies.hpp"
#include "server/plans.hpp"
#include "server/seats.hpp"
#include "server/telephone.hpp"

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
    if (!c.files.calendar.empty()) files::load_calendar(c.files.calendar);
    if (!c.files.note_templates.empty()) files::load_note_templates(c.files.note_templates);
}

void check_devices(runtime::config const& c) {
    std::string wrong;
    auto const add = [&wrong](std::string const& what) {
        wrong += (wrong.empty() ? "" : "\n") + what;
    };
    for (auto const& mapping : files::load_device_mappings(c.files.devices)) {
        for (auto const& each :
             mapped::sample_problems(mapping, files::samples_folder(c.files.devices, mapping.name)))
            add(each);
        if (mapping.poll && http::read_poll_secret(c.push.secrets, mapping.name).empty())
            add(files::mapping_file(c.files.devices, mapping.name).string() +
                ": [poll] has no secret: \"linli push secret --poll " + mapping.name +
                "\" keeps the cloud's");
    }
    if (!wrong.empty()) fail(wrong);
}

void check_database(runtime::config const& c) {
    postgres::check_version(c.database.url);
    std::optional<postgres::key_ring> keys;
    try {
        keys = postgres::key_ring::load(c.database.key_file);
    } catch (postgres::key_file_error const&) {
        return; // said of the key file
    }
    if (!postgres::opens_house_key(c.database.url, *keys)) fail(postgres::keys_remedy);
}

// Whether it answers at all, is said of the database.
std::optional<postgres::cluster_state> look_at_cluster(runtime::config const& c,
                                                       std::vector<server::certificate_end>& ends) {
    try {
        auto seen = postgres::look_at_cluster(c.database.url);
        if (seen.certificate_end)
            ends.push_back(server::database_certificate(*seen.certificate_end));
        return seen;
    } catch (std::exception const&) {
        return std::nullopt;
    }
}

void check_folder(std::filesystem::path const& folder) {
    std::filesystem::create_directories(folder);
    if (access(folder.c_str(), W_OK | X_OK) != 0)
        fail(folder.string() + " can't be written: give it to the server's user");
}

// Only what this host can see without touching a server's journal.
void check_journal(runtime::config const& c) {
    check_folder(c.journal.folder);
    check_folder(c.telemetry.folder);
    auto const room = std::filesystem::space(c.journal.folder).available >> 20;
    auto const needed =
        static_cast<std::uintmax_t>(c.journal.reserve_mib) + 2U * unsigned(c.journal.segment_mib);
    if (room < needed)
        fail("only " + std::to_string(room) + " MiB are free for the journal, it needs " +
             std::to_string(needed));
}

// And until when its certificate is good.
void check_broker(runtime::config const& c, std::vector<server::certificate_end>& ends) {
    std::optional<std::chrono::sys_seconds> shown; // before the answer
    auto answered = std::make_shared<std::promise<std::string>>();
    auto const once = [answered](std::string const& text) {
        try {
            answered->set_value(text);
        } catch (std::future_error const&) { // the first answer counts
        }
    };
    auto const password = mqtt::own_password(c.mqtt.password_file);
    mqtt::publisher trying({.url = c.mqtt.url,
                            .user = c.mqtt.user,
                            .password = password,
                            .ca_file = c.mqtt.ca_file,
                            .client_id = mqtt::unguessable(c.mqtt.client_id + "-check", password)},
                           1,
                           {.on_connected = [once] { once({}); },
                            .on_lost = once,
                            .on_trouble = once,
                            .on_certificate = [&shown](auto end) { shown = end; }});
    auto answer = answered->get_future();
    trying.start();
    if (answer.wait_for(broker_answers_within) != std::future_status::ready)
        fail("no answer from " + c.mqtt.url);
    if (auto const trouble = answer.get(); !trouble.empty()) fail(c.mqtt.url + ": " + trouble);
    trying.stop();
    if (shown) ends.push_back(server::broker_certificate(*shown));
}

void check_broker_log(runtime::config const& c) {
    files::followed_file(c.mqtt.broker_log).news();
}

void check_channel(runtime::config const& c, domain::channel by) {
    if (auto const trouble = notify::trouble_with(c.notify, by); !trouble.empty())
        fail("notify." + std::string(to_text(by)) + ".url: " + trouble);
}

// The address may be a running server's own, so only that this host has it is asked.
void check_console(runtime::config const& c) {
    if (!c.console.pages.empty()) http::page_files::load(c.console.pages);
    http::check_address({c.console.listen->host, 0});
}

void check_certificates(runtime::config const& c, std::vector<server::certificate_end>& ends) {
    auto const now = std::chrono::floor<std::chrono::seconds>(runtime::machine_time());
    auto const of_doors = server::certificate_ends(c);
    for (auto const& each : of_doors)
        if (each.end < now) fail(server::trouble_with(each, now));
    ends.insert(ends.end(), of_doors.begin(), of_doors.end());
}

void check_telephone(runtime::config const& c) {
    server::telephone_secret(c.telephone);
}

// Once it runs, an engine that is away is seen in /readyz: it needn't be there before the server.
void check_hotline(runtime::config const& c) {
    auto const why = hotline_link::why_not(c.hotline.socket);
    if (!why.empty()) fail(c.hotline.socket.string() + ' ' + why);
}

void check_edge(runtime::config const& c, std::vector<server::certificate_end>& ends) {
    server::edge_secret(c.hotline);
    auto const why = hotline_link::why_no_edge(c.hotline.edge_wss, c.hotline.edge_wss_port);
    if (!why.empty()) fail(why);
    auto const end =
        hotline_link::edge_certificate_end(c.hotline.edge_wss, c.hotline.edge_wss_port);
    if (end) ends.push_back(server::edge_certificate(*end));
}

void check_speech(runtime::config const& c) {
    auto const why =
        speech::why_not({.program = c.hotline.speaks_with, .folder = c.hotline.spoken});
    if (!why.empty()) fail(why);
}

void check_words(runtime::config const& c) {
    files::load_notices(c.notify.texts);
}

void warn_of_certificates_that_run_out(std::vector<server::certificate_end> const& ends) {
    auto const now = std::chrono::floor<std::chrono::seconds>(runtime::machine_time());
    for (auto const& each : ends)
        if (auto const trouble = server::trouble_with(each, now); !trouble.empty())
            std::cout << "BEWARE " << trouble << '\n';
}

// glibc changes its locales from release to release, and an index that was sorted by the old one
// finds wrong rows or none. Bytes stay as they are, and are compared in two thirds of the time.
void warn_of_a_database_that_sorts_by_a_locale(runtime::config const& c) {
    auto const by = postgres::collation_of(c.database.url);
    if (by != "C" && by != "POSIX")
        std::cout << "BEWARE the database sorts text by the machine's locale " << by
                  << ": an upgrade of the machine can spoil its indexes, and finding somebody "
                     "reads each resident; with the server stopped, pg_dump it, CREATE DATABASE "
                     "… LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0, and load it again\n";
}

// Nothing is wrong with such an installation, but its users should know it by day.
void warn_of_a_deaf_duty_telephone(runtime::config const& c) {
    using domain::channel;
    if (!notify::has_channel(c.notify, channel::voice) &&
        !notify::has_channel(c.notify, channel::sms))
        std::cout
            << "BEWARE no gateway rings or writes to the duty telephone: when the database is "
               "away at night, an emergency waits on disk and nobody hears of it; set "
               "[notify.voice] or [notify.sms]\n";
    else if (c.notify.duty_phone.empty())
        std::cout
            << "note   notify.duty_phone is empty: sites without a duty telephone of their own, "
               "nor above them, have none\n";
}

void warn_of_backups_that_fail(runtime::config const& c) {
    auto const now = std::chrono::floor<std::chrono::seconds>(runtime::machine_time());
    auto const notes = files::read_backup_notes(c.journal.folder);
    auto const trouble = files::trouble_with(notes, now);
    if (!trouble.empty())
        std::cout << "BEWARE the nightly backup: " << trouble << '\n';
    else if (!notes.newest)
        std::cout << "note   linli-backup has made no backup of this house (deploy/keeping.md)\n";
}

void warn_of_copies(runtime::config const& c, postgres::cluster_state const& seen) {
    auto const notes = files::read_backup_notes(c.journal.folder);
    auto const trouble = server::trouble_with(seen, notes.newest || notes.failed);
    if (!trouble.empty()) std::cout << "BEWARE " << trouble << '\n';
}

void warn_of_too_few_connections(runtime::config const& c, postgres::cluster_state const& seen) {
    auto const trouble = server::too_few_connections(seen, c.database.connections);
    if (!trouble.empty()) std::cout << "BEWARE " << trouble << '\n';
}

void warn_of_a_silent_broker(runtime::config const& c) {
    if (c.mqtt.broker_log.empty())
        std::cout << "note   mqtt.broker_log is empty: of a press on a wrong topic, which the "
                     "broker denies and acknowledges, nobody hears\n";
}

int check(runtime::config const& c) {
    struct item {
        char const* name;
        std::function<void()> run;
    };
    std::vector<server::certificate_end> ends;
    std::vector<item> all{
        {"plans, services, thresholds", [&] { check_plans(c); }},
        {"device mappings and their samples", [&] { check_devices(c); }},
        {"key file", [&] { postgres::key_ring::load(c.database.key_file); }},
        {"journal folders", [&] { check_journal(c); }},
        {"folder of the anchors", [&] { check_folder(c.audit.anchors); }},
        {"database", [&] { check_database(c); }},
        {"broker", [&] { check_broker(c, ends); }},
    };
    if (c.console.listen || (c.push.listen && c.push.tls))
        all.push_back({"certificates", [&] { check_certificates(c, ends); }});
    if (c.console.listen) all.push_back({"pages and their address", [&] { check_console(c); }});
    if (!c.telephone.name.empty())
        all.push_back({"telephone system's secret", [&] { check_telephone(c); }});
    if (!c.hotline.socket.empty())
        all.push_back({"hotline engine's socket", [&] { check_hotline(c); }});
    if (!c.hotline.spoken.empty()) all.push_back({"hotline's own voice", [&] { check_speech(c); }});
    if (!c.hotline.socket.empty() && c.hotline.browsers)
        all.push_back(
            {"hotline edge, and the secret that it shares", [&] { check_edge(c, ends); }});
    if (!c.mqtt.broker_log.empty()) all.push_back({"broker's log", [&] { check_broker_log(c); }});
    auto const always = all.size();
    for (auto const& [by, name] : domain::names<domain::channel>::table)
        if (notify::has_channel(c.notify, by))
            all.push_back({name.data(), [&c, by = by] { check_channel(c, by); }});
    if (all.size() > always) all.push_back({"words of notices", [&] { check_words(c); }});
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
    auto const cluster = look_at_cluster(c, ends);
    warn_of_certificates_that_run_out(ends);
    if (wrong == 0) warn_of_a_database_that_sorts_by_a_locale(c);
    warn_of_a_deaf_duty_telephone(c);
    warn_of_a_silent_broker(c);
    warn_of_backups_that_fail(c);
    if (cluster) warn_of_copies(c, *cluster);
    if (cluster) warn_of_too_few_connections(c, *cluster);
    return wrong == 0 ? 0 : 1;
}

} // namespace

void add_check(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<coverage_choices>();
    auto* command = to.add_subcommand(
        "check", "Before a start: configuration, plans, keys, journal, database, broker, gateways");
    auto* coverage = command->add_flag("--coverage", c->coverage,
                                       "Before the night instead: what help can't reach, and who "
                                       "must mend it. Ends with 0: nothing; 2: gaps; 1: not "
                                       "known");
    command->add_flag("--json", c->json, "For programs")->needs(coverage);
    command
        ->add_option("--out", c->out,
                     "Write all of it to this file; in a folder it becomes "
                     "tonight-DATE.txt")
        ->needs(coverage);
    command->add_option("--stored", c->stored, "The report that the server kept of this day")
        ->needs(coverage);
    command->callback([&with, c] {
        with.run = [&with, c] {
            auto const config = runtime::load_config(with.config_file);
            refuse_root(config, with.config_file, "check");
            return c->coverage ? check_coverage(config, *c) : check(config);
        };
    });
}

} // namespace linli::cli
