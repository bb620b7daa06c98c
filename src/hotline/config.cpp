#include "hotline/config.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "adapters/files/file_error.hpp"
#include "adapters/files/strict_toml.hpp"
#include "hotline/core/command_rules.hpp"

namespace linli::hotline {

namespace {

using files::strict_table;
using files::toml_problems;
using presence = strict_table::presence;

constexpr std::int64_t hour = 3600;
constexpr std::int64_t most_lines = 2000;

void take_sip(toml::table const& section, toml_problems& problems, config& into) {
    strict_table keys(section, "sip", problems);
    keys.text("listen", presence::optional, into.sip_listen);
    keys.text("edge", presence::optional, into.sip_edge);
    keys.text("identity", presence::optional, into.sip_identity);
    keys.number("session_timer_s", presence::optional, 0, 24 * hour, into.session_timer_s);
    keys.finish();
}

void take_rtpengine(toml::table const& section, toml_problems& problems, config& into) {
    strict_table keys(section, "rtpengine", problems);
    keys.text("address", presence::optional, into.rtpengine);
    keys.text("digits", presence::optional, into.digits);
    keys.finish();
}

void take_mixer(toml::table const& section, toml_problems& problems, config& into) {
    strict_table keys(section, "mixer", problems);
    keys.text("address", presence::required, into.mixer);
    keys.finish();
}

void take_trunk(toml::table const& section, toml_problems& problems, config& into) {
    constexpr std::array words{"never", "offered", "always"}; // in the order of srtp
    std::string word = "offered";
    strict_table keys(section, "trunk", problems);
    keys.text("srtp", presence::optional, word);
    keys.finish();
    auto const at = std::ranges::find(words, word);
    if (at == words.end())
        problems.add(section, "trunk: srtp is never, offered or always");
    else
        into.terms.srtp = static_cast<srtp>(at - words.begin());
}

void take_engine(toml::table const& section, toml_problems& problems, config& into) {
    std::string socket;
    std::string folder;
    std::string sounds;
    std::string spoken;
    strict_table keys(section, "engine", problems);
    keys.text("socket", presence::required, socket);
    keys.text("folder", presence::required, folder);
    keys.text("sounds", presence::required, sounds);
    keys.text("spoken", presence::optional, spoken);
    keys.number("drain_s", presence::optional, 0, 24 * hour, into.drain_s);
    keys.number("look_every_s", presence::optional, 1, hour, into.look_every_s);
    keys.finish();
    into.server_socket = socket;
    into.folder = folder;
    into.sounds = sounds;
    into.spoken = spoken;
}

void take_lines(toml::table const& section, toml_problems& problems, config& into) {
    int all = static_cast<int>(into.lines.lines);
    int bound = static_cast<int>(into.lines.for_bound);
    int placed = static_cast<int>(into.lines.placed);
    strict_table keys(section, "lines", problems);
    keys.number("all", presence::optional, 1, most_lines, all);
    keys.number("for_bound", presence::optional, 0, most_lines, bound);
    keys.number("placed", presence::optional, 0, most_lines, placed);
    keys.finish();
    if (bound > all) problems.add(section, "lines: for_bound is more than all");
    into.lines = {static_cast<std::size_t>(all), static_cast<std::size_t>(bound),
                  static_cast<std::size_t>(placed)};
}

void take_sound(strict_table& keys, std::string_view key, sound& into) {
    keys.text(key, presence::optional, into.value);
    auto const* const found = keys.find(key, presence::optional);
    if (found && !is_sound(into.value))
        keys.expected(key, *found, "a file's name without folder and ending");
}

void take_seconds(strict_table& keys, std::string_view key, std::int64_t least, seconds& into) {
    int value = static_cast<int>(into.count());
    keys.number(key, presence::optional, least, 24 * hour, value);
    into = seconds(value);
}

void take_calls(toml::table const& section, toml_problems& problems, config& into) {
    strict_table keys(section, "calls", problems);
    take_sound(keys, "greeting", into.terms.greeting);
    take_sound(keys, "music", into.terms.music);
    take_sound(keys, "ringing", into.terms.ringing);
    take_seconds(keys, "longest_s", 1, into.terms.longest_call);
    take_seconds(keys, "duty_after_s", 0, into.terms.duty_after);
    take_seconds(keys, "duty_pause_s", 1, into.terms.duty_pause);
    keys.finish();
}

// Nobody is recorded who hasn't heard that he is.
void take_recording(toml::table const& section, toml_problems& problems, config& into) {
    std::string folder;
    sound consent;
    strict_table keys(section, "recording", problems);
    keys.text("folder", presence::optional, folder);
    keys.text("consent", presence::optional, consent.value);
    keys.flag("also_placed", presence::optional, into.terms.records_placed);
    keys.finish();
    if (!consent.value.empty() && !is_sound(consent.value))
        problems.add(section, "recording: consent is no file's name without folder and ending");
    if (folder.empty() != consent.value.empty())
        problems.add(section, "recording: folder and consent belong together: nobody is recorded "
                              "who hasn't heard that he is");
    if (into.terms.records_placed && consent.value.empty())
        problems.add(section, "recording: also_placed needs folder and consent");
    into.recordings = folder;
    if (!consent.value.empty()) into.terms.consent = std::move(consent);
}

void take_duty(toml::table const& section, toml_problems& problems, config& into) {
    duty_phone phone;
    strict_table keys(section, "duty", problems);
    keys.text("address", presence::required, phone.address);
    take_seconds(keys, "ring_s", 1, phone.ring_for);
    keys.finish();
    if (!is_address(phone.address))
        problems.add(section, "duty: address is no SIP address, as sip:13800000001@trunk");
    into.terms.duty.push_back(std::move(phone));
}

} // namespace

config load_config(std::filesystem::path const& file) {
    auto const text = files::read_text(file, "name the engine's file with --config");
    auto const table = files::parse_toml(text, file.string());
    toml_problems problems(file.string());
    config into;
    strict_table keys(table, "", problems);
    auto const take = [&](std::string_view name, presence must, auto const& taker) {
        if (auto const* const section = keys.section(name, must)) taker(*section, problems, into);
    };
    take("sip", presence::optional, take_sip);
    take("trunk", presence::optional, take_trunk);
    take("rtpengine", presence::optional, take_rtpengine);
    take("mixer", presence::optional, take_mixer);
    take("engine", presence::required, take_engine);
    take("lines", presence::optional, take_lines);
    take("calls", presence::optional, take_calls);
    take("recording", presence::optional, take_recording);
    for (auto const* const each : keys.sections("duty", presence::optional))
        take_duty(*each, problems, into);
    keys.finish();
    if (auto texts = std::move(problems).texts(); !texts.empty())
        throw files::file_error(std::move(texts));
    auto const folder = std::filesystem::absolute(file).parent_path();
    for (auto* const each : {&into.server_socket, &into.folder, &into.sounds})
        *each = folder / *each;
    for (auto* const each : {&into.spoken, &into.recordings})
        if (!each->empty()) *each = folder / *each;
    return into;
}

} // namespace linli::hotline
