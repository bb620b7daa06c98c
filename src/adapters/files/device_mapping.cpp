#include "adapters/files/device_mapping.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "adapters/files/poll_section.hpp"
#include "adapters/files/strict_toml.hpp"
#include "adapters/files/written_pointer.hpp"
#include "runtime/nearest_word.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;
constexpr auto required = presence::required;
constexpr auto optional = presence::optional;

constexpr std::string_view device_level = "{device}";
constexpr std::string_view means_nothing = "nothing";
constexpr std::size_t longest_name = 20;

// What a device can say. The other kinds are the house's own words.
std::vector<std::string> kind_words() {
    std::vector<std::string> words;
    for (auto const& [kind, name] : domain::names<domain::signal_kind>::table)
        if (kind != domain::signal_kind::unreadable && kind != domain::signal_kind::clock_jump &&
            kind != domain::signal_kind::outage)
            words.emplace_back(name);
    return words;
}

bool is_name(std::string_view text) {
    auto const fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, fits);
}

// Words of one to four letters of a date among other characters; a day must be in it.
bool is_time_pattern(std::string_view text) {
    constexpr std::array<std::string_view, 8> parts{"yyyy", "yy", "MM", "dd",
                                                    "HH",   "mm", "ss", "SSS"};
    std::string seen;
    while (!text.empty()) {
        auto const part = std::ranges::find_if(
            parts, [&](std::string_view each) { return text.starts_with(each); });
        bool const is_letter = std::string_view("yMdHmsS").find(text.front()) != text.npos;
        if (part == parts.end() && is_letter) return false;
        if (part != parts.end()) seen += part->front();
        text.remove_prefix(part == parts.end() ? 1 : part->size());
    }
    return std::ranges::all_of(std::string_view("yMdHm"),
                               [&](char each) { return std::ranges::count(seen, each) == 1; });
}

class message_reading {
public:
    message_reading(toml::table const& section, device_mapping const& of, toml_problems& problems)
        : section_(section), problems_(problems), keys_(section, "message", problems),
          by_http_(of.push || of.poll), is_asked_for_(of.poll.has_value()) {}

    message_rule take() {
        keys_.word("to", required, rule_.lane);
        take_topic();
        take_when();
        if (rule_.lane != message_lane::nobody) take_content();
        keys_.finish();
        return std::move(rule_);
    }

private:
    void take_content() {
        take_pointer("each", optional, rule_.each);
        take_device();
        take_time();
        take_position();
        take_pointer("battery", optional, rule_.battery);
        take_event();
        constexpr std::int64_t a_day = 86400;
        keys_.seconds("same_within_s", optional, 1, a_day, rule_.same_within);
        if (rule_.lane == message_lane::signals) {
            take_kind();
            take_pointer("text", optional, rule_.text);
        } else {
            take_vitals();
        }
    }

    void take_topic() {
        keys_.text("topic", optional, rule_.topic);
        auto const* node = section_.get("topic");
        if (!node && !by_http_)
            problems_.add(section_, "message.topic is missing: add it, or a [push] section for a "
                                    "cloud that comes by HTTP, or [poll] for one that is asked");
        if (node && !is_pattern(rule_.topic))
            keys_.expected("topic", *node,
                           "a topic with at most one level \"{device}\" and any number of levels "
                           "\"+\"; no \"#\", no level empty, no $ in front, and not of linli/v1");
    }

    static bool is_pattern(std::string_view topic) {
        if (topic.empty() || topic.front() == '$') return false;
        std::size_t devices = 0;
        for (auto rest = topic; !rest.empty();) {
            auto const slash = std::min(rest.find('/'), rest.size());
            auto const level = rest.substr(0, slash);
            rest.remove_prefix(std::min(slash + 1, rest.size()));
            devices += level == device_level ? 1U : 0U;
            bool const is_free = level == "+" || level == device_level;
            if (level.empty() || (!is_free && level.find_first_of("+#{}") != level.npos))
                return false;
        }
        if (topic.back() == '/' || devices > 1) return false;
        for (std::string_view ours : {"linli/v1/+/+/+", "linli/v1/+/+"})
            if (topics_overlap(topic, ours)) return false;
        return true;
    }

