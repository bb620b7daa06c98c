// A worker leaves proof of his visit: once, with the order's log, and nobody but he.
#include "app/visit_proofs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "support/memory_own_work.hpp"
#include "support/memory_proofs.hpp"

namespace linli::tests {

namespace {

using domain::proof_kind;
using domain::refusal;
using domain::reply_kind;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

city town() {
    return a_city()
        .with_station("s1")
        .with(resident("r1").at_home("h1").wears("w1").named("Wang Xiulan").with_code("4711"))
        .with(worker("k1").of("p1").certified("first_aid"));
}

struct visit {
    bench_top b{town()};
    memory_own_work offers{b.record};
    memory_proofs kept{b.record};
    app::visit_proofs proofs{kept, offers, b.dispatch};
    domain::reply his;

    visit() {
        b.takes({b.press("w1", 1)});
        his = b.says(reply_kind::accept);
        steps({reply_kind::accept, reply_kind::en_route, reply_kind::arrived});
    }
    void steps(std::vector<reply_kind> const& all) {
        for (auto const kind : all) {
            his.kind = kind;
            his.reply_id = std::string(to_text(kind));
            EXPECT_FALSE(b.takes({his})[0].refused) << to_text(kind);
        }
    }
    app::given_proof photo(std::uint8_t number) const {
        app::given_proof p;
        p.what.id.value.bytes[15] = number;
        p.what.offer = his.offer;
        p.what.what = proof_kind::photo;
        p.what.fix = north_of(usual_place, 12);
        p.what.digest = "9f86";
        p.what.type = "image/jpeg";
        p.picture = "\xFF\xD8\xFFpicture";
        return p;
    }
    app::given_proof code(std::uint8_t number, std::string digits) const {
        app::given_proof p;
        p.what.id.value.bytes[15] = number;
        p.what.offer = his.offer;
        p.what.what = proof_kind::code;
        p.code = std::move(digits);
        return p;
    }
    app::record_result<app::visit_proofs::answer> tries(app::given_proof what,
                                                        std::string worker = "k1") {
        app::own_scope const whose{{"p1"}, {std::move(worker)}};
        return run_on(b.loop, proofs.give(whose, std::move(what), b.clock.now()));
    }
    app::visit_proofs::answer gives(app::given_proof what) {
        return tries(std::move(what)).value();
    }
    // "proof_given k1: photo 9f86 12m"
    std::vector<std::string> log() const {
        std::vector<std::string> all;
        for (auto const& [seq, each] : b.record.holds().log.at(b.only_order().id.value)) {
            auto const& line = each.line;
            if (line.what != domain::log_kind::proof_given &&
                line.what != domain::log_kind::proof_wrong)
                continue;
            all.push_back(std::string(to_text(line.what)) + ' ' + line.by.who + ": " + line.why);
        }
        return all;
    }
};

} // namespace

TEST(visit_proofs, is_kept_with_how_far_he_was_and_its_digest_stands_in_the_orders_log) {
    visit v;
    auto const told = v.gives(v.photo(1));
    EXPECT_FALSE(told.refused);
    EXPECT_EQ(told.stands.what.distance_m, 12U);
    EXPECT_THAT(v.log(), ElementsAre("proof_given k1: photo 9f86 12m"));
}

TEST(visit_proofs, that_comes_twice_is_kept_once_and_written_once) {
    visit v;
    v.gives(v.photo(1));
    auto const again = v.gives(v.photo(1));
    EXPECT_EQ(again.stands.how, app::proof_record::end::kept);
    EXPECT_THAT(v.log(), ElementsAre("proof_given k1: photo 9f86 12m"));
}

TEST(visit_proofs, that_the_log_could_not_take_is_taken_with_the_next_try) {
    visit v;
    v.b.record.fail_next_commit(app::record_errc::away);
    EXPECT_FALSE(v.tries(v.photo(1)));
    EXPECT_THAT(v.log(), IsEmpty());
    EXPECT_TRUE(v.tries(v.photo(1)));
    EXPECT_THAT(v.log(), ElementsAre("proof_given k1: photo 9f86 12m"));
}

TEST(visit_proofs, comes_late_when_he_had_no_network) {
    visit v;
    auto late = v.photo(1);
    late.what.taken_at = v.b.clock.now();
    v.steps({reply_kind::started, reply_kind::completed});
    v.b.fast_forward(40min);
    auto const told = v.gives(late);
    EXPECT_FALSE(told.refused);
    EXPECT_EQ(told.stands.what.came_at - *told.stands.what.taken_at, 40min);
}

TEST(visit_proofs, is_nobody_elses_to_give) {
    visit v;
    EXPECT_EQ(v.tries(v.photo(1), "k2").value().refused, refusal::unknown);
    EXPECT_EQ(v.tries(v.photo(1), "").value().refused, refusal::unknown)
        << "whoever manages him was not there";
    auto other = v.photo(1);
    other.what.offer.value.bytes[0] = 9;
    EXPECT_EQ(v.gives(other).refused, refusal::unknown);
    EXPECT_THAT(v.log(), IsEmpty());
}

TEST(visit_proofs, is_the_residents_code_and_a_wrong_one_is_written_down) {
    visit v;
    EXPECT_FALSE(v.gives(v.code(1, "0815")).stands.what.holds);
    EXPECT_TRUE(v.gives(v.code(2, "4711")).stands.what.holds);
    EXPECT_THAT(v.log(), ElementsAre("proof_wrong k1: code", "proof_given k1: code"));
}

TEST(visit_proofs, lets_nobody_try_out_codes) {
    visit v;
    for (std::uint8_t n = 1; n <= domain::most_wrong_codes; ++n)
        EXPECT_FALSE(v.gives(v.code(n, "000" + std::to_string(n))).stands.what.holds);
    EXPECT_EQ(v.gives(v.code(9, "4711")).stands.how, app::proof_record::end::enough);
    EXPECT_EQ(v.log().size(), 5U);
}

} // namespace linli::tests
