#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/anchors/anchor_key.hpp"
#include "app/anchor.hpp"

namespace linli::anchors {

// An anchor as it stands in the file and in the database, for a person and for programs:
//
//     anchor 17
//     at 1795942800123456 2026-11-29T10:20:00.123Z     microseconds since 1970, UTC
//     covers 1795941900123456 2026-11-29T10:05:00.123Z
//     previous <64 hexadecimal digits: digest of anchor 16>
//     restored-to 12                                    only after a restore
//     marks 2
//     <chain> <line> <its hash, 64 hexadecimal digits>
//     <chain> <line> <its hash>
//     signed <key id> <base64>
//
// The signature (Ed25519) and the digest (BLAKE2b-256) are of all before the last line.
std::string anchor_text(app::anchor const& what, signing_keys const& by);

struct signed_anchor {
    app::anchor what;
    std::string digest;
    std::string body; // what is signed
    std::string key_id;
    std::string signature;
};

// Nothing when it doesn't read as one; whether it is signed is another question.
std::optional<signed_anchor> read_anchor(std::string_view text);

std::string in_hex(std::string_view bytes);
std::optional<std::string> of_hex(std::string_view text);

} // namespace linli::anchors
