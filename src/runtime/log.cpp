#include "runtime/log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

#include <boost/system/system_error.hpp>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include "runtime/one_line.hpp"

namespace linli::runtime::log {

namespace {

constexpr std::size_t max_value_bytes = 1000;

bool is_plain(char c) {
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool const digit = c >= '0' && c <= '9';
    return letter || digit || std::string_view("_-.:/+@,").find(c) != std::string_view::npos;
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
        if (value[at] == '"' || value[at] == '\\') line += '\\';
        auto const shown = first_shown(value.substr(at));
        line += shown.text;
        at += shown.bytes;
    }
    line += '"';
    if (at < value.size()) line += fmt::format("(+{} bytes)", value.size() - at);
    return line;
}

std::string describe(std::exception_ptr const& error) {
    if (!error) return "no error";
    try {
        std::rethrow_exception(error);
    } catch (boost::system::system_error const& e) {
        // Its what() names the line of Boost's headers, too, of no use to the person on duty.
        return e.code().message();
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
