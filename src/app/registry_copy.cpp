#include "app/registry_copy.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "domain/hours_of_day.hpp"

namespace linli::app {

namespace {

constexpr std::string_view first_word = "linli-registry-copy-3";
constexpr std::size_t block_size = 256 * 1024; // about
constexpr std::string_view device_word = "device\t";
constexpr int deepest_tree = 16; // a loop in one must not hang a night shift

bool is_open_at(registry_copy::site const& s, int minute) {
    return domain::is_in_hours(minute, s.opens, s.closes);
}

void append_line(std::string& to, std::initializer_list<std::string_view> fields) {
    to += line_of_fields(fields);
    to += '\n';
}

template <class Number>
bool read_number(std::string_view text, Number& into) {
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
}

std::string text(std::string_view field) {
    return std::string(field);
}

copied_device device_in(std::vector<std::string_view> const& f) {
    return {{text(f[1])}, {text(f[2])}, {text(f[3])}, text(f[4]), f[5] == "synthetic"};
}

constexpr std::size_t device_fields = 6;

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

// ------------------------------------------------------------------ devices

namespace {

std::string line_of(domain::device_id const& id, copied_device const& d) {
    return line_of_fields({id.value, d.resident.value, d.home.value, d.area.value, d.rough_place,
                           d.synthetic ? "synthetic" : ""});
}

} // namespace

void copied_devices::append(domain::device_id const& id, copied_device const& what) {
    lines_.append(line_of(id, what));
}

std::optional<copied_device> copied_devices::find(domain::device_id const& wanted) const {
    auto const line = lines_.find(wanted.value);
    if (!line) return std::nullopt;
    return device_in(fields_of(*line));
}

// ------------------------------------------------------------------ the file's text

registry_copy_writer::registry_copy_writer(registry_copy const& head, put_block put)
    : first_line_(std::string(first_word) + '\t' + std::to_string(head.version) + '\t' +
                  std::to_string(head.taken_at.time_since_epoch().count()) + '\t'),
      put_(std::move(put)) {
    begin_block();
    for (auto const& [code, a] : head.areas)
        append_line(block_, {"area", code.value, a.parent.value, a.served_by.value});
    for (auto const& [id, s] : head.sites)
        append_line(block_, {"site", id.value, s.parent.value, std::to_string(s.opens),
                             std::to_string(s.closes), s.duty_phone});
}

void registry_copy_writer::begin_block() {
    block_ = first_line_ + std::to_string(number_++) + '\n';
}

void registry_copy_writer::add(domain::device_id const& id, copied_device const& what) {
    add_line(line_of(id, what));
}

void registry_copy_writer::add_line(std::string_view device) {
    block_ += device_word;
    block_ += device;
    block_ += '\n';
    if (block_.size() < block_size) return;
    put_(block_);
    begin_block();
}

void registry_copy_writer::end() {
    block_ += "end\n";
    put_(block_);
}

bool registry_copy_reader::take(std::string_view block) {
    bool is_first = true;
    while (!block.empty()) {
        auto const end = block.find('\n');
        if (end == block.npos || has_ended_) return false;
        auto const line = block.substr(0, end);
        bool const taken = is_first ? take_first_line(line) : take_line(line);
        if (!taken) return false;
        is_first = false;
        block.remove_prefix(end + 1);
    }
    return !is_first;
}

// The same in all blocks, but for their numbers.
bool registry_copy_reader::take_first_line(std::string_view line) {
    auto const f = fields_of(line);
    std::int64_t at = 0;
    std::size_t number = 0;
    if (f.size() != 4 || f[0] != first_word) return false;
    if (!read_number(f[1], into_.version) || !read_number(f[2], at)) return false;
    if (!read_number(f[3], number) || number != number_++) return false;
    into_.taken_at = domain::instant{domain::duration(at)};
    auto const shared = line.substr(0, line.size() - f[3].size());
    if (number == 0) first_line_ = shared;
    return first_line_ == shared;
}

bool registry_copy_reader::take_line(std::string_view line) {
    if (line.starts_with(device_word)) {
        line.remove_prefix(device_word.size());
        if (std::ranges::count(line, '\t') != device_fields - 1) return false;
        into_.devices.append(line);
        return true;
    }
    auto const f = fields_of(line);
    if (f[0] == "area" && f.size() == 4) {
        into_.areas[{text(f[1])}] = {{text(f[2])}, {text(f[3])}};
        return true;
    }
    if (f[0] == "site" && f.size() == 6) {
        registry_copy::site s{{text(f[2])}, 0, 0, text(f[5])};
        if (!read_number(f[3], s.opens) || !read_number(f[4], s.closes)) return false;
        into_.sites[{text(f[1])}] = std::move(s);
        return true;
    }
    has_ended_ = line == "end";
    return has_ended_;
}

std::optional<registry_copy> registry_copy_reader::whole() && {
    if (!has_ended_) return std::nullopt;
    into_.devices.sort();
    return std::move(into_);
}

} // namespace linli::app
