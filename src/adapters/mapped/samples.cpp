#include "adapters/mapped/samples.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "runtime/utc_text.hpp"

namespace linli::mapped {

namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::chrono::minutes utc_offset{480};
constexpr domain::instant received =
    std::chrono::sys_days(std::chrono::year_month_day(
        std::chrono::year(2026), std::chrono::month(11), std::chrono::day(23))) +
    std::chrono::hours(8);

json::array place(domain::position const& where) {
    json::array numbers{where.latitude, where.longitude};
    if (where.accuracy_m > 0) numbers.push_back(where.accuracy_m);
    return numbers;
}

json::object shown(domain::signal const& s) {
    json::object o{{"signal", domain::to_text(s.kind)}, {"device", s.device.value}};
    if (s.happened_at) o["at"] = runtime::utc_text(*s.happened_at);
    if (s.fix) o["position"] = place(*s.fix);
    if (s.battery_percent) o["battery"] = *s.battery_percent;
    if (!s.text.empty()) o["text"] = s.text;
    if (!s.raw.empty()) o["kept_raw"] = true;
    return o;
}

// A time that is told is part of the name, so that a batch shows each value's own.
json::object timed(std::optional<domain::instant> at, std::string_view name, json::value value) {
    json::object o{{name, std::move(value)}};
    if (at) o["at"] = runtime::utc_text(*at);
    return o;
}

json::object shown(domain::telemetry const& t) {
    json::array values;
    for (auto const& each : t.vitals)
        values.push_back(timed(each.at, domain::to_text(each.what), each.value));
    for (auto const& each : t.fixes)
        values.push_back(timed(each.at, "position", place(each.where)));
    for (auto const& each : t.battery)
        values.push_back(timed(each.at, "battery", each.percent));
    json::object o{{"telemetry", std::move(values)}, {"device", t.device.value}};
    if (!t.raw.empty()) o["kept_raw"] = true;
    return o;
}

json::array shown(reading const& what) {
    json::array all;
    for (auto const& each : what.signals)
        all.push_back(shown(each));
    for (auto const& each : what.telemetry)
        all.push_back(shown(each));
    return all;
}

bool same(json::value const& a, json::value const& b);

// The order of the keys in a mapping is no part of what is read.
bool same_values(json::value const& a, json::value const& b) {
    if (!a.is_array() || !b.is_array()) return false;
    auto const& one = a.get_array();
    auto const& other = b.get_array();
    return std::is_permutation(one.begin(), one.end(), other.begin(), other.end(), same);
}

// Whole numbers and their like with a point are the same.
bool same(json::value const& a, json::value const& b) {
    if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
    if (a.kind() != b.kind()) return false;
    if (auto const* list = a.if_array()) return std::ranges::equal(*list, b.get_array(), same);
    auto const* object = a.if_object();
    if (!object) return a == b;
    auto const& other = b.get_object();
    return object->size() == other.size() && std::ranges::all_of(*object, [&](auto const& each) {
               auto const* twin = other.if_contains(each.key());
               if (!twin) return false;
               return each.key() == "telemetry" ? same_values(each.value(), *twin)
                                                : same(each.value(), *twin);
           });
}

std::string text_at(json::object const& sample, std::string_view key) {
    auto const* value = sample.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string check(files::device_mapping const& mapping, json::object const& sample) {
    auto const* message_at = sample.if_contains("message");
    auto const* expected = sample.if_contains("expect");
    if (!expected || !expected->is_array() || (!message_at && !sample.contains("bytes")))
        return "a sample has \"message\" or \"bytes\", and \"expect\", a list: add them";
    auto const topic = text_at(sample, "topic");
    auto const bytes = message_at ? json::serialize(*message_at) : text_at(sample, "bytes");
    message const what{topic, bytes, topic.empty() ? "http" : "mqtt", received};
    auto const read = shown(read_message(mapping, what, utc_offset));
    if (same(read, *expected)) return {};
    return fmt::format("is read as {} and not as {}: mend the mapping, or the sample",
                       json::serialize(read), json::serialize(*expected));
}

std::vector<fs::path> sample_files(fs::path const& folder) {
    std::vector<fs::path> found;
    if (!fs::exists(folder)) return found;
    for (auto const& each : fs::directory_iterator(folder))
        if (each.path().extension() == ".json") found.push_back(each.path());
    std::ranges::sort(found);
    return found;
}

} // namespace

std::size_t count_samples(fs::path const& folder) {
    return sample_files(folder).size();
}

std::vector<std::string> sample_problems(files::device_mapping const& mapping,
                                         fs::path const& folder) {
    std::vector<std::string> problems;
    for (auto const& file : sample_files(folder)) {
        std::ifstream in(file, std::ios::binary);
        std::string const text{std::istreambuf_iterator<char>(in), {}};
        json::error_code error;
        auto const sample = json::parse(text, error);
        auto const wrong = error || !sample.is_object() ? std::string("no JSON object: mend it")
                                                        : check(mapping, sample.get_object());
        if (!wrong.empty()) problems.push_back(fmt::format("{}: {}", file.string(), wrong));
    }
    return problems;
}

std::string to_json(reading const& what) {
    return json::serialize(shown(what));
}

} // namespace linli::mapped
