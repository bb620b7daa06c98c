// Who waits with an open question hears of a change at once, and of nothing that is not his.
#include "app/own_work.hpp"

#include <functional>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "app/bench_top.hpp"
#include "support/evening.hpp"
#include "support/let_others_run.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_own_work.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using testing::ElementsAre;

offer_id numbered(std::uint8_t number) {
    offer_id id;
    id.value.bytes[15] = number;
    return id;
}

app::own_offer open_offer(std::uint8_t number, seconds lease = seconds(45)) {
    app::own_offer o;
    o.news.offer.id = numbered(number);
    o.news.offer.provider = {"p1"};
    o.news.offer.version = 1;
    o.news.offer.expires_at = evening + lease;
    return o;
}

// Whatever the test has put there.
class shelf final : public app::own_work_reading {
public:
    std::vector<app::own_offer> offers;
    int reads = 0;
    bool is_away = false;
    std::function<void()> meanwhile; // once, when what is there has been read

    runtime::task<app::record_result<std::vector<app::own_offer>>>
    offers_of(app::own_scope const&, std::vector<offer_id> const&) override {
        ++reads;
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        auto const seen = offers;
        if (meanwhile) std::exchange(meanwhile, {})();
        co_return seen;
    }
    runtime::task<app::record_result<std::optional<app::own_offer>>> find(app::own_scope const&,
                                                                          offer_id which) override {
        co_await let_others_run();
        std::optional<app::own_offer> one;
        for (auto const& each : offers)
            if (each.news.offer.id == which) one = each;
        co_return one;
    }
    runtime::task<app::record_result<std::vector<app::own_contact>>>
    contacts_at(order_id) override {
        co_await let_others_run();
        co_return std::vector<app::own_contact>{{{"r1"}, 1, "Sun Li", "daughter", "13800000002"}};
    }
    runtime::task<app::record_result<std::vector<app::own_person>>>
    people_of(provider_id const&) override {
        co_await let_others_run();
        co_return std::vector<app::own_person>{};
    }
};

class own_page : public testing::Test {
protected:
    using answered = std::optional<app::record_result<app::own_work::answer>>;

    void asks(std::string seen, instant until, answered& into,
              app::own_scope const& whose_page = {{"p1"}, {"k1"}}) {
        boost::asio::co_spawn(
            loop_,
            [](app::own_work& of, app::own_scope whose, std::string etag, instant end,
               answered& to) -> runtime::task<void> {
                std::vector<offer_id> const known;
                to = co_await of.look(whose, known, etag, end);
            }(work_, whose_page, std::move(seen), until, into),
            boost::asio::detached);
        settle();
    }
    void settle() {
        loop_.restart();
        while (loop_.poll() > 0) {
        }
    }
    app::changes change_of(std::string provider, std::string worker = "k1") {
        app::changes what;
        offer f;
        f.provider = {std::move(provider)};
        f.worker = {std::move(worker)};
        what.offers.push_back(f);
        return what;
    }
    // How often a page of that scope looks because of it.
    int looks_for(app::own_scope const& whose, std::function<void()> const& happens) {
        auto const now = clock_.now();
        answered first;
        asks("", now, first, whose);
        answered second;
        asks(first->value().etag, now + seconds(25), second, whose);
        auto const before = from_.reads;
        happens();
        settle();
        EXPECT_FALSE(second) << "nothing of his has changed";
        auto const after = from_.reads;
        clock_.fast_forward(seconds(26));
        work_.hinted();
        settle(); // it is over, and waits no more for the next
        return after - before;
    }
    static std::vector<int> numbers(answered const& a) {
        std::vector<int> all;
        for (auto const& o : a->value().offers)
            all.push_back(o.news.offer.id.value.bytes[15]);
        return all;
    }

    manual_clock clock_{evening};
    shelf from_;
    bench_top house_;
    app::own_work work_{from_, house_.dispatch, clock_};
    boost::asio::io_context loop_; // last: who still waits on it leaves the others
};

} // namespace

TEST_F(own_page, is_told_at_once_what_it_has_not_seen) {
    from_.offers = {open_offer(2, seconds(45)), open_offer(1, seconds(20))};
    answered first;
    asks("", evening + seconds(25), first);
    ASSERT_TRUE(first);
    EXPECT_THAT(numbers(first), ElementsAre(1, 2)) << "whose lease ends first";
}

TEST_F(own_page, hears_at_once_of_what_is_committed_while_it_reads) {
    answered first;
    asks({}, evening, first);
    from_.meanwhile = [this] {
        from_.offers = {open_offer(1)};
        work_.committed(change_of("p1"));
    };
    answered news;
    asks(first->value().etag, evening + minutes(1), news);
    ASSERT_TRUE(news) << "and not when it looks next, seconds later";
    EXPECT_THAT(numbers(news), ElementsAre(1));
}

