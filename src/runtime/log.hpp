#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/core.h>

#include "runtime/utc_text.hpp"

// One line for each event, to standard error:
//     2026-11-23T16:20:01.123Z info  alert_raised event=w1:7:42 subject=resident:R1 text="…"
// An event is a word in the past tense, known at compile time; everything else is a field. Fields
// hold ids and codes; names, addresses and telephone numbers of people don't belong here.
// All functions may be called from any thread.
namespace linli::runtime::log {

enum class level : std::uint8_t { debug, info, warning, error };

// The value as one word of a log line: bare if it is plain, otherwise quoted and escaped, so that
// text from a device can't end the line, close its quote, or turn the reader's terminal around.
// Cut after 1000 bytes.
std::string quoted(std::string_view value);

// What the exception says of itself.
std::string describe(std::exception_ptr const& error);

// Texts, numbers, times, durations (in ms), errors, exceptions, and the domain's ids and words.
template <class T>
std::string text_of(T const& value) {
    if constexpr (std::is_convertible_v<T const&, std::string_view>)
        return std::string(std::string_view(value));
    else if constexpr (std::is_convertible_v<T const&, std::exception_ptr>)
        return describe(value);
    else if constexpr (requires { value.message(); })
        return std::string(value.message()); // error_code
    else if constexpr (requires { value.what(); })
        return std::string(value.what());
    else if constexpr (requires { value.time_since_epoch(); })
        return utc_text(std::chrono::floor<std::chrono::microseconds>(value));
    else if constexpr (requires { typename T::period; })
        return fmt::format("{}ms", std::chrono::floor<std::chrono::milliseconds>(value).count());
    else if constexpr (requires { value.native(); })
        return std::string(value.native()); // a path
    else if constexpr (requires { to_text(value); })
        return std::string(to_text(value)); // the domain's enumerations
    else if constexpr (requires { std::string_view(value.value); })
        return std::string(value.value); // the domain's text ids
    else if constexpr (!std::is_arithmetic_v<T> && requires { to_string(value); })
        return to_string(value); // the domain's record ids
    else
        return fmt::format("{}", value);
}

struct field {
    template <class T>
    field(std::string_view name, T const& with) : key(name), value(text_of(with)) {}

    std::string_view key;
    std::string value;
};

using fields = std::initializer_list<field>;

void debug(std::string_view event, fields with = {});
void info(std::string_view event, fields with = {});
void warning(std::string_view event, fields with = {});
void error(std::string_view event, fields with = {});

// Lines below the level are dropped; info until it is set.
void set_level(level lowest);
bool enabled(level asked);

// While it lives, lines go to `to` and not to standard error. For tests; one at a time. `to` must
// not log.
class redirection {
public:
    using destination = std::function<void(std::string_view line)>;

    explicit redirection(destination to);
    redirection(redirection const&) = delete;
    redirection& operator=(redirection const&) = delete;
    ~redirection();
};

} // namespace linli::runtime::log
