#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "tidy/checks.hpp"

namespace linli::tidy {

namespace {

using names = std::span<std::string_view const>;

// A library that only some places may know. The first three are the outside parties' own words.
struct library {
    std::string_view prefix; // of the include
    std::array<std::string_view, 3> places;
};

constexpr std::array libraries{
    library{"google/protobuf/",
            {"src/adapters/hotline_link", "src/adapters/wire", "src/hotline/link"}},
    library{"linli/v1/", {"src/adapters/wire"}},
    library{"linli/hotline/v1/", {"src/adapters/hotline_link", "src/hotline/link"}},
    library{"sofia-sip/", {"src/hotline/sip"}},
    library{"mqtt/", {"src/adapters/mqtt"}},
    library{"MQTT", {"src/adapters/mqtt"}},
    library{"pqxx", {"src/adapters/postgres"}},
    library{"curl/", {"src/adapters/notify"}},
    library{"boost/beast", {"src/adapters/http"}},
    library{"toml++/", {"src/runtime/config.cpp", "src/runtime/config", "src/adapters/files"}},
    library{"CLI/", {"src/cli", "src/hotline/main.cpp", "src/hotline/mixer/main.cpp"}},
    library{"spdlog/", {"src/runtime/log.cpp"}},
    library{"prometheus/", {"src/runtime/metrics.cpp"}},
};

// A room and the rooms it may include from, itself always. `outside` empty: any library.
struct room {
    std::string_view folder;
    std::array<std::string_view, 7> may_include;
    std::array<std::string_view, 3> outside;
};

constexpr std::array rooms{
    room{"domain", {}, {"boost/geometry", "boost/system/result.hpp"}},
    room{"app", {"domain/", "runtime/"}, {"boost/asio", "boost/system", "boost/unordered"}},
    room{"runtime", {}, {}},
    room{"g711", {}, {}}, // the mixer's, and the recordings'
    room{"adapters/mapped",
         {"domain/", "app/", "runtime/", "adapters/wire/", "adapters/files/"},
         {}},
    room{"adapters/cloud_poll",
         {"domain/", "app/", "runtime/", "adapters/files/", "adapters/mapped/",
          "adapters/notify/transfers"},
         {}},
    room{"adapters/mqtt", {"domain/", "app/", "runtime/", "adapters/wire/"}, {}},
    room{"adapters/http", {"domain/", "app/", "runtime/", "adapters/wire/", "adapters/files/"}, {}},
    room{"adapters/watch_tcp", {"domain/", "app/", "runtime/", "adapters/wire/"}, {}},
    room{"adapters/recordings", {"domain/", "app/", "runtime/", "g711/"}, {}},
    room{"adapters", {"domain/", "app/", "runtime/"}, {}},
    // A program of its own: it knows neither the domain nor the app, and nobody includes it.
    room{"hotline/core", {}, {"boost/system/result.hpp"}},
    room{"hotline/media", {"hotline/core/", "runtime/"}, {}},
    room{"hotline/mixer", {"hotline/core/", "hotline/media/bencode.hpp", "runtime/", "g711/"}, {}},
    room{"hotline/sip", {"hotline/core/", "runtime/"}, {}},
    room{"hotline/link", {"hotline/core/", "runtime/"}, {}},
    room{"hotline", {"hotline/", "runtime/", "adapters/journal/", "adapters/files/"}, {}},
    room{"server", {"domain/", "app/", "runtime/", "adapters/"}, {}},
    room{"simulate", {"domain/", "app/", "runtime/", "adapters/"}, {}},
    room{"cli", {"domain/", "app/", "runtime/", "adapters/", "server/", "simulate/"}, {}},
    room{"main.cpp",
         {"domain/", "app/", "runtime/", "adapters/", "server/", "simulate/", "cli/"},
         {}},
};

struct include {
    std::size_t line;
    std::string_view path;
    bool is_ours; // "…", not <…>
};

std::vector<include> includes_of(source_file const& file) {
    std::vector<include> found;
    std::size_t number = 0;
    for (auto line : lines_of(file.cpp.directives)) {
        ++number;
        if (line.find("include") == std::string_view::npos) continue;
        auto const open = line.find_first_of("<\"");
        auto const close = line.find_last_of(">\"");
        if (open == std::string_view::npos || close <= open) continue;
        found.push_back({number, line.substr(open + 1, close - open - 1), line[open] == '"'});
    }
    return found;
}

bool starts_with_any(std::string_view path, names prefixes) {
    return std::ranges::any_of(
        prefixes, [&](auto prefix) { return !prefix.empty() && path.starts_with(prefix); });
}

bool is_standard(std::string_view path) {
    return path.find_first_of("/.") == std::string_view::npos;
}

room const* room_of(std::string_view path) {
    auto const inside = path.substr(std::string_view("src/").size());
    auto const holds = [&](room const& r) {
        return inside == r.folder || inside.starts_with(std::string(r.folder) + "/");
    };
    auto const found = std::ranges::find_if(rooms, holds);
    return found == rooms.end() ? nullptr : &*found;
}

// "src/adapters/mqtt/" for a file in it: what it may include besides its room's list.
std::string own_folder(std::string_view path, room const& of) {
    auto const inside = path.substr(std::string_view("src/").size());
    if (of.folder != "adapters") return std::string(of.folder) + "/";
    return std::string(inside.substr(0, inside.find('/', of.folder.size() + 1) + 1));
}

std::string objection_to(include const& what, source_file const& by, room const& in) {
    auto const path = what.path;
    if (path.starts_with("../")) return "includes by a relative path: " + std::string(path);
    for (auto const& each : libraries) {
        if (!path.starts_with(each.prefix)) continue;
        auto const known = [&](auto place) {
            return !place.empty() && (by.path == place || by.is_under(place));
        };
        if (std::ranges::none_of(each.places, known))
            return "only " + std::string(each.places[0]) + " may include " + std::string(path);
        return {};
    }
    if (what.is_ours) {
        bool const allowed =
            path.starts_with(own_folder(by.path, in)) || starts_with_any(path, in.may_include);
        return allowed ? "" : std::string(in.folder) + " may not include " + std::string(path);
    }
    bool const restricted = !in.outside[0].empty();
    if (!restricted || is_standard(path) || starts_with_any(path, in.outside)) return {};
    return std::string(in.folder) + " may not include <" + std::string(path) + ">";
}

} // namespace

findings check_layers(source_file const& file) {
    findings found;
    if (!file.is_cpp() || !file.path.starts_with("src/")) return found;
    auto const* in = room_of(file.path);
    if (!in) return {{file.path, 1, "lies in no room that tests/tidy/layers.cpp knows"}};
    for (auto const& each : includes_of(file))
        if (auto what = objection_to(each, file, *in); !what.empty())
            found.push_back({file.path, each.line, std::move(what)});
    return found;
}

} // namespace linli::tidy
