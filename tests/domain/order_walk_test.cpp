// A hundred thousand random events: what must always hold holds after each of them.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

class walk {
public:
    explicit walk(std::uint64_t seed) : random_(seed) { begin_anew(); }

    void step() {
        now_ += std::chrono::milliseconds(pick(60'000));
        if (pick(40) == 0) now_ += hours(1);
        if (!is_open(is_) || offers_.size() > 40) begin_anew();
        happens(pick(3) == 0 ? order_event(order_time_passed{}) : any_event());
        if (search_wanted_ && pick(20) != 0) happens(found()); // or the server died in between
    }

    std::map<order_state, int> ended;

private:
    std::size_t pick(std::size_t below) { return random_() % below; }

    void begin_anew() {
        order first;
        first.home = {"h1"};
        first.place = pick(10) == 0 ? order_place::seat : order_place::home;
        with_ = {};
        if (pick(2)) with_.when = offer_when::unless_cleared;
        auto const opened = open_order(first, with_, now_);
        is_ = opened.next;
        search_wanted_ = opened.search;
        offers_.clear();
        check_at_rest();
    }

    search_result found() {
        search_result all;
        for (auto n = pick(4); n > 0; --n) {
            all.ranked.push_back(may_be_asked("k" + std::to_string(pick(5))));
            if (pick(4) == 0) {
                all.ranked.back().why = match_reason::off_duty;
                continue;
            }
            offer_id id;
            id.value.bytes[0] = static_cast<std::uint8_t>(++last_offer_ >> 8);
            id.value.bytes[1] = static_cast<std::uint8_t>(last_offer_);
            all.fresh_ids.push_back(id);
        }
        return all;
    }

    order_event any_choice() {
        auto what = chosen_by_li("k" + std::to_string(pick(5)));
        what.fresh_id.value.bytes[0] = static_cast<std::uint8_t>(++last_offer_ >> 8);
        what.fresh_id.value.bytes[1] = static_cast<std::uint8_t>(last_offer_);
        if (pick(4) == 0) what.visiting = {pick(2) ? "h1" : "h2"};
        if (pick(10) == 0) what.him.reset();
        return what;
    }

    order_event any_reply() {
        reply r;
        r.kind = names<reply_kind>::table[pick(names<reply_kind>::table.size())].first;
        r.offer = offers_.empty() || pick(30) == 0 ? offer_numbered(255)
                                                   : offers_[pick(offers_.size())].id;
        if (is_.held_by && pick(2)) r.offer = *is_.held_by;
        r.provider = {pick(30) ? "company" : "rival"};
        if (pick(4) == 0) r.facts.visiting = {pick(2) ? "h1" : "h2"};
        if (pick(2)) r.reason = "words";
        return r;
    }

    order_event any_event() {
        switch (pick(17)) {
        case 0:
            return found();
        case 1:
            return cancel{{}, pick(4) ? "false_alarm" : ""};
        case 2:
            return follow_up{{"li"}, 3, {}};
        case 3:
            return rung_back{{"li"}, {}};
        case 4:
            return any_choice();
        default:
            return any_reply();
        }
    }

    void happens(order_event const& event) {
        auto const outcome = decide(is_, offers_, event, with_, now_);
        if (!outcome) return;
        check_change(*outcome);
        is_ = outcome->next;
        search_wanted_ = outcome->search;
        for (auto const& changed : outcome->offers) {
            std::erase_if(offers_, [&](offer const& o) { return o.id == changed.id; });
            offers_.push_back(changed);
        }
        check_at_rest();
        if (!is_open(is_)) ++ended[is_.state];
        if (std::holds_alternative<order_time_passed>(event) && is_open(is_) && !search_wanted_) {
            EXPECT_GT(is_.due_at, now_) << "due work would come back at once, for ever";
        }
    }

    void check_change(order_outcome const& outcome) {
        auto same_but_round = outcome.next;
        same_but_round.round = is_.round; // the search that follows says which round it is
        bool const changed_something = same_but_round != is_ || !outcome.offers.empty();
        EXPECT_TRUE(!changed_something || !outcome.log.empty()) << "a change nobody can explain";
        for (auto const& changed : outcome.offers)
            EXPECT_EQ(std::count_if(outcome.offers.begin(), outcome.offers.end(),
                                    [&](offer const& o) { return o.id == changed.id; }),
                      1);
        EXPECT_GE(outcome.next.round, is_.round);
        EXPECT_FALSE(outcome.search && outcome.next.held_by) << "looks for a second worker";
        for (auto const& line : outcome.log)
            EXPECT_EQ(line.why.find("words"), std::string::npos) << "a person's words in the open";
    }

    offer const* held() const {
        if (!is_.held_by) return nullptr;
        auto const at = std::find_if(offers_.begin(), offers_.end(),
                                     [&](offer const& o) { return o.id == *is_.held_by; });
        return at == offers_.end() ? nullptr : &*at;
    }

    void check_at_rest() const {
        auto const count = [&](offer_state s) {
            return std::count_if(offers_.begin(), offers_.end(),
                                 [&](offer const& o) { return o.state == s; });
        };
        EXPECT_EQ(is_open(is_), is_.due_at.has_value());
        EXPECT_LE(count(offer_state::accepted), 1);
        EXPECT_EQ(is_.state == order_state::offered, count(offer_state::open) > 0);
        if (is_on_visit(is_.state)) {
            ASSERT_NE(held(), nullptr);
            EXPECT_EQ(held()->state, offer_state::accepted);
            EXPECT_EQ(held()->worker, is_.worker);
            EXPECT_EQ(held()->provider, is_.provider);
        }
        EXPECT_EQ(is_.held_by.has_value(), !is_.worker.empty());
        for (auto const& o : offers_)
            EXPECT_EQ(o.state == offer_state::open, o.due_at.has_value());
    }

    std::mt19937_64 random_;
    order_plan with_;
    order is_;
    std::vector<offer> offers_;
    instant now_ = evening;
    unsigned last_offer_ = 0;
    bool search_wanted_ = false;
};

} // namespace

TEST(order_walk, what_must_always_hold_holds_after_each_of_100000_events) {
    constexpr std::uint64_t seed = 20260101;
    walk w(seed);
    for (int i = 0; i < 100'000 && !testing::Test::HasFailure(); ++i) {
        SCOPED_TRACE(testing::Message() << "seed " << seed << ", step " << i);
        w.step();
    }
    for (auto end : {order_state::followed_up, order_state::cancelled, order_state::failed,
                     order_state::stood_down})
        EXPECT_GT(w.ended[end], 20)
            << "a walk that never gets there proves little: " << to_text(end);
}

} // namespace linli::tests