    // when = { "/messageType" = "dataReport", "/serviceId" = ["1001", "1002"] }
    void take_when() {
        auto const* node = keys_.find("when", optional);
        if (!node) return;
        rule_.when = conditions_of(*node, "message.when", problems_);
    }

    void take_device() {
        take_pointer("device", optional, rule_.device);
        bool const in_topic = rule_.topic.find(device_level) != std::string::npos;
        auto const* node = section_.get("device");
        if (in_topic && node)
            problems_.add(*node, "message.device: the topic names the device already: remove it");
        if (!in_topic && !node)
            problems_.add(section_, "message.device is missing: add a pointer to the device's id, "
                                    "or a level {device} to the topic");
        // A message of telemetry is one device's: it is stored whole.
        bool const bulk = rule_.lane == message_lane::telemetry;
        if (rule_.device && rule_.each && bulk && !rule_.device->of_whole)
            problems_.add(*node, "message.device must start with ^ where telemetry has `each`: "
                                 "all items are one device's");
    }

    void take_time() {
        auto const* node = keys_.find("time", optional);
        auto const* table = node ? table_at("time", *node) : nullptr;
        if (!table) return;
        time_rule time;
        strict_table keys(*table, "message.time", problems_);
        auto const at = pointer_in(keys, "at", required);
        std::string form;
        keys.text("form", required, form);
        take_form(keys, *table, form, time);
        take_truth(keys, "utc", time.utc);
        keys.finish();
        if (!at) return;
        time.at = *at;
        rule_.time = std::move(time);
    }

    static void take_form(strict_table& keys, toml::table const& table, std::string const& form,
                          time_rule& into) {
        if (form == "epoch_s")
            into.form = time_form::epoch_s;
        else if (form == "epoch_ms")
            into.form = time_form::epoch_ms;
        else if (form == "iso8601")
            into.form = time_form::iso8601;
        else if (is_time_pattern(form))
            into.pattern = form;
        else if (auto const* node = table.get("form"); node && !form.empty())
            keys.expected("form", *node,
                          "epoch_s, epoch_ms, iso8601, or a pattern of yyyy or yy, MM, dd, HH, mm, "
                          "ss, SSS, as \"yyyy-MM-dd HH:mm:ss\"");
    }

    static void take_truth(strict_table& keys, std::string_view key, bool& into) {
        auto const* node = keys.find(key, optional);
        if (!node) return;
        if (auto const* found = node->as_boolean())
            into = found->get();
        else
            keys.expected(key, *node, "true or false");
    }

    void take_position() {
        auto const* node = keys_.find("position", optional);
        auto const* table = node ? table_at("position", *node) : nullptr;
        if (!table) return;
        strict_table keys(*table, "message.position", problems_);
        position_rule place;
        auto const latitude = pointer_in(keys, "latitude", required);
        auto const longitude = pointer_in(keys, "longitude", required);
        place.accuracy = pointer_in(keys, "accuracy", optional);
        using domain::position_source;
        constexpr std::array sources{position_source::gps, position_source::wifi,
                                     position_source::lbs, position_source::unknown};
        auto const source = keys.one_of("source", optional, {"gps", "wifi", "lbs", "unknown"});
        place.source = sources.at(source.value_or(0));
        keys.finish();
        if (!latitude || !longitude) return;
        place.latitude = *latitude;
        place.longitude = *longitude;
        rule_.position = std::move(place);
    }

    void take_kind() {
        auto const* node = keys_.find("kind", required);
        if (!node) return;
        if (node->is_string()) {
            auto const words = kind_words();
            if (auto const chosen = keys_.one_of("kind", required, words))
                rule_.kind.always = domain::from_text<domain::signal_kind>(words[*chosen]);
            return;
        }
        auto const* table = table_at("kind", *node);
        if (!table) return;
        strict_table keys(*table, "message.kind", problems_);
        auto const at = pointer_in(keys, "at", required);
        auto const* values = keys.section("values", required);
        keys.finish();
        if (at) rule_.kind.at = *at;
        if (values)
            for (auto const& [value, word] : *values)
                take_value(value.str(), word);
    }