TEST_F(own_page, shows_what_is_held_before_what_is_offered) {
    auto held = open_offer(3, seconds(90));
    held.news.offer.state = offer_state::accepted;
    from_.offers = {open_offer(1), held};
    answered first;
    asks("", evening, first);
    ASSERT_TRUE(first);
    EXPECT_THAT(numbers(first), ElementsAre(3, 1));
}

TEST_F(own_page, waits_while_nothing_changes_and_hears_a_commit_at_once) {
    answered first;
    asks("", evening, first);
    answered second;
    asks(first->value().etag, evening + seconds(25), second);
    EXPECT_FALSE(second);
    from_.offers = {open_offer(1)};
    work_.committed(change_of("p1"));
    settle();
    ASSERT_TRUE(second);
    EXPECT_THAT(numbers(second), ElementsAre(1));
}

TEST_F(own_page, is_not_woken_by_what_is_somebody_elses) {
    answered first;
    asks("", evening, first);
    answered second;
    asks(first->value().etag, evening + seconds(25), second);
    auto const reads = from_.reads;
    work_.committed(change_of("p2"));
    settle();
    EXPECT_EQ(from_.reads, reads);
    EXPECT_FALSE(second);
    work_.hinted();
    settle();
    EXPECT_EQ(from_.reads, reads + 1) << "what another server did may be anybody's";
    EXPECT_FALSE(second) << "and was nothing of his";
}

TEST_F(own_page, of_a_worker_looks_for_what_names_him_and_a_companys_for_all_of_its_own) {
    app::own_scope const his{{"p1"}, {"k1"}};
    app::own_scope const colleague{{"p1"}, {"k2"}};
    app::own_scope const company{{"p1"}, {}};
    app::own_scope const stranger{{"p9"}, {"k1"}};
    auto const offered = [this] { work_.committed(change_of("p1", "k1")); };
    EXPECT_EQ(looks_for(his, offered), 1);
    EXPECT_EQ(looks_for(colleague, offered), 0) << "a thousand colleagues needn't ask";
    EXPECT_EQ(looks_for(company, offered), 1);
    EXPECT_EQ(looks_for(stranger, offered), 0);

    auto const to_company = [this] { work_.committed(change_of("p1", "")); };
    EXPECT_EQ(looks_for(his, to_company), 0) << "it hasn't named him";
    EXPECT_EQ(looks_for(company, to_company), 1);

    auto const arrives = [this] {
        app::changes what;
        order o;
        o.provider = {"p1"};
        o.worker = {"k1"};
        what.orders.push_back(o);
        work_.committed(what);
    };
    EXPECT_EQ(looks_for(his, arrives), 1);
    EXPECT_EQ(looks_for(colleague, arrives), 0);
}

TEST_F(own_page, looks_when_the_company_names_another_in_his_place) {
    auto const named = [this] {
        auto what = change_of("p1", "k2");
        order o;
        o.id.value.bytes[15] = 1;
        o.provider = {"p1"};
        o.worker = {"k2"};
        what.orders.push_back(o);
        what.log.push_back(
            {app::chain_of::order, o.id.value, {evening, log_kind::assigned, {}, "k2", {}}, {}});
        work_.committed(what);
    };
    EXPECT_EQ(looks_for({{"p1"}, {"k1"}}, named), 1) << "no row names him any more";
    EXPECT_EQ(looks_for({{"p9"}, {"k1"}}, named), 0);
}

TEST_F(own_page, looks_once_for_all_hints_of_a_second) {
    answered first;
    asks("", evening, first);
    answered second;
    asks(first->value().etag, evening + minutes(5), second);
    auto const reads = from_.reads;
    for (int i = 0; i < 20; ++i) {
        work_.hinted();
        settle();
        clock_.fast_forward(std::chrono::milliseconds(45));
    }
    EXPECT_GT(from_.reads, reads) << "the first at once";
    EXPECT_LE(from_.reads, reads + 2) << "and once more when the second is over";
    auto const before = from_.reads;
    clock_.fast_forward(seconds(2));
    work_.hinted();
    settle();
    EXPECT_EQ(from_.reads, before + 1);
    EXPECT_FALSE(second);
}

TEST_F(own_page, is_answered_all_the_same_when_its_time_is_over) {
    answered first;
    asks("", evening, first);
    answered second;
    asks(first->value().etag, evening + seconds(25), second);
    clock_.fast_forward(seconds(26));
    work_.hinted();
    settle();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->value().etag, first->value().etag);
}

TEST_F(own_page, hears_that_the_database_is_away) {
    from_.is_away = true;
    answered first;
    asks("", evening, first);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->error(), app::record_errc::away);
}

