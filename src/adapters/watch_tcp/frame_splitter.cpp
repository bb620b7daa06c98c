#include "adapters/watch_tcp/frame_splitter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace linli::watch_tcp {

namespace {

constexpr std::string_view blanks{"\r\n\t \0", 5};

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "[3G*8": no name of a network looks like that.
bool begins_frame(std::string_view bytes) {
    return bytes.size() >= 5 && bytes[0] == '[' && is_letter_or_digit(bytes[1]) &&
           is_letter_or_digit(bytes[2]) && bytes[3] == '*' && bytes[4] >= '0' && bytes[4] <= '9';
}

// How many bytes a frame of this header has in all; nothing if it doesn't tell.
std::optional<std::size_t> told_length(std::string_view bytes) {
    std::array<std::size_t, 4> stars{};
    std::size_t found = 0;
    for (std::size_t i = 0; i < bytes.size() && found < stars.size() && bytes[i] != ','; ++i)
        if (bytes[i] == '*') stars[found++] = i;
    for (auto last = found; last >= 3; --last) { // with an index, and without
        auto const from = stars[last - 2] + 1;
        auto const digits = bytes.substr(from, stars[last - 1] - from);
        std::uint32_t value = 0;
        auto const [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() == 4 && error == std::errc{} && end == digits.data() + 4)
            return stars[last - 1] + 1 + value + 1;
    }
    return std::nullopt;
}

} // namespace

void frame_splitter::put(std::string_view bytes) {
    held_ += bytes;
}

std::optional<frame_splitter::piece> frame_splitter::next() {
    skip_what_is_owed();
    auto const begin = held_.find_first_not_of(blanks);
    held_.erase(0, std::min(begin, held_.size()));
    if (held_.empty()) return std::nullopt;
    if (held_[0] != '[') return next_between();
    searched_ = std::max(searched_, std::size_t{1});
    auto const end = held_.find(']', searched_);
    if (end != std::string::npos) return take_frame(end + 1);
    searched_ = held_.size();
    return std::nullopt;
}

// Up to where a frame may begin, or what may be a frame's end: a frame that has lost its first byte
// can still be read.
std::optional<frame_splitter::piece> frame_splitter::next_between() {
    auto const end = held_.find_first_of("[]", searched_);
    searched_ = held_.size();
    if (end == std::string::npos) return std::nullopt;
    return take(held_[end] == ']' ? end + 1 : end, false);
}

// Another frame begins before this one has ended: the first is cut off there.
std::optional<frame_splitter::piece> frame_splitter::take_frame(std::size_t end) {
    for (std::size_t at = 1; at < end; ++at) {
        at = held_.find('[', at);
        if (at == std::string::npos || at >= end) break;
        auto const rest = std::string_view(held_).substr(at);
        if (begins_frame(rest)) return take(at, true);
    }
    auto const told = told_length(std::string_view(held_).substr(0, end));
    owed_ = told && *told > end ? *told - end : 0;
    return take(end, true);
}

std::optional<frame_splitter::piece> frame_splitter::rest() {
    skip_what_is_owed();
    if (held_.empty()) return std::nullopt;
    return take(held_.size(), held_[0] == '[');
}

// The rest of a body that held a bare ']', unless a frame begins: then the length was wrong.
void frame_splitter::skip_what_is_owed() {
    constexpr std::string_view something_new{"[\r\n"};
    auto const owed = std::min(owed_, held_.size());
    auto const until = held_.find_first_of(something_new);
    auto const skipped = std::min(owed, until);
    held_.erase(0, skipped);
    owed_ = skipped < owed ? 0 : owed_ - skipped;
}

std::optional<frame_splitter::piece> frame_splitter::take(std::size_t count, bool is_frame) {
    piece taken{held_.substr(0, count), is_frame};
    held_.erase(0, count);
    searched_ = 0;
    return taken;
}

} // namespace linli::watch_tcp
