// Every change can be explained: what somebody does to the log is named, by its own chains or by
// what was signed of them.
#include "app/chain_audit.hpp"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>

#include "support/evening.hpp"

namespace linli::tests {

using app::chain_finding;
using app::tampering;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

domain::uuid chain(std::uint8_t number) {
    domain::uuid id;
    id.bytes[15] = number;
    return id;
}

std::string hash(char letter) {
    return std::string(32, letter);
}

// Three lines of each of two alerts, anchored at the second and at the third line of the first one,
// and at the last of the second.
struct a_log {
    std::vector<app::audited_line> lines;
    std::vector<app::audited_head> heads;
    std::vector<app::anchored_mark> marks;
    std::optional<domain::instant> covers = evening;

    a_log() {
        for (auto const which : {std::uint8_t{1}, std::uint8_t{2}}) {
            for (std::uint32_t seq : {1U, 2U, 3U})
                lines.push_back({chain(which), "alert", seq, evening - domain::minutes(30),
                                 hash(static_cast<char>('a' + 10 * which + int(seq)))});
            heads.push_back({chain(which), "alert", 3, lines.back().hash});
        }
        marks = {{{chain(1), 2, lines[1].hash}, 1},
                 {{chain(1), 3, lines[2].hash}, 2},
                 {{chain(2), 3, lines[5].hash}, 2}};
    }

    template <class T>
    static std::function<std::optional<T>()> stream(std::vector<T> const& all) {
        return [&all, at = std::size_t{0}]() mutable -> std::optional<T> {
            if (at == all.size()) return std::nullopt;
            return all[at++];
        };
    }
    std::vector<chain_finding> audit() {
        std::vector<chain_finding> found;
        app::chain_audit walk({stream(lines), stream(heads), stream(marks)}, covers,
                              [&](chain_finding each) { found.push_back(std::move(each)); });
        counted = walk.run();
        return found;
    }

    app::audited counted;
};

auto is(tampering kind, std::uint8_t which, std::uint32_t seq, std::uint64_t anchor = 0) {
    return testing::AllOf(testing::Field(&chain_finding::kind, kind),
                          testing::Field(&chain_finding::chain, chain(which)),
                          testing::Field(&chain_finding::seq, seq),
                          testing::Field(&chain_finding::anchor, anchor));
}

} // namespace

TEST(a_log_audit, finds_nothing_in_a_log_that_nobody_touched) {
    a_log log;
    EXPECT_THAT(log.audit(), IsEmpty());
    EXPECT_EQ(log.counted.chains, 2U);
    EXPECT_EQ(log.counted.lines, 6U);
    EXPECT_EQ(log.counted.vouched, 6U);
    EXPECT_EQ(log.counted.newer, 0U);
}

TEST(a_log_audit, names_a_line_that_was_changed) {
    a_log log;
    log.lines[1].fits = false;
    EXPECT_THAT(log.audit(), ElementsAre(is(tampering::changed_line, 1, 2)));
}

TEST(a_log_audit, names_a_line_that_became_another_things) {
    a_log log;
    log.lines[1].of = "order";
    EXPECT_THAT(log.audit(),
                ElementsAre(is(tampering::changed_line, 1, 2), is(tampering::changed_line, 1, 3)));
}

TEST(a_log_audit, names_lines_that_are_missing_from_the_middle_and_from_the_beginning) {
    a_log log;
    log.lines.erase(log.lines.begin() + 4);
    log.lines.erase(log.lines.begin());
    EXPECT_THAT(log.audit(),
                ElementsAre(is(tampering::missing_line, 1, 1), is(tampering::missing_line, 2, 2)));
}

TEST(a_log_audit, names_a_tail_that_was_cut_by_what_the_alert_says_of_its_end) {
    a_log log;
    log.marks.clear();
    log.covers.reset();
    log.lines.pop_back();
    EXPECT_THAT(log.audit(), ElementsAre(is(tampering::cut_tail, 2, 3)));
}

TEST(a_log_audit, names_it_by_the_anchor_when_the_alert_was_made_to_agree) {
    a_log log;
    log.lines.pop_back();
    log.heads[1] = {chain(2), "alert", 2, log.lines.back().hash};
    EXPECT_THAT(log.audit(), ElementsAre(is(tampering::cut_tail, 2, 3, 2)));
}

TEST(a_log_audit, names_a_chain_that_was_removed_with_its_alert) {
    a_log log;
    log.lines.resize(3);
    log.heads.resize(1);
    EXPECT_THAT(log.audit(), ElementsAre(is(tampering::removed_chain, 2, 1, 2)));
}

TEST(a_log_audit, names_a_chain_that_was_made_anew_by_the_anchors_alone) {
    a_log log;
    log.lines[1].hash = hash('x');
    log.lines[2].hash = hash('y');
    log.heads[0].hash = hash('y');
    EXPECT_THAT(log.audit(), ElementsAre(is(tampering::rewritten_chain, 1, 2, 1),
                                         is(tampering::rewritten_chain, 1, 3, 2)));
    log.marks.clear();
    log.covers.reset();
    EXPECT_THAT(log.audit(), IsEmpty()) << "without anchors nobody could know";
}

TEST(a_log_audit, names_a_line_that_slipped_in_behind_an_anchors_back) {
    a_log log;
    log.lines.push_back({chain(3), "alert", 1, evening - domain::minutes(1), hash('z')});
    log.heads.push_back({chain(3), "alert", 1, hash('z')});
    EXPECT_THAT(log.audit(), ElementsAre(is(tampering::added_line, 3, 1)));
}

TEST(a_log_audit, counts_what_is_newer_than_the_last_anchor_and_holds_nothing_against_it) {
    a_log log;
    log.lines.push_back({chain(3), "alert", 1, evening, hash('z')});
    log.heads.push_back({chain(3), "alert", 1, hash('z')});
    EXPECT_THAT(log.audit(), IsEmpty());
    EXPECT_EQ(log.counted.vouched, 6U);
    EXPECT_EQ(log.counted.newer, 1U);
}

TEST(a_log_audit, names_a_line_behind_the_end_of_its_chain_and_an_end_that_is_another) {
    a_log log;
    log.heads[0] = {chain(1), "alert", 2, log.lines[1].hash};
    log.heads[1].hash = hash('!');
    EXPECT_THAT(log.audit(),
                ElementsAre(is(tampering::added_line, 1, 3), is(tampering::wrong_head, 2, 3)));
}

TEST(a_log_audit, names_a_chain_whose_alert_is_gone) {
    a_log log;
    log.heads.erase(log.heads.begin());
    EXPECT_THAT(log.audit(), ElementsAre(is(tampering::missing_head, 1, 0)));
}

} // namespace linli::tests