TEST_F(own_page, sees_another_etag_when_the_order_moves_and_the_offer_does_not) {
    from_.offers = {open_offer(1)};
    answered first;
    asks("", evening, first);
    from_.offers.at(0).order_version = 7;
    answered second;
    asks(first->value().etag, evening + seconds(25), second);
    ASSERT_TRUE(second);
    EXPECT_NE(second->value().etag, first->value().etag);
}

// ---- what he says

namespace {

app::own_scope of_whom(app::offer_news const& news) {
    return {news.offer.provider, news.offer.worker};
}

class own_answer : public testing::Test {
protected:
    void SetUp() override { house_.takes({house_.press("w1", 1)}); }

    std::string says(app::own_scope whose, reply_kind kind) {
        reply what;
        what.reply_id = "r" + std::to_string(++said_);
        what.offer = house_.news().offer.id;
        what.kind = kind;
        auto const came = run_on(house_.loop, work_.say(std::move(whose), what));
        if (!came) return "away";
        return came->refused ? std::string(to_text(*came->refused)) : "done";
    }

    bench_top house_;
    memory_own_work from_{house_.record};
    app::own_work work_{from_, house_.dispatch, house_.clock};
    int said_ = 0;
};

} // namespace

TEST_F(own_answer, goes_the_way_of_every_reply) {
    auto const mine = of_whom(house_.news());
    EXPECT_EQ(says(mine, reply_kind::accept), "done");
    EXPECT_EQ(house_.only_order().state, order_state::accepted);
    EXPECT_EQ(says(mine, reply_kind::en_route), "done");
    EXPECT_EQ(says(mine, reply_kind::arrived), "done");
    EXPECT_EQ(house_.only_order().state, order_state::arrived);
}

TEST_F(own_answer, that_he_has_turned_round_is_asked_of_who_held_it_until_he_says_so) {
    auto const mine = of_whom(house_.news());
    auto const made = house_.news().offer.id;
    auto const shown = [&] { return run_on(house_.loop, from_.find(mine, made)).value().value(); };
    EXPECT_FALSE(shown().due_at) << "it is only offered to him";
    EXPECT_EQ(says(mine, reply_kind::accept), "done");
    auto const why = house_.only_alert().id;
    house_.takes({app::alert_command{why, claim{{"op1"}}}});
    house_.takes({app::alert_command{why, close{{"op1"}, disposition::false_alarm, "a cushion"}}});
    EXPECT_EQ(shown().news.offer.state, offer_state::withdrawn);
    EXPECT_EQ(shown().order, order_state::stood_down);
    EXPECT_EQ(shown().due_at, house_.only_order().due_at) << "until he has turned round";
    EXPECT_EQ(says(mine, reply_kind::stood_down), "done");
    EXPECT_FALSE(shown().due_at);
    EXPECT_FALSE(is_open(house_.only_order()));
}

TEST_F(own_answer, asks_nothing_of_who_held_it_before_another) {
    auto const mine = of_whom(house_.news());
    auto const made = house_.news().offer.id;
    EXPECT_EQ(says(mine, reply_kind::accept), "done");
    house_.fast_forward(minutes(4)); // he doesn't set out, and another is asked
    auto const his = run_on(house_.loop, from_.find(mine, made)).value().value();
    EXPECT_EQ(his.news.offer.state, offer_state::withdrawn);
    ASSERT_TRUE(house_.only_order().due_at);
    EXPECT_FALSE(his.due_at);
}

TEST_F(own_answer, to_what_is_somebody_elses_is_an_answer_to_nothing) {
    auto other = of_whom(house_.news());
    other.worker = {"somebody-else"};
    auto const before = house_.committed.size();
    EXPECT_EQ(says(other, reply_kind::accept), "unknown");
    EXPECT_EQ(house_.only_order().state, order_state::offered);
    EXPECT_EQ(house_.committed.size(), before) << "it is not even noted: he knows of no such offer";
}

