#include "domain/subject.hpp"

#include <array>
#include <utility>

namespace linli::domain {

namespace {

constexpr std::array<std::pair<subject_kind, std::string_view>, 5> names{{
    {subject_kind::resident, "resident"},
    {subject_kind::home, "home"},
    {subject_kind::worker, "worker"},
    {subject_kind::device, "device"},
    {subject_kind::area, "area"},
}};

} // namespace

std::string to_string(subject const& about) {
    for (auto const& [kind, name] : names)
        if (kind == about.kind) return std::string(name) + ':' + about.id;
    return about.id;
}

std::optional<subject> parse_subject(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    for (auto const& [kind, name] : names)
        if (name == text.substr(0, colon))
            return subject{kind, std::string(text.substr(colon + 1))};
    return std::nullopt;
}

} // namespace linli::domain
