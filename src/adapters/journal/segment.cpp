#include "adapters/journal/segment.hpp"

#include "adapters/journal/bytes.hpp"

#include <algorithm>
#include <charconv>

namespace linli::journal {

namespace {

constexpr std::string_view magic = "LINLIJNL";
constexpr std::string_view extension = ".journal";
constexpr std::size_t digits = 10;
constexpr std::size_t body_prefix_bytes = 16;
constexpr std::uint64_t chunk_bytes = 128U << 10;
constexpr std::uint64_t page_bytes = 4096;

std::optional<record> decode_body(std::string_view body) {
    if (body.size() < body_prefix_bytes) return {};
    std::size_t const door = number_at<std::uint32_t>(body, 8);
    std::size_t const source = number_at<std::uint32_t>(body, 12);
    if (door + source > body.size() - body_prefix_bytes) return {};
    record what;
    what.received_us = static_cast<std::int64_t>(number_at<std::uint64_t>(body, 0));
    what.door = body.substr(body_prefix_bytes, door);
    what.source = body.substr(body_prefix_bytes + door, source);
    what.payload = body.substr(body_prefix_bytes + door + source);
    return what;
}

} // namespace

std::filesystem::path segment_path(std::filesystem::path const& folder, std::uint64_t number) {
    auto name = std::to_string(number);
    if (name.size() < digits) name.insert(0, digits - name.size(), '0');
    return folder / name.append(extension);
}

std::optional<std::uint64_t> segment_number(std::filesystem::path const& path) {
    auto const stem = path.stem().string();
    std::uint64_t number{};
    auto const* const end = stem.data() + stem.size();
    auto const [parsed, error] = std::from_chars(stem.data(), end, number);
    if (path.extension() != extension || stem.size() < digits) return {};
    if (error != std::errc{} || parsed != end) return {};
    return number;
}

std::string encode(segment_header const& header) {
    std::string bytes{magic};
    append_number(bytes, header.version);
    append_number(bytes, header.earlier_records);
    append_number(bytes, crc32c(bytes));
    return bytes;
}

std::optional<segment_header> decode_segment_header(std::string_view bytes) {
    if (bytes.size() < segment_header_bytes || !bytes.starts_with(magic)) return {};
    constexpr auto checked = segment_header_bytes - sizeof(std::uint32_t);
    if (number_at<std::uint32_t>(bytes, checked) != crc32c(bytes.substr(0, checked))) return {};
    return segment_header{number_at<std::uint32_t>(bytes, magic.size()),
                          number_at<std::uint64_t>(bytes, magic.size() + sizeof(std::uint32_t))};
}

std::string encode(record const& what) {
    std::string body;
    body.reserve(body_prefix_bytes + what.door.size() + what.source.size() + what.payload.size());
    append_number(body, static_cast<std::uint64_t>(what.received_us));
    append_number(body, static_cast<std::uint32_t>(what.door.size()));
    append_number(body, static_cast<std::uint32_t>(what.source.size()));
    body.append(what.door).append(what.source).append(what.payload);

    std::string bytes;
    bytes.reserve(record_header_bytes + body.size());
    append_number(bytes, static_cast<std::uint32_t>(body.size()));
    append_number(bytes, crc32c(body));
    append_number(bytes, crc32c(bytes));
    return bytes.append(body);
}

segment_reader::segment_reader(std::filesystem::path const& path, std::uint64_t offset,
                               system_calls calls)
    : file_{path, O_RDONLY}, calls_{std::move(calls)}, at_{offset} {}

std::optional<found> segment_reader::next(std::uint64_t limit) {
    limit_ = limit;
    if (at_ >= limit_) return {};
    if (at_ == 0) {
        at_ = std::min(segment_header_bytes, limit_);
        if (limit_ < segment_header_bytes) return found{condition::torn, 0, limit_, {}};
        auto const header = decode_segment_header(bytes(0, segment_header_bytes));
        if (!header) return found{condition::damaged, 0, segment_header_bytes, {}};
        if (at_ == limit_) return {};
    }
    auto const start = at_;
    auto const end = end_of_trusted(start);
    if (!end) return search_from(start);
    at_ = std::min(*end, limit_);
    if (*end > limit_) return found{condition::torn, start, limit_, {}};
    auto what = whole_at(start);
    if (!what) return found{condition::damaged, start, *end, {}};
    return found{condition::whole, start, *end, std::move(*what)};
}

// The length at `start` can't be trusted: the next record begins where everything is right.
found segment_reader::search_from(std::uint64_t start) {
    for (at_ = start + 1; at_ < limit_; ++at_)
        if (whole_at(at_)) return {condition::damaged, start, at_, {}};
    // After a power cut a file may be as long as it should be, with zeros where data belongs.
    auto zeros = true;
    for (auto at = start; at < limit_ && zeros; ++at)
        zeros = bytes(at, 1).front() == '\0';
    auto const torn = zeros || limit_ - start < record_header_bytes;
    return {torn ? condition::torn : condition::damaged, start, limit_, {}};
}

std::optional<std::uint64_t> segment_reader::end_of_trusted(std::uint64_t at) {
    if (limit_ - at < record_header_bytes) return {};
    auto const header = bytes(at, record_header_bytes);
    auto const length = number_at<std::uint32_t>(header, 0);
    if (number_at<std::uint32_t>(header, 8) != crc32c(header.substr(0, 8))) return {};
    return at + record_header_bytes + length;
}

std::optional<record> segment_reader::whole_at(std::uint64_t at) {
    auto const end = end_of_trusted(at);
    if (!end || *end > limit_) return {};
    auto const all = bytes(at, *end - at);
    auto const body = all.substr(record_header_bytes);
    if (number_at<std::uint32_t>(all, 4) != crc32c(body)) return {};
    return decode_body(body);
}

std::string_view segment_reader::bytes(std::uint64_t at, std::uint64_t count) {
    if (at < buffer_at_ || at + count > buffer_at_ + buffer_.size()) fill(at, count);
    return std::string_view{buffer_}.substr(at - buffer_at_, count);
}

// Never beyond the limit: what lies there may still change, and the buffer would be stale. Where
// the disk can't read, zeros stand in, a page each: the checksums then find the damage, and what
// lies behind a bad sector is not held up by it.
void segment_reader::fill(std::uint64_t at, std::uint64_t count) {
    auto const want = std::max(count, std::min(chunk_bytes, limit_ - at));
    buffer_.assign(want, '\0');
    buffer_at_ = at;
    for (std::uint64_t got = 0; got < want;) {
        auto const n = calls_.read(file_.descriptor(), buffer_.data() + got, want - got,
                                   static_cast<off_t>(at + got));
        if (n == 0) return;
        if (n > 0) got += static_cast<std::uint64_t>(n);
        if (n < 0 && errno != EINTR) got += page_bytes - (at + got) % page_bytes;
    }
}

} // namespace linli::journal
