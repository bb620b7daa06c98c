#include "simulation/dark.hpp"

#include <algorithm>

#include "support/let_others_run.hpp"

namespace linli::simulation {

runtime::task<std::vector<app::waiting_signals::item>> dark_shelf::next(std::size_t most) {
    co_await tests::let_others_run();
    std::vector<item> found;
    while (found.size() < most) {
        auto const at = of_.next(read_to_ + 1);
        if (!at) break;
        read_to_ = *at;
        for (auto const& each : of_.at(*at))
            if (auto const* s = std::get_if<domain::signal>(&each)) found.push_back({*s, {*at, 0}});
    }
    co_return found;
}

runtime::task<std::vector<app::told_degraded>> dark_book::read() {
    co_await tests::let_others_run();
    co_return held_;
}

runtime::task<bool> dark_book::add(std::vector<app::told_degraded> const& told) {
    co_await tests::let_others_run();
    held_.insert(held_.end(), told.begin(), told.end());
    booked_(told);
    co_return true;
}

runtime::task<bool> dark_book::clear() {
    co_await tests::let_others_run();
    held_.clear();
    co_return true;
}

app::registry_copy copy_of(tests::city const& town, std::vector<tests::known_site> const& sites) {
    app::registry_copy copy;
    copy.version = town.version;
    for (auto const& each : town.areas)
        copy.areas[each.code] = {each.parent, each.served_by};
    for (auto const& each : town.sites)
        copy.sites[each.id] = {each.parent, each.opens, each.closes, {}};
    for (auto const& each : sites)
        copy.sites[each.id].duty_phone = each.duty_phone;
    for (auto const& each : town.homes)
        for (auto const& device : each.devices)
            copy.devices.append(device, {{}, each.id, each.area, each.rough_place});
    for (auto const& each : town.residents) {
        auto const* home = town.find(each.home);
        for (auto const& device : each.devices)
            copy.devices.append(device, {each.id, each.home, home->area, home->rough_place});
    }
    for (auto const& device : town.unbound_devices)
        copy.devices.append(device, {});
    copy.devices.sort();
    return copy;
}

domain::uuid digest_of(std::string_view text) {
    domain::uuid id;
    std::uint64_t state = 14'695'981'039'346'656'037U;
    for (std::size_t i = 0; i < text.size() + id.bytes.size(); ++i) {
        state ^= i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
        state *= 1'099'511'628'211U;
        if (i >= text.size()) id.bytes[i - text.size()] = static_cast<std::uint8_t>(state >> 40);
    }
    return id;
}

} // namespace linli::simulation
