#include "adapters/journal/checkpoint.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/journal/bytes.hpp"

namespace linli::journal {

namespace {

// Magic, number of the write, cursor, records before it, how many are open, those, CRC of it all.
constexpr std::string_view magic = "LINLICP2";
constexpr std::size_t position_bytes = 16;
constexpr std::size_t fixed_bytes = 8 + 8 + position_bytes + 8 + 4;
constexpr std::size_t crc_bytes = 4;
constexpr std::size_t place_bytes = 20 * 1024;
static_assert(fixed_bytes + checkpoint_file::most_listed * position_bytes + crc_bytes <=
              place_bytes);

struct numbered {
    std::uint64_t write = 0;
    checkpoint what;
};

void append_position(std::string& to, position at) {
    append_number(to, at.segment);
    append_number(to, at.offset);
}

position position_at(std::string_view bytes, std::size_t at) {
    return {number_at<std::uint64_t>(bytes, at), number_at<std::uint64_t>(bytes, at + 8)};
}

std::string encode(numbered const& one) {
    std::string bytes{magic};
    append_number(bytes, one.write);
    append_position(bytes, one.what.cursor);
    append_number(bytes, one.what.records_before);
    append_number(bytes, static_cast<std::uint32_t>(one.what.open.size()));
    for (auto const& at : one.what.open)
        append_position(bytes, at);
    append_number(bytes, crc32c(bytes));
    return bytes;
}

std::optional<numbered> decode(std::string_view bytes) {
    if (bytes.size() < fixed_bytes + crc_bytes || !bytes.starts_with(magic)) return std::nullopt;
    auto const listed = number_at<std::uint32_t>(bytes, 40);
    if (listed > checkpoint_file::most_listed) return std::nullopt;
    auto const end = fixed_bytes + listed * position_bytes;
    if (bytes.size() < end + crc_bytes) return std::nullopt;
    if (number_at<std::uint32_t>(bytes, end) != crc32c(bytes.substr(0, end))) return std::nullopt;
    numbered one{number_at<std::uint64_t>(bytes, 8),
                 {position_at(bytes, 16), number_at<std::uint64_t>(bytes, 32), {}}};
    for (auto at = fixed_bytes; at < end; at += position_bytes)
        one.what.open.push_back(position_at(bytes, at));
    return one;
}

off_t place_of(std::uint64_t write) {
    return static_cast<off_t>(write % 2 * place_bytes);
}

} // namespace

checkpoint_file::checkpoint_file(std::filesystem::path const& path)
    : file_{path, O_RDWR | O_CREAT} {
    std::array<char, place_bytes> bytes{};
    for (std::uint64_t place = 0; place < 2; ++place) {
        auto const n = ::pread(file_.descriptor(), bytes.data(), bytes.size(), place_of(place));
        auto const found = decode({bytes.data(), n < 0 ? 0 : static_cast<std::size_t>(n)});
        if (!found || found->write <= writes_) continue;
        writes_ = found->write;
        last_ = found->what;
    }
}

void checkpoint_file::write(checkpoint const& now) {
    auto const bytes = encode({writes_ + 1, now});
    auto const written =
        ::pwrite(file_.descriptor(), bytes.data(), bytes.size(), place_of(writes_ + 1));
    if (written == static_cast<ssize_t>(bytes.size())) ++writes_;
}

} // namespace linli::journal
