#include "runtime/config.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "runtime/config/contradictions.hpp"
#include "runtime/config/file_check.hpp"
#include "runtime/config/keys.hpp"
#include "runtime/one_line.hpp"

namespace linli::runtime {

namespace {

void resolve_paths(config& c, std::filesystem::path const& folder) {
    for (auto* each :
         {&c.database.key_file, &c.mqtt.password_file, &c.mqtt.ca_file, &c.journal.folder,
          &c.telemetry.folder, &c.files.plans, &c.files.services, &c.files.devices,
          &c.files.thresholds, &c.push.certificate, &c.push.key, &c.push.secrets,
          &c.console.certificate, &c.console.key, &c.telephone.secret_file, &c.audit.key_file,
          &c.hotline.edge_secret_file, &c.hotline.speaks_with})
        *each = (folder / *each).lexically_normal();
    auto& n = c.notify;
    for (auto* each :
         {&c.hotline.socket, &c.hotline.spoken, &c.hotline.recorded, &c.hotline.recordings,
          &c.mqtt.broker_log, &c.files.calendar, &c.files.note_templates, &c.console.pages,
          &c.audit.anchors, &n.texts, &n.ca_file, &n.voice.secret_file, &n.sms.secret_file,
          &n.email.password_file, &n.webhook.secret_file})
        if (!each->empty()) *each = (folder / *each).lexically_normal();
    // Where the server may write for certain, which it may not beside this file.
    if (c.audit.anchors.empty())
        c.audit.anchors = (c.journal.folder / ".." / "anchors").lexically_normal();
}

} // namespace

config_error::config_error(std::vector<std::string> problems)
    : std::runtime_error(fmt::format("{}", fmt::join(one_line_each(problems), "\n"))),
      problems_(one_line_each(std::move(problems))) {}

config load_config(std::filesystem::path const& file) {
    std::error_code error;
    // Opening a folder succeeds; only reading it fails, with an exception of the stream.
    if (std::filesystem::is_directory(file, error))
        error = std::make_error_code(std::errc::is_a_directory);
    std::ifstream in;
    if (!error) in.open(file, std::ios::binary);
    if (!error && !in) error = std::error_code(errno, std::generic_category());
    if (error)
        throw config_error({fmt::format(
            "{}: can't be read ({}); copy config/linli.toml there, or name another file",
            file.string(), error.message())});
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    return parse_config(text, file);
}

config parse_config(std::string_view text, std::filesystem::path const& file) {
    config parsed;
    std::vector<std::string> problems;
    try {
        problems = config_file::check_keys(toml::parse(text), file.string(), parsed);
    } catch (toml::parse_error const& error) {
        throw config_error({fmt::format("{}:{}: not TOML: {}", file.string(),
                                        error.source().begin.line, error.description())});
    }
    for (auto const& each : config_file::contradictions(parsed))
        problems.push_back(fmt::format("{}: {}", file.string(), each));
    if (!problems.empty()) throw config_error(std::move(problems));
    resolve_paths(parsed, std::filesystem::absolute(file).parent_path());
    return parsed;
}

std::vector<std::string> config_keys() {
    std::vector<std::string> names;
    for (auto const& each : config_file::all_keys())
        names.push_back(each.name);
    return names;
}

} // namespace linli::runtime
