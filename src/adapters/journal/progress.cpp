#include "adapters/journal/progress.hpp"

#include "adapters/journal/bytes.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace linli::journal {

namespace {

constexpr std::string_view magic = "LINLICP1";
constexpr std::size_t position_bytes = 16;
constexpr std::size_t fixed_bytes = 8 + position_bytes + 8 + 4;
constexpr std::size_t most_listed = 1024;

void append_position(std::string& to, position at) {
    append_number(to, at.segment);
    append_number(to, at.offset);
}

position position_at(std::string_view bytes, std::size_t at) {
    return {number_at<std::uint64_t>(bytes, at), number_at<std::uint64_t>(bytes, at + 8)};
}

} // namespace

position progress::begin() const {
    return last_.open.empty() ? last_.cursor : std::min(last_.cursor, last_.open.front());
}

std::uint64_t progress::records_before_begin() const {
    return last_.records_before - std::min<std::uint64_t>(last_.records_before, last_.open.size());
}

bool progress::was_committed(position at) const {
    return at < last_.cursor && !std::binary_search(last_.open.begin(), last_.open.end(), at);
}

std::uint64_t progress::commit(std::span<position const> done) {
    std::uint64_t known = 0;
    for (auto const& at : done)
        known += outstanding_.erase(at);
    return known;
}

position progress::oldest_open(position cursor) const {
    return outstanding_.empty() ? cursor : std::min(*outstanding_.begin(), cursor);
}

checkpoint progress::now(position cursor, std::uint64_t records_before) const {
    checkpoint now{cursor, records_before, {outstanding_.begin(), outstanding_.end()}};
    if (cursor < last_.cursor) { // still reading again what the last run left open
        auto const unread = std::lower_bound(last_.open.begin(), last_.open.end(), cursor);
        now.open.insert(now.open.end(), unread, last_.open.end());
        now.cursor = last_.cursor;
        now.records_before = last_.records_before;
    }
    if (now.open.size() > most_listed) { // the list stays small; a few more would come again
        now.cursor = now.open[most_listed];
        now.records_before -=
            std::min<std::uint64_t>(now.records_before, now.open.size() - most_listed);
        now.open.resize(most_listed);
    }
    return now;
}

void write_checkpoint(std::filesystem::path const& path, checkpoint const& now) {
    std::string bytes{magic};
    append_position(bytes, now.cursor);
    append_number(bytes, now.records_before);
    for (auto const& at : now.open)
        append_position(bytes, at);
    append_number(bytes, crc32c(bytes));

    auto const fresh = path.string() + ".new";
    file const out{fresh, O_WRONLY | O_CREAT | O_TRUNC};
    if (!out.is_open()) return;
    auto const written = ::write(out.descriptor(), bytes.data(), bytes.size());
    if (written != static_cast<ssize_t>(bytes.size())) return;
    std::error_code ignored;
    std::filesystem::rename(fresh, path, ignored);
}

checkpoint read_checkpoint(std::filesystem::path const& path) {
    std::ifstream in{path, std::ios::binary};
    std::string const bytes{std::istreambuf_iterator<char>{in}, {}};
    if (bytes.size() < fixed_bytes || !bytes.starts_with(magic)) return {};
    auto const checked = std::string_view{bytes}.substr(0, bytes.size() - 4);
    if (number_at<std::uint32_t>(bytes, checked.size()) != crc32c(checked)) return {};

    checkpoint last{position_at(bytes, 8), number_at<std::uint64_t>(bytes, 24), {}};
    for (std::size_t at = fixed_bytes - 4; at + position_bytes <= checked.size();
         at += position_bytes)
        last.open.push_back(position_at(bytes, at));
    return last;
}

} // namespace linli::journal
