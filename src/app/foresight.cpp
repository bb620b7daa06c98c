#include "app/foresight.hpp"

#include <charconv>
#include <utility>

#include "app/turn.hpp"
#include "domain/triage.hpp"

namespace linli::app {

namespace {

// Beyond it all are forgotten.
constexpr std::size_t most_open = 200'000;

template <class Number>
std::string text_of(Number number) {
    char digits[32];
    auto const [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    return {digits, end};
}

template <class Number>
Number number_in(std::string_view text) {
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

enum field : std::size_t { device, resident, home, area, rough_place, place, marks, stamp };

// "30.25,120.16"; empty: nobody knows.
std::string text_of(std::optional<domain::position> const& where) {
    if (!where) return {};
    return text_of(where->latitude) + ',' + text_of(where->longitude);
}

std::optional<domain::position> position_in(std::string_view text) {
    auto const comma = text.find(',');
    if (comma == text.npos) return std::nullopt;
    domain::position where;
    where.latitude = number_in<double>(text.substr(0, comma));
    where.longitude = number_in<double>(text.substr(comma + 1));
    return where;
}

std::string marks_of(foreseen_device const& d) {
    std::string marks;
    if (d.facts.high_risk) marks += 'r';
    if (d.facts.what_for == domain::purpose::synthetic) marks += 's';
    if (d.home.needs_two) marks += '2';
    return marks;
}

foreseen_device device_in(std::vector<std::string_view> const& f) {
    auto const has = [&](char mark) { return f[marks].find(mark) != std::string_view::npos; };
    foreseen_device d;
    d.facts.registered = true;
    d.facts.resident = {std::string(f[resident])};
    d.facts.home = {std::string(f[home])};
    d.facts.area = {std::string(f[area])};
    d.facts.about = f[resident].empty()
                        ? domain::subject{domain::subject_kind::home, d.facts.home.value}
                        : domain::subject{domain::subject_kind::resident, d.facts.resident.value};
    d.facts.high_risk = has('r');
    if (has('s')) d.facts.what_for = domain::purpose::synthetic;
    d.home = {d.facts.area, std::string(f[rough_place]), position_in(f[place]), has('2')};
    d.stamp = number_in<std::int64_t>(f[stamp]);
    return d;
}

bool opens_something(domain::signal_kind kind) {
    auto const what = domain::triage(kind, true).what;
    return what == domain::meaning::alert || what == domain::meaning::request;
}

} // namespace

void foreseen_devices::append(domain::device_id const& id, foreseen_device const& d) {
    lines_.append(
        line_of_fields({id.value, d.facts.resident.value, d.facts.home.value, d.facts.area.value,
                        d.home.rough_place, text_of(d.home.place), marks_of(d), text_of(d.stamp)}));
}

std::optional<foreseen_device> foreseen_devices::find(domain::device_id const& id) const {
    auto const line = lines_.find(id.value);
    if (!line) return std::nullopt;
    return device_in(fields_of(*line));
}

std::optional<foresight::picture> foresight::of(std::vector<input> const& batch,
                                                domain::instant now) const {
    if (!devices_ || now < rests_until_) return std::nullopt;
    picture all;
    for (auto const& each : batch) {
        auto const* s = std::get_if<domain::signal>(&each);
        if (!s || !foresee(*s, all)) return std::nullopt;
    }
    return all;
}

bool foresight::foresee(domain::signal const& s, picture& into) const {
    if (s.door == outage_door || !opens_something(s.kind)) return false;
    auto known = devices_->find(s.device);
    if (!known || open_.contains(to_string(known->facts.about))) return false;
    into.presumed.push_back({s.device, known->stamp});
    into.seen.homes[known->facts.home] = std::move(known->home);
    into.seen.devices[s.device] = std::move(known->facts);
    return true;
}

void foresight::is_open(domain::subject const& about, bool open) {
    if (open_.size() >= most_open) open_.clear(); // guesses are free to be wrong
    if (open)
        open_.insert(to_string(about));
    else
        open_.erase(to_string(about));
}

void foresight::saw(view const& of_record) {
    for (auto const& [id, facts] : of_record.devices)
        is_open(facts.about, facts.open_alert || facts.open_request);
}

void foresight::saw_committed(changes const& what) {
    for (auto const& r : what.requests)
        is_open(r.about, r.state == domain::request_state::open);
    for (auto const& a : what.alerts)
        is_open(a.about, domain::is_open(a));
}

} // namespace linli::app
