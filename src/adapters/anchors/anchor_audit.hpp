#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/anchors/anchor_key.hpp"
#include "adapters/anchors/anchor_text.hpp"
#include "adapters/anchors/mark_sorter.hpp"
#include "app/chain_audit.hpp"

namespace linli::anchors {

// One anchor's text after the other, oldest first.
using anchor_texts = std::function<std::optional<std::string>()>;

struct anchored {
    std::uint64_t anchors = 0;
    std::uint64_t last = 0;         // number
    std::uint64_t last_outside = 0; // the rest is the database's own, and signed as well
    std::optional<domain::instant> at;
    std::optional<domain::instant> covers;
    std::string digest; // of the last one
    // After a restore: from the first of these to before the second nothing is held against the
    // log. Somebody has signed for it.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> restored;

    bool is_lost(std::uint64_t anchor) const;
};

// Walks the anchors of the outside copy beside those of the database. Is each one signed, does it
// follow the one before, has the database the same one, and is it what somebody outside was told
// of? Those that are give their marks. What the copy doesn't have any more, or not yet, is taken
// from the database: nobody can make one without the key.
class anchor_audit {
public:
    anchor_audit(known_keys const& keys, mark_sorter& into, app::chain_audit::tell tell)
        : keys_(keys), into_(into), tell_(std::move(tell)) {}

    // `known`: number to digest.
    anchored run(anchor_texts const& outside, anchor_texts inside,
                 std::map<std::uint64_t, std::string> known);

private:
    std::optional<signed_anchor> read(std::string const& text) const;
    void take_outside(std::string const& text);
    void fill_gap_before(std::uint64_t number);
    bool take_inside(std::uint64_t number);
    void hold_to_database(std::uint64_t number, std::string const& text);
    void take_what_is_newer();
    void accept(signed_anchor const& each);

    known_keys const& keys_;
    mark_sorter& into_;
    app::chain_audit::tell tell_;
    anchor_texts inside_;
    std::optional<std::string> next_inside_;
    std::map<std::uint64_t, std::string> known_;
    std::uint64_t first_lost_inside_ = 0;
    anchored seen_;
};

} // namespace linli::anchors
