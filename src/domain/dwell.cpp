#include "domain/dwell.hpp"

#include <algorithm>

namespace linli::domain {

namespace {

// Whoever is known to be outside since the morning is news less and less often, but never no more.
constexpr hours longest_pause{4};

crossing tell(dwell& d, instant since, instant now, dwell_times const& times) {
    if (!d.told) d.began_at = since;
    d.told = true;
    if (times.again > duration(0))
        d.again_at = now + std::clamp(now - *d.began_at, times.again,
                                      std::max<duration>(times.again, longest_pause));
    if (times.time_tells_again) d.due_at = d.again_at;
    return {true, since};
}

// Told, and nothing to the contrary.
std::optional<crossing> look_again(dwell& d, instant now, dwell_times const& times) {
    if (!times.time_tells_again || !d.again_at) return std::nullopt;
    d.due_at = d.again_at;
    if (now < *d.again_at) return std::nullopt;
    return tell(d, *d.again_at, now, times);
}

} // namespace

std::optional<crossing> judge(dwell& d, finding says, device_id const& by, instant at,
                              dwell_times const& times) {
    if (at <= d.last_at) return std::nullopt;
    d.last_at = at;
    d.device = by; // whoever told of it before may have changed hands
    if (says != finding::undecided) {
        bool const as_told = (says == finding::yes) == d.told;
        if (as_told) {
            d.since.reset();
            if (d.again_at && at >= *d.again_at) return tell(d, at, at, times);
        } else if (!d.since) {
            d.since = at;
        }
    }
    return look(d, at, times);
}

std::optional<crossing> look(dwell& d, instant now, dwell_times const& times) {
    d.due_at.reset();
    if (!d.since) return look_again(d, now, times);
    auto const enough = *d.since + (d.told ? times.to_end : times.to_begin);
    if (now < enough) {
        d.due_at = enough;
        return std::nullopt;
    }
    auto const since = *d.since;
    d.since.reset();
    if (!d.told) return tell(d, since, now, times);
    forget(d);
    return crossing{false, since};
}

void forget(dwell& d) {
    d.told = false;
    d.since.reset();
    d.began_at.reset();
    d.again_at.reset();
    d.due_at.reset();
}

bool is_worth_keeping(dwell const& before, dwell const& after) {
    auto const is_calm = [](dwell const& d) { return !d.told && !d.since && !d.due_at; };
    return before != after && !(is_calm(before) && is_calm(after));
}

namespace {

constexpr std::string_view observed = "o";

} // namespace

event_id observed_event_id(device_id const& device, std::string_view rule, crossing const& what) {
    auto text = device.value + ':' + std::string(observed) + ':' + std::string(rule);
    if (!what.began) text += ".over";
    return {text + ':' + std::to_string(what.since.time_since_epoch().count())};
}

bool is_observed(event_id const& id) {
    std::string_view const text = id.value;
    auto const second = text.find(':');
    if (second == std::string_view::npos) return false;
    auto const third = text.find(':', second + 1);
    return text.substr(second + 1, third - second - 1) == observed &&
           third != std::string_view::npos;
}

} // namespace linli::domain
