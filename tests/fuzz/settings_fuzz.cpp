// Any bytes as each of the files that an installation's people write: configuration, plans,
// services, thresholds, calendar, notices, note templates, a maker's mapping. What is refused says
// where and in one line; what is accepted is accepted again.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/calendar_file.hpp"
#include "adapters/files/device_mapping.hpp"
#include "adapters/files/note_template_file.hpp"
#include "adapters/files/notice_file.hpp"
#include "adapters/files/plan_file.hpp"
#include "adapters/files/service_file.hpp"
#include "adapters/files/strict_toml.hpp"
#include "adapters/files/threshold_file.hpp"
#include "fuzz/require.hpp"
#include "runtime/config.hpp"

namespace {

using namespace linli;

std::string const origin = "file.toml";

void check_problems(std::vector<std::string> const& problems) {
    require(!problems.empty());
    for (auto const& each : problems)
        require(each.find(origin) != each.npos && is_one_line(each));
}

template <class Read>
void check(Read read) {
    try {
        read();
    } catch (files::file_error const& refused) {
        check_problems(refused.problems());
    } catch (runtime::config_error const& refused) {
        check_problems(refused.problems());
    }
}

void check_plan(std::string_view text) {
    auto const plan = files::parse_plan(text, origin);
    require(plan.digest == files::digest_of(text));
    require(files::parse_plan(text, origin).digest == plan.digest);
}

void check_mapping(std::string_view text) {
    auto const mapping = files::parse_device_mapping(text, "maker", origin);
    for (auto const& rule : mapping.messages) {
        auto const filter = files::topic_filter(rule.topic);
        require(filter.find('{') == filter.npos && is_one_line(filter));
        require(files::topics_overlap(rule.topic, rule.topic));
    }
}

bool is_toml(std::string_view text) {
    bool good = false;
    check([&] {
        files::parse_toml(text, origin);
        good = true;
    });
    return good;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (!is_toml(text)) return 0; // by any of them
    check([&] { check_plan(text); });
    check([&] { check_mapping(text); });
    check([&] { files::parse_services(text, origin); });
    check([&] { files::parse_thresholds(text, origin); });
    check([&] { files::parse_calendar(text, origin); });
    check([&] { files::parse_notices(text, origin); });
    check([&] { files::parse_note_templates(text, origin); });
    check([&] { runtime::parse_config(text, origin); });
    return 0;
}
