#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/anchor.hpp"

namespace linli::postgres {

// The anchors in the database, as texts: what stands in one is another room's.
struct stored_anchor {
    std::uint64_t number = 0;
    domain::instant at;
    std::string text;
};

std::optional<stored_anchor> last_anchor(std::string const& url);

// From this number on, oldest first.
void read_anchors(std::string const& url, std::uint64_t from,
                  std::function<void(stored_anchor const&)> const& take);

// A transaction that writes anchors: all of them, or none.
class anchor_writing {
public:
    virtual ~anchor_writing() = default;

    // Of all chains that have a line since then, where each stands; in portions of most_marks, and
    // one without any if there is nothing. `is_last`: with this one the reading is whole.
    virtual void
    marks_since(std::optional<domain::instant> since,
                std::function<void(std::vector<app::chain_mark>, bool is_last)> const& take) = 0;
    // Throws when another server has written this number meanwhile.
    virtual void add(stored_anchor const& what) = 0;
    virtual void commit() = 0;
};

std::unique_ptr<anchor_writing> write_anchors(std::string const& url);

} // namespace linli::postgres
