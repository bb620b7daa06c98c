// The format of one segment file, and how it is read when not all of it is good.
//
//   segment   "LINLIJNL"  u32 version  u64 records in earlier segments  u32 crc of what precedes
//   record    u32 length of the body  u32 crc of the body  u32 crc of the two before  body
//   body      i64 received_us  u32 bytes of door  u32 bytes of source  door source payload
//
// Little-endian, CRC-32C. The length has a checksum of its own so that it is known whether it can
// be trusted: a record with a damaged body is skipped exactly, a search for the next good record
// takes one pass, and what a payload contains is not taken for a record.
#pragma once

#include "adapters/journal/file.hpp"

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace linli::journal {

struct record {
    std::string door;           // "mqtt", "tcp" …
    std::string source;         // topic or peer
    std::int64_t received_us{}; // Unix time in microseconds, by the house clock
    std::string payload;

    bool operator==(record const&) const = default;
};

// Where a record begins. Never used twice, also not over a restart.
struct position {
    std::uint64_t segment{};
    std::uint64_t offset{};

    auto operator<=>(position const&) const = default;
};

inline constexpr std::uint32_t segment_version = 1;
inline constexpr std::uint64_t segment_header_bytes = 24;
inline constexpr std::uint64_t record_header_bytes = 12;
inline constexpr std::uint64_t largest_body_bytes = 16U << 20;

struct segment_header {
    std::uint32_t version{};
    std::uint64_t earlier_records{};
};

[[nodiscard]] std::filesystem::path segment_path(std::filesystem::path const& folder,
                                                 std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> segment_number(std::filesystem::path const& path);

[[nodiscard]] std::string encode(segment_header const& header);
[[nodiscard]] std::optional<segment_header> decode_segment_header(std::string_view bytes);

// Header and body, ready for one write.
[[nodiscard]] std::string encode(record const& what);

enum class condition {
    whole,
    damaged, // bytes that were once good, or at least complete
    torn,    // the last write did not get all of its bytes to the disk; nobody was told it had
};

struct found {
    condition is;
    std::uint64_t offset;
    std::uint64_t end;
    record what; // empty unless whole
};

// Goes through one segment from `offset` (0 or the begin of a record). One thread at a time.
class segment_reader {
public:
    segment_reader(std::filesystem::path const& path, std::uint64_t offset, system_calls calls);

    [[nodiscard]] bool is_open() const { return file_.is_open(); }
    [[nodiscard]] std::uint64_t offset() const { return at_; }

    // What lies next before `limit`; nothing at the limit. The bytes before `limit` must not
    // change any more, those behind it may.
    [[nodiscard]] std::optional<found> next(std::uint64_t limit);

    // Bytes that next() has passed; valid until the next call of any member.
    [[nodiscard]] std::string_view bytes(std::uint64_t at, std::uint64_t count);

private:
    std::optional<std::uint64_t> end_of_trusted(std::uint64_t at);
    std::optional<record> whole_at(std::uint64_t at);
    found search_from(std::uint64_t start);
    void fill(std::uint64_t at, std::uint64_t count);

    file file_;
    system_calls calls_;
    std::uint64_t at_;
    std::uint64_t limit_ = 0;
    std::string buffer_;
    std::uint64_t buffer_at_ = 0;
};

} // namespace linli::journal
