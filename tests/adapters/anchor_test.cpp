// What the log was is signed and kept outside the database; who changes that is found as well.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "adapters/anchors/anchor_audit.hpp"
#include "adapters/anchors/anchor_file.hpp"
#include "support/evening.hpp"

namespace linli::anchors {
namespace {

using app::chain_finding;
using app::tampering;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::evening;

domain::uuid chain(std::uint8_t number) {
    domain::uuid id;
    id.bytes[15] = number;
    return id;
}

class the_anchors : public testing::Test {
protected:
    the_anchors() {
        std::string folder = "/tmp/linli-anchors-XXXXXX";
        folder_ = ::mkdtemp(folder.data());
        keys_.emplace(signing_keys::create_if_missing(folder_ / "anchor.keys"));
        for (int n = 1; n <= 3; ++n)
            texts_.push_back(text_of(static_cast<std::uint64_t>(n), *keys_));
    }
    ~the_anchors() override { std::filesystem::remove_all(folder_); }

    std::string text_of(std::uint64_t number, signing_keys const& by) {
        app::anchor a{number, evening, evening - app::longest_commit, previous_, {}, {}};
        a.marks = {{chain(static_cast<std::uint8_t>(number)), 2, std::string(32, 'h')}};
        auto text = anchor_text(a, by);
        previous_ = read_anchor(text)->digest;
        return text;
    }
    static anchor_texts stream(std::vector<std::string> all) {
        return [all = std::move(all), at = std::size_t{0}]() mutable -> std::optional<std::string> {
            if (at == all.size()) return std::nullopt;
            return all[at++];
        };
    }
    std::vector<chain_finding> audit(std::vector<std::string> outside,
                                     std::vector<std::string> inside,
                                     std::map<std::uint64_t, std::string> known = {}) {
        std::vector<chain_finding> found;
        mark_sorter marks;
        anchor_audit walk(keys_->known(), marks,
                          [&](chain_finding each) { found.push_back(std::move(each)); });
        seen_ = walk.run(stream(std::move(outside)), stream(std::move(inside)), std::move(known));
        marks_ = 0;
        while (marks.next())
            ++marks_;
        return found;
    }
    std::vector<std::string> without(std::size_t which) const {
        auto all = texts_;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(which));
        return all;
    }