    void take_value(std::string_view value, toml::node const& word) {
        auto const* text = word.as_string();
        auto words = kind_words();
        words.emplace_back(means_nothing);
        bool const known = text && std::ranges::find(words, text->get()) != words.end();
        if (!known) {
            auto const near = text ? runtime::nearest_word(text->get(), words) : std::nullopt;
            problems_.add(word, fmt::format("message.kind.values.\"{}\" must be a kind of signal, "
                                            "or \"nothing\" for what means nothing{}",
                                            value,
                                            near ? fmt::format(": did you mean \"{}\"?", *near)
                                                 : ": proto/README.md lists the kinds"));
            return;
        }
        rule_.kind.values.push_back(
            {std::string(value), domain::from_text<domain::signal_kind>(text->get())});
    }

    void take_event() {
        auto const* node = keys_.find("event", optional);
        if (!node && is_asked_for_ && rule_.topic.empty())
            problems_.add(section_, "message.event is missing: what is asked for comes more than "
                                    "once, and [poll] needs the maker's own name of it");
        auto const* table = node ? table_at("event", *node) : nullptr;
        if (!table) return;
        strict_table keys(*table, "message.event", problems_);
        auto& event = rule_.event;
        event.id = pointer_in(keys, "id", optional);
        event.boot = pointer_in(keys, "boot", optional);
        event.sequence = pointer_in(keys, "sequence", optional);
        keys.finish();
        if (event.id.has_value() == event.sequence.has_value())
            problems_.add(*node, "message.event needs either id (a text of the maker's own) or "
                                 "sequence (a number that the device counts up), with boot if it "
                                 "starts anew");
        auto const& names_it = event.id ? event.id : event.sequence;
        if (rule_.each && names_it && names_it->of_whole)
            problems_.add(*node, "message.event would be the same for all items: point at the "
                                 "item's own, or remove it");
    }

    void take_vitals() {
        auto const* table = keys_.section("vitals", optional);
        if (!table) return;
        std::vector<std::string> words;
        for (auto const& [what, name] : domain::names<domain::vital_sign>::table)
            words.emplace_back(name);
        for (auto const& [key, node] : *table) {
            auto const what = domain::from_text<domain::vital_sign>(key.str());
            if (!what) {
                auto const near = runtime::nearest_word(key.str(), words);
                problems_.add(node, fmt::format("unknown vital sign {}: {}", key.str(),
                                                near ? fmt::format("did you mean {}?", *near)
                                                     : "domain/telemetry.hpp lists them"));
                continue;
            }
            take_vital(*what, key.str(), node);
        }
    }

    // heart_rate = "/heartRate", or { at = "/temp", times = 0.1, not_measured = 0 }
    void take_vital(domain::vital_sign what, std::string_view key, toml::node const& node) {
        vital_rule rule;
        rule.what = what;
        auto const name = fmt::format("message.vitals.{}", key);
        if (auto const* text = node.as_string()) {
            auto const at = pointer_of(text->get());
            if (!at) problems_.add(node, not_a_pointer(name, text->get()));
            if (at) rule.at = *at;
        } else if (auto const* table = node.as_table()) {
            strict_table keys(*table, name, problems_);
            auto const at = pointer_in(keys, "at", required);
            if (at) rule.at = *at;
            if (auto const times = number_in(keys, "times")) rule.times = *times;
            rule.not_measured = number_in(keys, "not_measured");
            keys.finish();
        } else {
            problems_.add(node, fmt::format("{} must be a pointer, or {{ at = \"/…\" }}", name));
        }
        rule_.vitals.push_back(std::move(rule));
    }

    static std::optional<double> number_in(strict_table& keys, std::string_view key) {
        auto const* node = keys.find(key, optional);
        if (!node) return std::nullopt;
        auto const found = node->value<double>();
        if (!found) keys.expected(key, *node, "a number");
        return found;
    }

    toml::table const* table_at(std::string_view key, toml::node const& node) {
        auto const* table = node.as_table();
        if (!table) keys_.expected(key, node, "several keys: { at = \"/…\", … }");
        return table;
    }

    void take_pointer(std::string_view key, presence must, std::optional<json_pointer>& into) {
        into = pointer_in(keys_, key, must);
    }

