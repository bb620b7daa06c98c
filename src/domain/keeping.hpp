#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::domain {

// What is kept for a time only, each for its own. Telemetry, the coverage report and who was told
// by which channel have their days beside what makes them; sessions and answers to commands go by
// the hour.
enum class kept : std::uint8_t {
    places,      // of closed signals: where, what was said, the bytes, the battery
    words,       // notes in the log of closed cases; the chain keeps their digest
    pictures,    // that prove a visit, and where they were taken
    calls,       // to the hotline, decided and over
    recordings,  // of what was spoken in them
    wishes,      // the words of a booking
    commands,    // to devices, ended
    searches,    // why each candidate was chosen or not
    maintenance, // what was mended
    imports,     // of the registry, by a page
    edits,       // who changed the registry
    looks,       // who saw whom
};

template <>
struct names<kept> {
    static constexpr std::array<std::pair<kept, std::string_view>, 12> table{{
        {kept::places, "places"},
        {kept::words, "words"},
        {kept::pictures, "pictures"},
        {kept::calls, "calls"},
        {kept::recordings, "recordings"},
        {kept::wishes, "wishes"},
        {kept::commands, "commands"},
        {kept::searches, "searches"},
        {kept::maintenance, "maintenance"},
        {kept::imports, "imports"},
        {kept::edits, "edits"},
        {kept::looks, "looks"},
    }};
};

} // namespace linli::domain
