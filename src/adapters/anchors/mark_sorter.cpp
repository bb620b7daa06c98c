#include "adapters/anchors/mark_sorter.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <tuple>

namespace linli::anchors {

bool mark_sorter::is_before(packed const& one, packed const& other) {
    return std::tie(one.chain, one.seq, one.anchor) <
           std::tie(other.chain, other.seq, other.anchor);
}

void mark_sorter::add(app::chain_mark const& mark, std::uint64_t anchor) {
    packed each{mark.chain.bytes, mark.seq, anchor, {}};
    std::memcpy(each.hash.data(), mark.hash.data(), std::min(each.hash.size(), mark.hash.size()));
    gathered_.push_back(each);
    if (gathered_.size() == in_memory_) write_run();
}

void mark_sorter::write_run() {
    std::ranges::sort(gathered_, is_before);
    run to{{std::tmpfile(), &std::fclose}, {}};
    if (!to.file || std::fwrite(gathered_.data(), sizeof(packed), gathered_.size(),
                                to.file.get()) != gathered_.size())
        throw std::system_error(errno, std::generic_category(), "sorting the anchors' marks");
    std::rewind(to.file.get());
    runs_.push_back(std::move(to));
    gathered_.clear();
}

bool mark_sorter::reads(run& from) {
    return std::fread(&from.first, sizeof(packed), 1, from.file.get()) == 1;
}

// The earliest on top, as std's heaps have their greatest.
constexpr auto later_first = [](auto const& one, auto const& other) {
    return std::tie(other.first.chain, other.first.seq, other.first.anchor) <
           std::tie(one.first.chain, one.first.seq, one.first.anchor);
};

void mark_sorter::begin_giving() {
    gives_ = true;
    std::ranges::sort(gathered_, is_before);
    if (runs_.empty()) return;
    if (!gathered_.empty()) write_run();
    std::erase_if(runs_, [](run& each) { return !reads(each); });
    std::ranges::make_heap(runs_, later_first);
}

std::optional<app::anchored_mark> mark_sorter::next() {
    if (!gives_) begin_giving();
    auto const of = [](packed const& p) {
        return app::anchored_mark{{{p.chain}, p.seq, std::string(p.hash.data(), p.hash.size())},
                                  p.anchor};
    };
    if (given_ < gathered_.size()) return of(gathered_[given_++]);
    if (runs_.empty()) return std::nullopt;
    std::ranges::pop_heap(runs_, later_first);
    auto const found = of(runs_.back().first);
    if (reads(runs_.back()))
        std::ranges::push_heap(runs_, later_first);
    else
        runs_.pop_back();
    return found;
}

} // namespace linli::anchors
