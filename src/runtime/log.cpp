#include "runtime/log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

namespace linli::runtime::log {

namespace {

constexpr std::size_t max_value_bytes = 1000;

struct code_point {
    char32_t value = 0;
    std::size_t bytes = 0; // 0: not UTF-8
};

// The code point at the start of a text that is not empty (RFC 3629: no surrogates, no overlong
// forms, nothing above U+10FFFF).
code_point first_code_point(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    std::size_t const bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
    char32_t value = lead & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return {};
        value = (value << 6U) | (byte(i) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    bool const surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < smallest[bytes] || value > 0x10ffff || surrogate) return {};
    return {value, bytes};
}

bool is_plain(char c) {
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool const digit = c >= '0' && c <= '9';
    return letter || digit || std::string_view("_-.:/+@,").find(c) != std::string_view::npos;
}

// What a terminal or an editor obeys instead of showing it: controls, line separators, and the
// marks that reverse or hide text ("trojan source").
bool is_invisible(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           c == 0x061c || (c >= 0xe0000 && c <= 0xe007f);
}

void append_escaped(std::string& line, code_point c, std::string_view bytes) {
    if (c.bytes == 0)
        line += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
    else if (c.value == U'"' || c.value == U'\\')
        line.append("\\").append(bytes);
    else if (c.value == U'\n')
        line += "\\n";
    else if (c.value == U'\r')
        line += "\\r";
    else if (c.value == U'\t')
        line += "\\t";
    else if (is_invisible(c.value))
        line += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c.value));
    else
        line += bytes;
}

// spdlog gives the time, the level's gate and the lock; the place is ours so that a test can look.
class line_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    void send_to(redirection::destination to) {
        std::lock_guard const lock(mutex_);
        destination_ = std::move(to);
    }

protected:
    void sink_it_(spdlog::details::log_msg const& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        if (destination_) {
            destination_(std::string_view(line.data(), line.size()));
            return;
        }
        line.push_back('\n');
        // In one call, so that lines of several processes on one pipe don't mix.
        std::fwrite(line.data(), 1, line.size(), stderr);
    }
    void flush_() override { std::fflush(stderr); }

private:
    redirection::destination destination_;
};

struct output {
    std::shared_ptr<line_sink> sink = std::make_shared<line_sink>();
    spdlog::logger logger{"linli", sink};

    output() {
        auto formatter = std::make_unique<spdlog::pattern_formatter>(
            "%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc, "");
        logger.set_formatter(std::move(formatter));
    }
};

// Never destroyed: the last lines may be written by destructors at exit.
output& the_output() {
    static auto& only = *new output;
    return only;
}

constexpr std::array<spdlog::level::level_enum, 4> spdlog_levels{
    spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
constexpr std::array<std::string_view, 4> level_words{"debug", "info ", "warn ", "error"};

void write(level at, std::string_view event, fields with) {
    if (!enabled(at)) return;
    auto const index = static_cast<std::size_t>(at);
    std::string line = fmt::format("{} {}", level_words[index], quoted(event));
    for (auto const& each : with)
        line += fmt::format(" {}={}", quoted(each.key), quoted(each.value));
    the_output().logger.log(spdlog_levels[index], spdlog::string_view_t(line));
}

} // namespace

std::string quoted(std::string_view value) {
    if (!value.empty() && value.size() <= max_value_bytes && std::ranges::all_of(value, is_plain))
        return std::string(value);
    std::string line = "\"";
    std::size_t at = 0;
    while (at < value.size() && at < max_value_bytes) {
        auto const rest = value.substr(at);
        auto const c = first_code_point(rest);
        auto const bytes = rest.substr(0, std::max<std::size_t>(c.bytes, 1));
        append_escaped(line, c, bytes);
        at += bytes.size();
    }
    line += '"';
    if (at < value.size()) line += fmt::format("(+{} bytes)", value.size() - at);
    return line;
}

std::string describe(std::exception_ptr const& error) {
    if (!error) return "no error";
    try {
        std::rethrow_exception(error);
    } catch (std::exception const& e) {
        return e.what();
    } catch (...) {
        return "unknown exception";
    }
}

void debug(std::string_view event, fields with) {
    write(level::debug, event, with);
}
void info(std::string_view event, fields with) {
    write(level::info, event, with);
}
void warning(std::string_view event, fields with) {
    write(level::warning, event, with);
}
void error(std::string_view event, fields with) {
    write(level::error, event, with);
}

void set_level(level lowest) {
    the_output().logger.set_level(spdlog_levels[static_cast<std::size_t>(lowest)]);
}

bool enabled(level asked) {
    return the_output().logger.should_log(spdlog_levels[static_cast<std::size_t>(asked)]);
}

redirection::redirection(destination to) {
    the_output().sink->send_to(std::move(to));
}
redirection::~redirection() {
    the_output().sink->send_to({});
}

} // namespace linli::runtime::log
