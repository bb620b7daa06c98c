#include <map>

#include "runtime/config/keys.hpp"
#include "runtime/config/words.hpp"

namespace linli::runtime::config_file {

namespace {

// { "12349" = "330100" }: anything may be a line's name, so they are no keys of their own.
bool take_lines(toml::node const& node, std::map<std::string, std::string>& into) {
    auto const* given = node.as_table();
    if (!given) return false;
    into.clear();
    for (auto const& [line, area] : *given) {
        auto const* code = area.as_string();
        if (line.str().empty() || !code || !is_area_code(code->get())) return false;
        into[std::string(line.str())] = code->get();
    }
    return true;
}

} // namespace

std::vector<key> telephone_keys() {
    return {
        text("telephone.name", std::string(name_rule) + ", or nothing: then there is none", "pbx",
             [](auto t, auto& c) { return take_if(t.empty() || is_name(t), t, c.telephone.name); }),
        path(
            "telephone.secret_file", "keys/telephone.secret",
            [](auto& c) -> auto& { return c.telephone.secret_file; }),
        text("telephone.dial_url", "https://… or http://…, or nothing: then no page can dial",
             "https://pbx.example/dial",
             [](auto t, auto& c) { return take_if(is_http_url(t), t, c.telephone.dial_url); }),
        number("telephone.timeout_s", 1, 30, 5, [](int n, auto& c) { c.telephone.timeout_s = n; }),
        truth("telephone.verify", [](bool is, auto& c) { c.telephone.verify = is; }),
        {"telephone.lines", "a table of called lines, each with an official area code",
         R"({ "12349" = "330100" })",
         [](auto& node, auto& c) { return take_lines(node, c.telephone.lines); }},
    };
}

std::vector<key> hotline_keys() {
    return {
        maybe_path(
            "hotline.socket", "/run/linli/hotline",
            [](auto& c) -> auto& { return c.hotline.socket; }),
        text("hotline.domain", "a host's name", "hotline.invalid",
             [](auto t, auto& c) { return take_if(is_host(t), t, c.hotline.domain); }),
        text("hotline.edge_wss", "wss://…, or nothing: the host that the page came from",
             "wss://edge.example:8443",
             [](auto t, auto& c) { return take_if(is_wss_url(t), t, c.hotline.edge_wss); }),
        number("hotline.edge_wss_port", 1, 65535, 8443,
               [](int n, auto& c) { c.hotline.edge_wss_port = n; }),
        path(
            "hotline.edge_secret_file", "keys/edge.secret",
            [](auto& c) -> auto& { return c.hotline.edge_secret_file; }),
        text("hotline.trunk_domain", "a host's name, or nothing: hotline.domain", "trunk.example",
             [](auto t, auto& c) {
                 return take_if(t.empty() || is_host(t), t, c.hotline.trunk_domain);
             }),
        maybe_path(
            "hotline.spoken", "/var/lib/linli/spoken",
            [](auto& c) -> auto& { return c.hotline.spoken; }),
        path(
            "hotline.speaks_with", "/usr/bin/espeak-ng",
            [](auto& c) -> auto& { return c.hotline.speaks_with; }),
        maybe_path(
            "hotline.recorded", "/var/spool/linli-calls",
            [](auto& c) -> auto& { return c.hotline.recorded; }),
        maybe_path(
            "hotline.recordings", "/var/lib/linli/recordings",
            [](auto& c) -> auto& { return c.hotline.recordings; }),
        truth("hotline.browsers", [](bool is, auto& c) { c.hotline.browsers = is; }),
        {"hotline.lines", "a table of called lines, each with an official area code",
         R"({ "12349" = "330100" })",
         [](auto& node, auto& c) { return take_lines(node, c.hotline.lines); }},
    };
}

} // namespace linli::runtime::config_file
