#include "app/registry_copy.hpp"

#include <charconv>
#include <vector>

namespace linli::app {

namespace {

constexpr std::string_view first_word = "linli-registry-copy-2";
constexpr int deepest_tree = 16; // a loop in one must not hang a night shift

bool is_open_at(registry_copy::site const& s, int minute) {
    if (s.opens <= s.closes) return minute >= s.opens && minute < s.closes;
    return minute >= s.opens || minute < s.closes;
}

// Tabs and line ends are the form's own.
void append_line(std::string& to, std::initializer_list<std::string_view> fields) {
    bool is_first = true;
    for (auto const field : fields) {
        if (!is_first) to += '\t';
        is_first = false;
        for (char const c : field)
            to += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
    to += '\n';
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> all;
    for (;;) {
        auto const end = line.find('\t');
        all.push_back(line.substr(0, end));
        if (end == line.npos) return all;
        line.remove_prefix(end + 1);
    }
}

template <class Number>
bool read_number(std::string_view text, Number& into) {
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
}

std::string text(std::string_view field) {
    return std::string(field);
}

bool take_head(std::vector<std::string_view> const& f, registry_copy& into) {
    std::int64_t at = 0;
    if (f.size() != 3 || f[0] != first_word) return false;
    if (!read_number(f[1], into.version) || !read_number(f[2], at)) return false;
    into.taken_at = domain::instant{domain::duration(at)};
    return true;
}

bool take_line(std::vector<std::string_view> const& f, registry_copy& into) {
    if (f[0] == "area" && f.size() == 4) {
        into.areas[{text(f[1])}] = {{text(f[2])}, {text(f[3])}};
        return true;
    }
    if (f[0] == "site" && f.size() == 6) {
        registry_copy::site s{{text(f[2])}, 0, 0, text(f[5])};
        if (!read_number(f[3], s.opens) || !read_number(f[4], s.closes)) return false;
        into.sites[{text(f[1])}] = std::move(s);
        return true;
    }
    if (f[0] == "device" && f.size() == 7) {
        into.devices[{text(f[1])}] = {
            {text(f[2])}, {text(f[3])}, {text(f[4])}, text(f[5]), f[6] == "synthetic"};
        return true;
    }
    return false;
}

} // namespace

domain::site_id site_serving(registry_copy const& known, domain::area_id area) {
    for (int depth = 0; depth < deepest_tree; ++depth) {
        auto const at = known.areas.find(area);
        if (at == known.areas.end()) return {};
        if (!at->second.served_by.empty()) return at->second.served_by;
        area = at->second.parent;
    }
    return {};
}

std::optional<duty_desk> duty_desk_for(registry_copy const& known, domain::area_id area,
                                       int minute_of_day) {
    std::optional<duty_desk> closed;
    auto at = known.sites.find(site_serving(known, std::move(area)));
    for (int depth = 0; at != known.sites.end() && depth < deepest_tree; ++depth) {
        auto const& site = at->second;
        duty_desk const here{at->first, site.duty_phone};
        if (!here.phone.empty() && is_open_at(site, minute_of_day)) return here;
        if (!here.phone.empty() && !closed) closed = here;
        at = known.sites.find(site.parent);
    }
    return closed;
}

std::string to_text(registry_copy const& copy) {
    std::string all;
    append_line(all, {first_word, std::to_string(copy.version),
                      std::to_string(copy.taken_at.time_since_epoch().count())});
    for (auto const& [code, a] : copy.areas)
        append_line(all, {"area", code.value, a.parent.value, a.served_by.value});
    for (auto const& [id, s] : copy.sites)
        append_line(all, {"site", id.value, s.parent.value, std::to_string(s.opens),
                          std::to_string(s.closes), s.duty_phone});
    for (auto const& [id, d] : copy.devices)
        append_line(all, {"device", id.value, d.resident.value, d.home.value, d.area.value,
                          d.rough_place, d.synthetic ? "synthetic" : ""});
    return all;
}

std::optional<registry_copy> read_registry_copy(std::string_view text) {
    registry_copy copy;
    bool is_first = true;
    while (!text.empty()) {
        auto const end = text.find('\n');
        if (end == text.npos) return std::nullopt;
        auto const fields = fields_of(text.substr(0, end));
        bool const taken = is_first ? take_head(fields, copy) : take_line(fields, copy);
        if (!taken) return std::nullopt;
        is_first = false;
        text.remove_prefix(end + 1);
    }
    if (is_first) return std::nullopt;
    return copy;
}

} // namespace linli::app
