#include "app/supervised_devices.hpp"

#include <algorithm>
#include <utility>

namespace linli::app {

namespace {

constexpr int deepest_tree = 16;
constexpr auto broker_door = "mqtt";
// What is written of a beat may be so old: a start gives everybody his whole time anew anyway.
constexpr domain::minutes beats_are_written_after{15};

std::optional<domain::instant> unless(domain::instant never, domain::instant when) {
    return when == never ? std::nullopt : std::optional(when);
}

} // namespace

bool supervised_devices::is_of_broker(std::string_view door) {
    return door.empty() || door == broker_door;
}

supervised_devices::supervised_devices(limits_of_kind limits_of)
    : limits_of_(std::move(limits_of)) {
    clear();
}

void supervised_devices::clear() {
    index_.clear();
    for (std::size_t n = 0; n < shards; ++n)
        index_.emplace_back(0, by_id{this}, by_id{this});
    chunks_.clear();
    used_ = 0;
    free_.clear();
    kinds_.clear();
    doors_ = {""};
    areas_.clear();
    area_at_.clear();
    devices_in_.clear();
    above_.clear();
    troubles_.clear();
    outages_.clear();
    offline_ = 0;
    by_broker_ = 0;
}

void supervised_devices::set_parents(parents above) {
    if (above == above_) return;
    above_ = std::move(above);
    devices_in_.clear();
    for (auto& each : areas_) {
        each.upwards = upwards_from(each.upwards.front());
        for (auto const& area : each.upwards)
            devices_in_[area] += each.devices;
    }
}

std::vector<domain::area_id> supervised_devices::upwards_from(domain::area_id area) const {
    std::vector<domain::area_id> all{std::move(area)};
    for (int depth = 0; depth < deepest_tree; ++depth) {
        auto const above = above_.find(all.back());
        if (above == above_.end()) break;
        all.push_back(above->second);
    }
    return all;
}

// ------------------------------------------------------------------ who is here

supervised_devices::index& supervised_devices::shard_of(std::string_view id) {
    // The index itself uses the hash's other end.
    return index_[(std::hash<std::string_view>{}(id) >> 24) % shards];
}

std::optional<supervised_devices::place>
supervised_devices::find(domain::device_id const& id) const {
    auto const& shard = const_cast<supervised_devices*>(this)->shard_of(id.value);
    auto const found = shard.find(std::string_view(id.value));
    return found == shard.end() ? std::nullopt : std::optional(*found);
}

supervised_devices::place supervised_devices::free_place() {
    if (!free_.empty()) {
        auto const p = free_.back();
        free_.pop_back();
        return p;
    }
    if (used_ == chunks_.size() * chunk_size)
        chunks_.push_back(std::make_unique<std::array<entry, chunk_size>>());
    return static_cast<place>(used_++);
}

supervised_devices::place supervised_devices::add(supervised_device const& device) {
    auto const p = free_place();
    auto& e = at(p);
    e = entry();
    e.id = device.id;
    e.kind = number_of_kind(device.kind);
    e.door = number_of_door(device.door);
    e.is_known = device.health.known_since != domain::instant();
    e.round = round_;
    if (is_of_broker(device.door)) ++by_broker_;
    lives_in(e, device.area);
    shard_of(e.id.value).insert(p);
    keep(p, device.health);
    if (e.is_known) is_written(p, device.health);
    belongs_to(p, device.outage);
    return p;
}

bool supervised_devices::moves(place p, std::string const& kind, domain::area_id const& to) {
    auto& e = at(p);
    if (kinds_[e.kind].word == kind && area(p) == to) return false;
    e.kind = number_of_kind(kind);
    leaves_area(e);
    lives_in(e, to);
    return true;
}

void supervised_devices::remove(place p) {
    keep(p, domain::device_health());
    belongs_to(p, std::nullopt);
    if (is_of_broker(p)) --by_broker_;
    auto& e = at(p);
    leaves_area(e);
    shard_of(e.id.value).erase(p);
    e = entry();
    free_.push_back(p);
}

// The number begins anew, and nobody may be taken for met whom it meant before.
void supervised_devices::begin_round() {
    if (++round_ != 0) return;
    for (place p = 0; p < end(); ++p)
        at(p).round = 0;
    round_ = 1;
}

void supervised_devices::lives_in(entry& e, domain::area_id const& area) {
    e.area = number_of_area(area);
    ++areas_[e.area].devices;
    for (auto const& each : areas_[e.area].upwards)
        ++devices_in_[each];
}

void supervised_devices::leaves_area(entry const& e) {
    --areas_[e.area].devices;
    for (auto const& each : areas_[e.area].upwards)
        --devices_in_[each];
}

int supervised_devices::devices_in(domain::area_id const& area) const {
    auto const found = devices_in_.find(area);
    return found == devices_in_.end() ? 0 : found->second;
}

// ------------------------------------------------------------------ what is shared

std::uint16_t supervised_devices::number_of_kind(std::string const& kind) {
    auto const known = std::ranges::find(kinds_, kind, &kind_of::word);
    auto const number = static_cast<std::uint16_t>(known - kinds_.begin());
    if (known == kinds_.end()) kinds_.push_back({kind, limits_of_(kind)});
    return number;
}

std::uint16_t supervised_devices::number_of_door(std::string const& door) {
    auto const known = std::ranges::find(doors_, door);
    auto const number = static_cast<std::uint16_t>(known - doors_.begin());
    if (known == doors_.end()) doors_.push_back(door);
    return number;
}

std::uint32_t supervised_devices::number_of_area(domain::area_id const& area) {
    auto const [known, is_new] =
        area_at_.try_emplace(area, static_cast<std::uint32_t>(areas_.size()));
    if (is_new) areas_.push_back({upwards_from(area), 0});
    return known->second;
}

// ------------------------------------------------------------------ what is known of one

domain::device_health supervised_devices::health(place p) const {
    auto const& e = at(p);
    domain::device_health h;
    h.known_since = e.known_since;
    h.heard_at = unless(never, e.heard_at);
    h.pressed_at = unless(never, e.pressed_at);
    h.at_broker = e.at_broker;
    h.broker_said_at = e.broker_said_at;
    if (e.battery != no_battery) h.battery_percent = e.battery;
    h.battery_at = e.battery_at;
    for (std::size_t what = 0; e.has_troubles && what < domain::troubles; ++what) {
        auto const found = troubles_.find(trouble_key(p, what));
        if (found == troubles_.end()) continue;
        h.open[what] = unless(never, found->second.open);
        h.done[what] = found->second.done;
    }
    return h;
}

void supervised_devices::keep(place p, domain::device_health const& now) {
    auto& e = at(p);
    e.known_since = now.known_since;
    e.heard_at = now.heard_at.value_or(never);
    e.pressed_at = now.pressed_at.value_or(never);
    e.at_broker = now.at_broker;
    e.broker_said_at = now.broker_said_at;
    e.battery = now.battery_percent.value_or(no_battery);
    e.battery_at = now.battery_at;
    keep_troubles(p, now);
}

void supervised_devices::keep_troubles(place p, domain::device_health const& now) {
    constexpr auto offline = static_cast<std::size_t>(domain::trouble::offline);
    auto& e = at(p);
    bool const had = e.has_troubles;
    e.has_troubles = false;
    for (std::size_t what = 0; what < domain::troubles; ++what) {
        auto const key = trouble_key(p, what);
        auto const old = had ? troubles_.find(key) : troubles_.end();
        if (what == offline && old != troubles_.end() && old->second.open != never) --offline_;
        if (what == offline && now.open[what]) ++offline_;
        if (now.open[what] || now.done[what] != domain::instant()) {
            troubles_[key] = {now.open[what].value_or(never), now.done[what]};
            e.has_troubles = true;
        } else if (old != troubles_.end()) {
            troubles_.erase(old);
        }
    }
}

void supervised_devices::heard_by(place p, std::string const& door) {
    bool const was = is_of_broker(p);
    at(p).door = number_of_door(door);
    if (was && !is_of_broker(p)) --by_broker_;
    if (!was && is_of_broker(p)) ++by_broker_;
}

std::optional<domain::outage_id> supervised_devices::outage(place p) const {
    if (!at(p).has_outage) return std::nullopt;
    return outages_.at(p);
}

void supervised_devices::belongs_to(place p, std::optional<domain::outage_id> const& outage) {
    at(p).has_outage = outage.has_value();
    if (outage)
        outages_[p] = *outage;
    else
        outages_.erase(p);
}

std::vector<supervised_devices::place>
supervised_devices::in_outage(domain::outage_id const& outage) const {
    std::vector<place> all;
    for (auto const& [p, id] : outages_)
        if (id == outage) all.push_back(p);
    return all;
}

supervised_device supervised_devices::whole(place p) const {
    return {id(p), kinds_[at(p).kind].word, area(p), door(p), health(p), outage(p)};
}

// ------------------------------------------------------------------ what is written of it

// Of a beat only now and then, so that ten thousand watches don't cost a row each.
bool supervised_devices::is_worth_writing(place p) const {
    auto const& e = at(p);
    if (!e.is_known) return true;
    if (e.at_broker != e.written_at_broker || e.pressed_at != e.written_pressed_at) return true;
    if (e.heard_at == never) return false;
    return e.written_heard_at == never ||
           e.heard_at - e.written_heard_at >= beats_are_written_after;
}

void supervised_devices::is_written(place p, domain::device_health const& what) {
    auto& e = at(p);
    e.is_known = true;
    e.written_at_broker = what.at_broker;
    e.written_heard_at = what.heard_at.value_or(never);
    e.written_pressed_at = what.pressed_at.value_or(never);
}

bool supervised_devices::becomes_dirty(place p) {
    auto& e = at(p);
    if (e.is_dirty) return false;
    e.is_dirty = true;
    return true;
}

bool supervised_devices::becomes_clean(place p) {
    auto& e = at(p);
    if (!e.is_dirty) return false;
    e.is_dirty = false;
    return true;
}

} // namespace linli::app
