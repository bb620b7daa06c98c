#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/recording_files.hpp"

// The folder into which rtpengine records: `pcaps/NAME.pcap` is the sound, from its first packet on
// under that name; `tmp/rtpengine-meta-NAME.tmp` says that it still goes on, and becomes
// `metadata/rtpengine-meta-NAME.txt` when it has ended. NAME is the session and 16 characters of
// rtpengine's; `sides/SESSION` is the engine's note of which port is whose.
namespace linli::recordings {

// One that rtpengine left without an end (it died) is over when nothing has come for so long; one
// that it has ended a moment later, when all of it is written.
struct piece_folder {
    std::filesystem::path at;
    std::chrono::seconds stale_after{60};
    std::chrono::seconds settles_after{2};
};

// "h18-3.2-0a1b2c3d4e5f6071" → "h18-3.2"; empty: it has no such name.
std::string session_in(std::string_view name);
// "h18-3.2" → "h18-3".
std::string call_in(std::string_view session);

// All of them by their calls. Throws std::filesystem::filesystem_error.
std::vector<app::call_pieces> pieces_in(piece_folder const& folder);

// With all that belongs to them.
void remove_pieces(piece_folder const& folder, app::call_pieces const& what);

// What of a call was heard.
struct laid_out {
    std::int64_t begins_at_us = 0;
    std::int64_t samples = 0; // of each side
    int pieces = 0;           // with sound in them
};
// Nothing: no sound in any of them.
std::optional<laid_out> lay_out(piece_folder const& folder, app::call_pieces const& what);
// As sound, without the file's head; twice is the same.
void mix(piece_folder const& folder, app::call_pieces const& what, laid_out const& as,
         std::function<void(std::string_view)> const& put);

} // namespace linli::recordings