namespace {

// p1 is asked as a company: wang and li may go, zhou has learnt nothing, sun is off duty.
city town_of_a_company() {
    auto const of_p1 = [](char const* id) {
        return worker(id).of("p1").certified("first_aid").whose_company_is_asked();
    };
    return a_city()
        .with_station("s1")
        .with(resident("r1").at_home("h1").wears("w1"))
        .with(home("h2").has("b2"))
        .with(of_p1("wang"))
        .with(of_p1("li").at(north_of(usual_place, 900)))
        .with(of_p1("sun").on_duty(0, 0))
        .with(worker("zhou").of("p1").whose_company_is_asked())
        .with(worker("other").of("p9").certified("first_aid").at(north_of(usual_place, 9000)));
}

class company_page : public testing::Test {
protected:
    void SetUp() override {
        from_.people[{"wang"}] = {{"wang"}, "Wang Qiang", "13700000001"};
        house_.takes({house_.press("w1", 1)});
        ASSERT_TRUE(house_.news().offer.worker.empty()) << "made to the company";
    }
    app::own_scope manager(char const* provider = "p1") { return {{provider}, {}}; }
    domain::offer_id made() const { return house_.news().offer.id; }
    // "wang next", the best first.
    std::vector<std::string> people(app::own_scope whose) {
        auto const found = run_on(house_.loop, work_.people_for(std::move(whose), made()));
        std::vector<std::string> all;
        for (auto const& each : found.value().all)
            all.push_back(each.who.id.value + ' ' + std::string(to_text(each.who.why)));
        return all;
    }
    std::string names(reply_kind kind, std::string who, app::own_scope whose) {
        reply what;
        what.reply_id = "r" + std::to_string(++said_);
        what.offer = made();
        what.kind = kind;
        what.worker = {std::move(who)};
        auto const came = run_on(house_.loop, work_.say(std::move(whose), what));
        if (!came) return "away";
        return came->refused ? std::string(to_text(*came->refused)) : "done";
    }

    bench_top house_{town_of_a_company()};
    memory_own_work from_{house_.record};
    app::own_work work_{from_, house_.dispatch, house_.clock};
    int said_ = 0;
};

} // namespace

TEST_F(company_page, lists_its_people_the_best_first_and_why_not) {
    EXPECT_THAT(people(manager()),
                ElementsAre("wang next", "li next", "sun off_duty", "zhou no_certificate"));
    auto const found = run_on(house_.loop, work_.people_for(manager(), made())).value();
    EXPECT_EQ(found.all.at(0).name, "Wang Qiang");
    EXPECT_EQ(found.all.at(0).phone, "13700000001");
    EXPECT_NEAR(found.all.at(1).who.distance_m, 900, 1);
    EXPECT_EQ(house_.committed.size(), 1U) << "asking writes nothing";
}

TEST_F(company_page, lists_nobody_to_another_company) {
    auto const found = run_on(house_.loop, work_.people_for(manager("p9"), made())).value();
    EXPECT_FALSE(found.is_offered);
    EXPECT_FALSE(found.may_be_named);
    EXPECT_EQ(names(reply_kind::accept, "other", manager("p9")), "unknown");
}

TEST_F(company_page, accepts_and_says_who_goes_and_thinks_better_of_it_until_he_sets_out) {
    EXPECT_EQ(names(reply_kind::accept, "wang", manager()), "done");
    EXPECT_EQ(house_.only_order().worker.value, "wang");
    EXPECT_THAT(people(manager()), testing::Contains("wang next")) << "he is still one of them";
    EXPECT_EQ(names(reply_kind::assign, "li", manager()), "done");
    EXPECT_EQ(house_.only_order().worker.value, "li");
    EXPECT_EQ(names(reply_kind::en_route, "", manager()), "done");
    auto const found = run_on(house_.loop, work_.people_for(manager(), made())).value();
    EXPECT_TRUE(found.is_offered);
    EXPECT_FALSE(found.may_be_named) << "somebody is on his way";
}

TEST_F(company_page, leaves_it_to_the_manager_to_say_who_goes) {
    EXPECT_EQ(names(reply_kind::accept, "wang", manager()), "done");
    app::own_scope const wang{{"p1"}, {"wang"}};
    EXPECT_EQ(names(reply_kind::assign, "li", wang), "not_yours");
    EXPECT_EQ(house_.only_order().worker.value, "wang");
}

TEST_F(company_page, sends_nobody_who_lacks_the_certificate_and_whom_it_calls_in) {
    EXPECT_EQ(names(reply_kind::accept, "zhou", manager()), "unfit");
    EXPECT_EQ(house_.only_order().state, order_state::offered) << "nothing was accepted with him";
    EXPECT_EQ(names(reply_kind::accept, "other", manager()), "not_yours");
    EXPECT_EQ(names(reply_kind::accept, "sun", manager()), "done");
    EXPECT_EQ(house_.only_order().worker.value, "sun");
}

TEST_F(company_page, sees_who_stands_in_another_home) {
    EXPECT_EQ(names(reply_kind::accept, "wang", manager()), "done");
    house_.takes({house_.press("b2", 1)});
    EXPECT_THAT(people(manager()), testing::Contains("wang at_other_home"));
    EXPECT_EQ(names(reply_kind::accept, "wang", manager()), "unfit");
    EXPECT_EQ(names(reply_kind::accept, "li", manager()), "done");
}

TEST_F(own_answer, waits_while_the_database_is_away) {
    from_.away(true);
    EXPECT_EQ(says(of_whom(house_.news()), reply_kind::accept), "away");
}

} // namespace linli::tests
