#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/anchor.hpp"
#include "app/record.hpp"
#include "domain/named.hpp"

namespace linli::app {

// What somebody has done to the log, or to what vouches for it.
enum class tampering : std::uint8_t {
    changed_line,    // it says something else than its hash, or doesn't follow the line before it
    missing_line,    // there are later ones
    cut_tail,        // the newest lines of a chain are gone
    removed_chain,   // all of its lines are
    rewritten_chain, // consistent in itself, but it is not what was anchored
    added_line,      // bears a time that anchors had already passed, or lies behind its chain's end
    wrong_head,      // the alert or order names another end than its chain has
    missing_head,    // the alert or order itself is gone
    changed_anchor,  // not as it was signed
    missing_anchor,  // there are later ones, or somebody outside knows of it
    other_anchor,    // the database has another one than the outside copy
    missing_guard,   // a trigger that forbids changes was taken away or made toothless
    lost_evidence,   // no line has the hash that somebody was shown
};

struct chain_finding {
    tampering kind = tampering::changed_line;
    domain::uuid chain{};
    std::uint32_t seq = 0;    // the line, if it is about one
    std::uint64_t anchor = 0; // that shows it, or that it is about
    std::string more{};       // which guard, until which line

    bool operator==(chain_finding const&) const = default;
};

// Each of the three by chain, and within it by seq.
struct audited_line {
    domain::uuid chain;
    std::string of;
    std::uint32_t seq = 0;
    domain::instant at;
    std::string hash; // as stored
    bool fits = true; // what it says, and the line before it, give this hash
};

struct audited_head { // as the alert, request, order or complaint names it
    domain::uuid chain;
    std::string of;
    std::uint32_t seq = 0;
    std::string hash;
};

struct anchored_mark {
    chain_mark mark;
    std::uint64_t anchor = 0;
};

struct chain_streams {
    std::function<std::optional<audited_line>()> lines;
    std::function<std::optional<audited_head>()> heads;
    std::function<std::optional<anchored_mark>()> marks;
};

struct audited {
    std::uint64_t chains = 0;
    std::uint64_t lines = 0;
    std::uint64_t vouched = 0; // lines that an anchor binds
    std::uint64_t newer = 0;   // than the last anchor: only their own chain vouches for them yet
    std::uint64_t findings = 0;
};

// Walks the three beside each other, once, and holds one row of each.
class chain_audit {
public:
    using tell = std::function<void(chain_finding)>;

    // `covers`: of the last anchor.
    chain_audit(chain_streams from, std::optional<domain::instant> covers, tell found);

    audited run();
    audited const& so_far() const { return counted_; }

private:
    struct chain_end {
        std::uint32_t seq = 0;
        std::string of{};
        std::string hash{};
    };

    domain::uuid next_chain() const;
    bool ended() const { return !line_ && !head_ && !mark_; }
    void walk(domain::uuid const& chain);
    void look_at(chain_end const& last);
    void hold_to_marks(audited_line const& line);
    bool is_vouched_for(audited_line const& line) const;
    void look_at_head(domain::uuid const& chain, chain_end const& last);
    void look_for_lost_end(domain::uuid const& chain, chain_end const& last);
    void found(chain_finding what);

    chain_streams from_;
    std::optional<domain::instant> covers_;
    tell tell_;
    std::optional<audited_line> line_;
    std::optional<audited_head> head_;
    std::optional<anchored_mark> mark_;
    chain_mark marked_end_; // the last line that a mark names, of the chain that is walked
    audited counted_;
};

} // namespace linli::app

template <>
struct linli::domain::names<linli::app::tampering> {
    using of = linli::app::tampering;
    static constexpr std::array<std::pair<of, std::string_view>, 13> table{{
        {of::changed_line, "changed_line"},
        {of::missing_line, "missing_line"},
        {of::cut_tail, "cut_tail"},
        {of::removed_chain, "removed_chain"},
        {of::rewritten_chain, "rewritten_chain"},
        {of::added_line, "added_line"},
        {of::wrong_head, "wrong_head"},
        {of::missing_head, "missing_head"},
        {of::changed_anchor, "changed_anchor"},
        {of::missing_anchor, "missing_anchor"},
        {of::other_anchor, "other_anchor"},
        {of::missing_guard, "missing_guard"},
        {of::lost_evidence, "lost_evidence"},
    }};
};
