#include "contract/keeper.hpp"

namespace linli::tests {

void record_contract::SetUp() {
    keeper_ = GetParam()();
    if (!keeper_) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run the contract on PostgreSQL";
    keeper_->load(the_town());
    must(record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
}

std::string record_contract::answer_to(app::changes const& what,
                                       std::vector<app::presumed_device> const& presumed) {
    auto const done = run(presumed.empty() ? record().commit(what)
                                           : keeper_->presuming().commit_if(what, presumed));
    return in_words(done ? std::nullopt : std::optional(done.error()));
}

city the_town() {
    city town = a_city();
    town.with_centre("c1", 480, 1200)
        .with_station("s1", 480, 1080)
        .with(home("h1").roughly("Changyang Road").door("3-501").notes("dog").has("box1"))
        .with(resident("r1")
                  .at_home("h1")
                  .wears("w1")
                  .named("Sun Mei")
                  .phone("13800000001")
                  .with_code("4711"))
        .with(resident("r2").at_home("h1").wears("w2").named("Sun Bo").high_risk().speaks("wuu"))
        .with_station("s2")
        .with(home("h2").nowhere())
        .with(resident("r3").at_home("h2").wears("w3"))
        .with(worker("k1")
                  .from("s1")
                  .certified("first_aid")
                  .certified("lifting")
                  .rated(4.5)
                  .wears("kb1"))
        .with(worker("k2").of("p2").unseen().on_duty(1320, 360))
        .with(worker("chen")
                  .of("p1")
                  .who_is(domain::responder_kind::neighbour)
                  .with_a_partner()
                  .with_key_of("h1"))
        .with(worker("k9").of("p9").whose_company_is_asked())
        .with(home("h4").flagged("dog").flagged("violence"))
        .with(resident("r4").at_home("h4").wears("w4"))
        .with(resident("r0").at_home("h0").wears("w0").synthetic())
        .with(worker("k0").of("p0").synthetic())
        .with_device("spare");
    return town;
}

namespace {

std::string name_of(testing::TestParamInfo<keeper_maker> const& who) {
    return who.param == keeper_on_memory ? "memory" : "postgres";
}

} // namespace

INSTANTIATE_TEST_SUITE_P(on, record_contract, testing::Values(keeper_on_memory, keeper_on_postgres),
                         name_of);

} // namespace linli::tests
