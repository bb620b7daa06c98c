#include "app/device_lines.hpp"

#include <algorithm>

namespace linli::app {

namespace {

constexpr std::size_t block_size = 256 * 1024;

} // namespace

void device_lines::append(std::string_view line) {
    if (blocks_.empty() || blocks_.back().size() + line.size() >= blocks_.back().capacity()) {
        blocks_.emplace_back();
        blocks_.back().reserve(block_size + line.size());
    }
    auto& block = blocks_.back();
    lines_.push_back(
        {static_cast<std::uint32_t>(blocks_.size() - 1), static_cast<std::uint32_t>(block.size())});
    block += line;
    block += '\n';
}

void device_lines::sort() {
    auto const name = [this](line_at where) { return device(where); };
    if (!std::ranges::is_sorted(lines_, {}, name)) std::ranges::sort(lines_, {}, name);
    lines_.shrink_to_fit();
}

std::string_view device_lines::line(line_at where) const {
    std::string_view const block = blocks_[where.block];
    return block.substr(where.offset, block.find('\n', where.offset) - where.offset);
}

std::string_view device_lines::device(line_at where) const {
    std::string_view const block = blocks_[where.block];
    return block.substr(where.offset, block.find('\t', where.offset) - where.offset);
}

std::optional<std::string_view> device_lines::find(std::string_view wanted) const {
    auto const name = [this](line_at where) { return device(where); };
    auto const at = std::ranges::lower_bound(lines_, wanted, {}, name);
    if (at == lines_.end() || device(*at) != wanted) return std::nullopt;
    return line(*at);
}

void device_lines::each(std::function<void(std::string_view)> const& take) const {
    for (auto const& where : lines_)
        take(line(where));
}

std::string line_of_fields(std::initializer_list<std::string_view> fields) {
    std::string line;
    bool is_first = true;
    for (auto const field : fields) {
        if (!is_first) line += '\t';
        is_first = false;
        for (char const c : field)
            line += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
    return line;
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> all;
    for (;;) {
        auto const end = line.find('\t');
        all.push_back(line.substr(0, end));
        if (end == line.npos) return all;
        line.remove_prefix(end + 1);
    }
}

} // namespace linli::app
