#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/chain_audit.hpp"

namespace linli::anchors {

// Brings the marks of all anchors into the order of the chains, as the log is read. Whatever
// doesn't fit into its part of the memory waits sorted in files without a name.
class mark_sorter {
public:
    explicit mark_sorter(std::size_t in_memory = 500'000) : in_memory_(in_memory) {}

    void add(app::chain_mark const& mark, std::uint64_t anchor);
    // After the last add().
    std::optional<app::anchored_mark> next();

private:
    struct packed {
        std::array<std::uint8_t, 16> chain;
        std::uint32_t seq;
        std::uint64_t anchor;
        std::array<char, 32> hash;
    };
    struct run {
        std::unique_ptr<std::FILE, int (*)(std::FILE*)> file;
        packed first; // not yet given
    };
    static bool is_before(packed const& one, packed const& other);
    static bool reads(run& from);
    void write_run();
    void begin_giving();

    std::size_t in_memory_;
    std::vector<packed> gathered_;
    std::size_t given_ = 0;
    std::vector<run> runs_; // a heap, by first, once giving has begun
    bool gives_ = false;
};

} // namespace linli::anchors