    std::filesystem::path folder_;
    std::optional<signing_keys> keys_;
    std::string previous_ = std::string(32, '\0');
    std::vector<std::string> texts_;
    anchored seen_;
    int marks_ = 0;
};

auto is(tampering kind, std::uint64_t anchor) {
    return testing::AllOf(testing::Field(&chain_finding::kind, kind),
                          testing::Field(&chain_finding::anchor, anchor));
}

std::string changed(std::string text) {
    text[text.find(" 2 ") + 1] = '3'; // the line that a chain ended at
    return text;
}

TEST_F(the_anchors, are_read_as_they_were_written) {
    app::anchor a{17, evening, evening - app::longest_commit, std::string(32, 'p'), 12, {}};
    a.marks = {{chain(1), 4'000'000'000U, std::string(32, 'h')},
               {chain(2), 1, std::string(32, 'i')}};
    auto const read = read_anchor(anchor_text(a, *keys_));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->what, a);
    EXPECT_TRUE(keys_->known().has_signed(read->key_id, read->body, read->signature));
}

TEST_F(the_anchors, are_whole_when_the_copy_and_the_database_have_the_same) {
    EXPECT_THAT(audit(texts_, texts_), IsEmpty());
    EXPECT_EQ(seen_.last, 3U);
    EXPECT_EQ(marks_, 3);
    EXPECT_EQ(seen_.covers, evening - app::longest_commit);
}

TEST_F(the_anchors, that_were_changed_outside_are_named_and_the_databases_taken) {
    auto outside = texts_;
    outside[1] = changed(outside[1]);
    EXPECT_THAT(audit(outside, texts_), ElementsAre(is(tampering::changed_anchor, 2)));
    EXPECT_EQ(marks_, 3);
}

TEST_F(the_anchors, that_were_changed_in_the_database_are_named) {
    auto inside = texts_;
    inside[1] = changed(inside[1]);
    EXPECT_THAT(audit(texts_, inside), ElementsAre(is(tampering::other_anchor, 2)));
    EXPECT_EQ(marks_, 3);
}

TEST_F(the_anchors, that_are_missing_on_either_side_are_named) {
    EXPECT_THAT(audit(without(1), texts_), ElementsAre(is(tampering::missing_anchor, 2)));
    EXPECT_EQ(marks_, 3);
    EXPECT_THAT(audit(texts_, without(1)), ElementsAre(is(tampering::other_anchor, 2)));
    EXPECT_THAT(audit(texts_, {}), ElementsAre(is(tampering::other_anchor, 1)));
}

TEST_F(the_anchors, behind_the_end_of_an_older_copy_are_the_databases) {
    EXPECT_THAT(audit({texts_[0]}, texts_), IsEmpty());
    EXPECT_EQ(seen_.last_outside, 1U);
    EXPECT_EQ(seen_.last, 3U);
    EXPECT_EQ(marks_, 3);
}

TEST_F(the_anchors, by_another_key_count_for_nothing) {
    auto const other = signing_keys::create_if_missing(folder_ / "other.keys");
    previous_ = std::string(32, '\0');
    auto const forged = text_of(1, other);
    EXPECT_THAT(audit({forged}, {forged}), ElementsAre(is(tampering::changed_anchor, 1)));
    EXPECT_EQ(marks_, 0);
}

TEST_F(the_anchors, are_held_to_what_somebody_outside_was_told) {
    auto const digest = read_anchor(texts_[2])->digest;
    EXPECT_THAT(audit(texts_, texts_, {{3, digest}}), IsEmpty());
    EXPECT_THAT(audit(texts_, texts_, {{3, std::string(32, 'x')}}),
                ElementsAre(is(tampering::changed_anchor, 3)));
    texts_.pop_back(); // out of both: only who was told can know
    EXPECT_THAT(audit(texts_, texts_, {{3, digest}}),
                ElementsAre(is(tampering::missing_anchor, 3)));
}

TEST_F(the_anchors, made_anew_with_the_right_key_do_not_follow_the_ones_before) {
    previous_ = std::string(32, 'x');
    auto outside = texts_;
    outside[2] = text_of(3, *keys_);
    EXPECT_THAT(audit(outside, outside), ElementsAre(is(tampering::changed_anchor, 3)));
}

TEST_F(the_anchors, between_a_restore_and_what_it_went_back_to_are_held_against_nobody) {
    app::anchor back{4, evening, evening, read_anchor(texts_[2])->digest, 1, {}};
    texts_.push_back(anchor_text(back, *keys_));
    EXPECT_THAT(audit(texts_, texts_), IsEmpty());
    EXPECT_FALSE(seen_.is_lost(1));
    EXPECT_TRUE(seen_.is_lost(2));
    EXPECT_TRUE(seen_.is_lost(3));
    EXPECT_FALSE(seen_.is_lost(4));
}

TEST_F(the_anchors, stand_in_a_file_that_only_grows_also_over_what_was_cut_off) {
    auto const file = folder_ / "anchors.txt";
    append_anchor(file, texts_[0]);
    std::ofstream(file, std::ios::app) << texts_[1].substr(0, 100); // a power cut
    append_anchor(file, texts_[1]);
    append_anchor(file, texts_[2]);
    anchor_reading reading(file);
    std::vector<std::string> read;
    while (auto text = reading.next())
        read.push_back(*text);
    EXPECT_EQ(read, texts_);
    EXPECT_EQ(reading.bytes_read(), reading.bytes());
}

TEST_F(the_anchors, keys_are_refused_when_others_may_read_them) {
    std::filesystem::permissions(folder_ / "anchor.keys", std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    EXPECT_THROW(signing_keys::load(folder_ / "anchor.keys"), anchor_key_error);
}

TEST_F(the_anchors, public_half_is_enough_to_audit) {
    std::ofstream(folder_ / "officer") << "# of the installation\n" << keys_->known().text();
    auto const known = known_keys::load(folder_ / "officer");
    auto const one = read_anchor(texts_[0]);
    EXPECT_TRUE(known.has_signed(one->key_id, one->body, one->signature));
    EXPECT_FALSE(known.has_signed(one->key_id, one->body + "x", one->signature));
}

TEST_F(the_anchors, marks_come_in_the_order_of_the_log_however_many_there_are) {
    for (std::size_t const in_memory : {3U, 4U, 1000U}) {
        mark_sorter sorter(in_memory);
        for (int n = 0; n < 100; ++n)
            sorter.add({chain(static_cast<std::uint8_t>(n * 37 % 100)),
                        static_cast<std::uint32_t>(n % 3 + 1), std::string(32, char('a' + n % 26))},
                       static_cast<std::uint64_t>(n));
        int given = 0;
        for (auto mark = sorter.next(); mark; mark = sorter.next(), ++given) {
            EXPECT_EQ(mark->mark.chain.bytes[15], given);
            EXPECT_EQ(mark->mark.hash, std::string(32, char('a' + mark->anchor % 26)));
        }
        EXPECT_EQ(given, 100);
    }
}

} // namespace
} // namespace linli::anchors
