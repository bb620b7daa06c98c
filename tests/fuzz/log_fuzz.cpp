// Any bytes of a device in a log line: one line, in UTF-8, that nothing in it can end or turn
// around; and whoever reads it has the bytes back.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/wire/clean_text.hpp"
#include "fuzz/require.hpp"
#include "runtime/log.hpp"

namespace {

using namespace linli;

constexpr std::size_t longest_value = 1000;

std::uint32_t hex_in(std::string_view text) {
    std::uint32_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    require(error == std::errc{} && end == text.data() + text.size());
    return value;
}

void put_utf8(std::uint32_t c, std::string& to) {
    auto const tail = [&](unsigned shift) {
        to += static_cast<char>(0x80U | ((c >> shift) & 0x3fU));
    };
    if (c < 0x80) {
        to += static_cast<char>(c);
    } else if (c < 0x800) {
        to += static_cast<char>(0xc0U | (c >> 6U));
        tail(0);
    } else if (c < 0x10000) {
        to += static_cast<char>(0xe0U | (c >> 12U));
        tail(6);
        tail(0);
    } else {
        to += static_cast<char>(0xf0U | (c >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

// One escape behind its backslash; how long it is.
std::size_t unescape(std::string_view text, std::string& to) {
    require(!text.empty());
    switch (text.front()) {
    case 'n':
        to += '\n';
        return 1;
    case 'r':
        to += '\r';
        return 1;
    case 't':
        to += '\t';
        return 1;
    case 'x':
        require(text.size() >= 3);
        to += static_cast<char>(hex_in(text.substr(1, 2)));
        return 3;
    case 'u': {
        auto const end = text.find('}');
        require(text.size() > 2 && text[1] == '{' && end != text.npos);
        put_utf8(hex_in(text.substr(2, end - 2)), to);
        return end + 1;
    }
    default:
        require(text.front() == '"' || text.front() == '\\');
        to += text.front();
        return 1;
    }
}

std::string unquoted(std::string_view line) {
    if (!line.starts_with('"')) return std::string(line);
    std::string plain;
    std::size_t at = 1;
    for (; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\')
            at += unescape(line.substr(at + 1), plain);
        else
            plain += line[at];
    }
    require(at < line.size());
    auto const behind = line.substr(at + 1);
    require(behind.empty() || (behind.starts_with("(+") && behind.ends_with(" bytes)")));
    return plain;
}

void check_line(std::string_view line) {
    require(is_one_line(line) && wire::is_utf8(line));
    for (std::string_view const turns :
         {"\u202e", "\u2028", "\u2029", "\u200f", "\u2066", "\u0085", "\ufeff"})
        require(line.find(turns) == line.npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const word = runtime::log::quoted(bytes);
    check_line(word);
    require(word.size() <= 8 * longest_value + 40);
    auto const back = unquoted(word);
    require(bytes.starts_with(back));
    require(back.size() >= std::min(size, longest_value));

    std::string line;
    runtime::log::redirection const here([&](std::string_view said) { line += said; });
    runtime::log::warning("device_spoke", {{"text", bytes}, {bytes, "as a key"}});
    check_line(line);
    require(line.find("text=" + word) != line.npos);
    return 0;
}