    std::optional<json_pointer> pointer_in(strict_table& keys, std::string_view key,
                                           presence must) {
        auto const* node = keys.find(key, must);
        if (!node) return std::nullopt;
        auto const* text = node->as_string();
        auto pointer = text ? pointer_of(text->get()) : std::nullopt;
        if (!pointer)
            problems_.add(*node, not_a_pointer(keys.full_name(key), text ? text->get() : ""));
        return pointer;
    }

    toml::table const& section_;
    toml_problems& problems_;
    strict_table keys_;
    bool const by_http_;
    bool const is_asked_for_;
    message_rule rule_;
};

push_rule take_push(toml::table const& section, toml_problems& problems) {
    push_rule rule;
    strict_table keys(section, "push", problems);
    keys.word("proof", required, rule.proof);
    bool const in_header =
        rule.proof == push_proof::header || rule.proof == push_proof::hmac_sha256;
    if (in_header) keys.text("header", required, rule.header);
    keys.finish();
    return rule;
}

// Two makers who say the same topic can't be told apart.
void check_overlaps(std::vector<device_mapping> const& mappings,
                    std::filesystem::path const& folder, std::vector<std::string>& problems) {
    for (auto one = mappings.begin(); one != mappings.end(); ++one)
        for (auto other = std::next(one); other != mappings.end(); ++other)
            for (auto const& a : one->messages)
                for (auto const& b : other->messages)
                    if (!a.topic.empty() && !b.topic.empty() && topics_overlap(a.topic, b.topic))
                        problems.push_back(
                            fmt::format("{}: the topic {} is {}'s too ({}): let one of them go",
                                        mapping_file(folder, other->name).string(), b.topic,
                                        one->name, a.topic));
}

} // namespace

device_mapping parse_device_mapping(std::string_view text, std::string const& name,
                                    std::string const& origin) {
    if (!is_name(name))
        throw file_error({fmt::format("{}: the file's name is the maker's, 1 to 20 of a-z and 0-9: "
                                      "rename it",
                                      origin)});
    auto const root = parse_toml(text, origin);
    toml_problems problems(origin);
    device_mapping mapping;
    mapping.name = name;
    strict_table file(root, "", problems);
    std::string about;
    file.text("about", required, about);
    if (auto const* push = file.section("push", optional))
        mapping.push = take_push(*push, problems);
    if (auto const* poll = file.section("poll", optional))
        mapping.poll = take_poll(*poll, problems);
    for (auto const* each : file.sections("message", required))
        mapping.messages.push_back(message_reading(*each, mapping, problems).take());
    auto const comes_by_http = [](auto const& each) { return each.topic.empty(); };
    if (mapping.poll && std::ranges::none_of(mapping.messages, comes_by_http))
        problems.add(root,
                     "[poll] needs a [[message]] without a topic: what is asked for has none");
    file.finish();
    auto texts = std::move(problems).texts();
    if (!texts.empty()) throw file_error(std::move(texts));
    return mapping;
}

std::vector<device_mapping> load_device_mappings(std::filesystem::path const& folder) {
    std::vector<device_mapping> mappings;
    if (!std::filesystem::exists(folder)) return mappings;
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (auto const& each : std::filesystem::directory_iterator(folder, error))
        if (each.path().extension() == ".toml") found.push_back(each.path());
    if (error)
        throw file_error({fmt::format("{}: can't be read ({}); it must be a folder with a TOML "
                                      "file for each maker, see config/devices",
                                      folder.string(), error.message())});
    std::ranges::sort(found);
    std::vector<std::string> problems;
    for (auto const& file : found) {
        try {
            auto const body = read_text(file, "copy it from config/devices");
            mappings.push_back(parse_device_mapping(body, file.stem().string(), file.string()));
        } catch (file_error const& wrong) {
            std::ranges::copy(wrong.problems(), std::back_inserter(problems));
        }
    }
    check_overlaps(mappings, folder, problems);
    if (!problems.empty()) throw file_error(std::move(problems));
    return mappings;
}

std::filesystem::path mapping_file(std::filesystem::path const& folder, std::string const& name) {
    return folder / (name + ".toml");
}
std::filesystem::path samples_folder(std::filesystem::path const& folder, std::string const& name) {
    return folder / name;
}

} // namespace linli::files
