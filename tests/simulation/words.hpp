#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "domain/named.hpp"
#include "simulation/fortune.hpp"

namespace linli::domain {

template <>
struct names<simulation::fate> {
    static constexpr std::array<std::pair<simulation::fate, std::string_view>,
                                simulation::all_fates>
        table{{
            {simulation::fate::fine, "fine"},
            {simulation::fate::crash_before, "crash_before"},
            {simulation::fate::crash_after, "crash_after"},
            {simulation::fate::away, "away"},
            {simulation::fate::hang, "hang"},
            {simulation::fate::hang_done, "hang_done"},
            {simulation::fate::in_doubt, "in_doubt"},
            {simulation::fate::conflict, "conflict"},
        }};
};

template <>
struct names<simulation::place> {
    static constexpr std::array<std::pair<simulation::place, std::string_view>,
                                simulation::all_places>
        table{{
            {simulation::place::read, "read"},
            {simulation::place::commit, "commit"},
            {simulation::place::due, "due"},
            {simulation::place::order_numbers, "order_numbers"},
            {simulation::place::registry, "registry"},
            {simulation::place::take_outbox, "take_outbox"},
            {simulation::place::outbox_sent, "outbox_sent"},
            {simulation::place::plans, "plans"},
            {simulation::place::clock, "clock"},
            {simulation::place::deliveries, "deliveries"},
            {simulation::place::calls, "calls"},
            {simulation::place::pages, "pages"},
            {simulation::place::telemetry, "telemetry"},
            {simulation::place::observation, "observation"},
            {simulation::place::complaints, "complaints"},
            {simulation::place::proofs, "proofs"},
            {simulation::place::commands, "commands"},
            {simulation::place::placed, "placed"},
            {simulation::place::placed_read, "placed_read"},
            {simulation::place::recordings, "recordings"},
            {simulation::place::recordings_read, "recordings_read"},
            {simulation::place::journal, "journal"},
            {simulation::place::send, "send"},
            {simulation::place::carry, "carry"},
            {simulation::place::tapes, "tapes"},
        }};
};

} // namespace linli::domain
