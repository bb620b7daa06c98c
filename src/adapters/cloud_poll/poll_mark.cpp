#include "adapters/cloud_poll/poll_mark.hpp"

#include <charconv>
#include <chrono>
#include <fstream>
#include <string>

#include "runtime/replace_file.hpp"

namespace linli::cloud_poll {

std::filesystem::path mark_file(std::filesystem::path const& folder, std::string const& source) {
    return folder / ("polled-" + source);
}

std::optional<domain::instant> read_mark(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line)) return std::nullopt;
    std::int64_t seconds = 0;
    auto const* last = line.data() + line.size();
    auto const [end, error] = std::from_chars(line.data(), last, seconds);
    constexpr std::int64_t far = 100'000'000'000; // the year 5138: no overflow in microseconds
    if (error != std::errc{} || end != last || seconds < 0 || seconds > far) return std::nullopt;
    return domain::instant{std::chrono::seconds(seconds)};
}

std::error_code keep_mark(std::filesystem::path const& file, domain::instant through) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(through.time_since_epoch());
    return runtime::replace_file(file, std::to_string(seconds.count()) + '\n');
}

std::error_code begin_mark(std::filesystem::path const& file, domain::instant now) {
    std::error_code error;
    if (std::filesystem::exists(file, error) || error) return error;
    return keep_mark(file, now);
}

} // namespace linli::cloud_poll
