// Each state of a call against each input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <utility>

#include "hotline/a_call.hpp"

namespace linli::tests {
namespace {

using testing::IsEmpty;

// From any state any input, in any order: what was opened is closed once the call has ended, nobody
// is invited without being ended, answered or gone, and the end is told once.
class tally {
public:
    void take(turn const& done) {
        for (auto const& each : done.effects)
            std::visit([this](auto const& what) { on(what); }, each);
    }
    void check_ended() const {
        EXPECT_THAT(open_, IsEmpty());
        EXPECT_THAT(rooms_, IsEmpty());
        EXPECT_THAT(listeners_, IsEmpty());
        EXPECT_THAT(invited_, IsEmpty());
        EXPECT_FALSE(is_called_) << "whom we call is still rung";
        EXPECT_EQ(ends_, 1);
    }
    // Whoever is on the line hears somebody or something, and where he sends to there is.
    void check_running(call const& c) const {
        if (c.is == call_state::ended || c.is < call_state::waiting) return;
        EXPECT_TRUE(c.without_caller || open_.contains(c.session));
        bool const waits = c.is == call_state::waiting && !c.placed;
        // Whoever had him went while he came to the mixer: there he hears the third.
        auto const* const three = c.three ? &*c.three : nullptr;
        bool const hears_third = three && three->is == three_state::moving_out && three->has_mixer;
        EXPECT_TRUE(!waits || c.hears || hears_third) << "in silence";
        if (c.is != call_state::talking) return;
        bool const is_told =
            c.consent == consent_state::asked_for || c.consent == consent_state::being_said;
        EXPECT_EQ(silent_.contains(c.session), c.held || is_told);
        auto const talks = [](leg const& l) {
            return l.is == leg_state::talking && l.role != leg_role::listens;
        };
        bool const on_his_way = c.moving_to || (c.three && c.three->again_at);
        EXPECT_TRUE(on_his_way || std::ranges::any_of(c.legs, talks)) << "he is alone";
    }
    void leg_went(std::string const& id) { invited_.erase(id); }
    void caller_went() { is_called_ = false; }

private:
    template <class Other>
    void on(Other const&) {}
    void on(open_session const& what) { open_.insert(what.session); }
    void on(silence_talk const& what) {
        if (what.on)
            silent_.insert(what.session);
        else
            silent_.erase(what.session);
    }
    void on(offer_caller const& what) { open_.insert(what.session); }
    void on(join_caller const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(call_caller const&) { EXPECT_FALSE(std::exchange(is_called_, true)); }
    void on(end_caller const&) { is_called_ = false; }
    void on(offer_leg const& what) { EXPECT_TRUE(open_.insert(what.session).second); }
    void on(offer_third const& what) {
        EXPECT_TRUE(open_.insert(what.session).second);
        EXPECT_TRUE(rooms_.insert(what.session).second);
    }
    void on(connect_to_room const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(open_mixed const& what) {
        EXPECT_TRUE(open_.insert(what.session).second);
        EXPECT_TRUE(rooms_.contains(what.room));
    }
    void on(join_mixed const& what) {
        EXPECT_TRUE(open_.contains(what.session));
        EXPECT_TRUE(rooms_.contains(what.room));
    }
    void on(mix_leg const& what) {
        EXPECT_TRUE(open_.contains(what.session));
        EXPECT_TRUE(rooms_.contains(what.room));
    }
    void on(mix_talk const& what) { EXPECT_TRUE(rooms_.contains(what.room)); }
    void on(close_room const& what) { EXPECT_EQ(rooms_.erase(what.room), 1U); }
    void on(offer_listener const& what) {
        EXPECT_TRUE(open_.contains(what.talk));
        EXPECT_TRUE(open_.insert(what.session).second);
        EXPECT_TRUE(rooms_.insert(what.session).second);
        listeners_[what.leg.value] = what.talk;
    }
    void on(end_listening const& what) {
        EXPECT_TRUE(open_.contains(what.talk));
        EXPECT_EQ(listeners_.erase(what.leg.value), 1U);
    }
    void on(close_session const& what) {
        EXPECT_EQ(open_.erase(what.session), 1U);
        std::erase_if(listeners_, [&](auto const& each) { return each.second == what.session; });
    }
    void on(start_sound const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(switch_recording const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(invite_leg const& what) { EXPECT_TRUE(invited_.insert(what.leg.value).second); }
    void on(end_leg const& what) { EXPECT_EQ(invited_.erase(what.leg.value), 1U); }
    void on(news const& what) {
        if (std::holds_alternative<told_ended>(what)) ++ends_;
    }

    std::set<session_number> open_, rooms_, silent_;
    std::map<std::string, session_number> listeners_;
    std::set<std::string> invited_;
    bool is_called_ = false; // by us
    int ends_ = 0;
};

std::string any_place(std::mt19937& dice) {
    std::array const places{std::string_view(), a_call::sdp_of_him, a_call::sdp_from_elsewhere};
    return std::string(places[dice() % places.size()]);
}

// What a talk of three waits for, that the walks come far enough.
input next_of_three(std::mt19937& dice, call const& c) {
    auto const& t = *c.three;
    auto const third =
        std::ranges::find_if(c.legs, [&](leg const& l) { return l.what.leg == t.third; });
    bool const is_there = third != c.legs.end();
    switch (t.is) {
    case three_state::asking:
        if (is_there && third->is == leg_state::offering) return leg_offered{t.third, "sdp"};
        if (is_there && third->is == leg_state::ringing)
            return hotline::leg_answered{t.third, "sdp"};
        return leg_connected{t.third, "sdp"};
    case three_state::opening:
        return mixed_opened{t.callers, "sdp"};
    case three_state::aside:
        return dice() % 2 == 0 ? input(join_third{}) : input(leg_left{t.first, dice() % 2 == 0});
    case three_state::joined:
        if (dice() % 3 == 0) return caller_left{};
        return dice() % 2 == 0 ? input(leave{}) : input(leg_left{t.third, true});
    case three_state::moving_in:
    case three_state::moving_out:
        break;
    }
    return dice() % 4 == 0 ? input(caller_stayed{491}) : input(caller_moved{any_place(dice)});
}

input any_of_three(std::mt19937& dice, call const& c) {
    leg_id const leg{"op" + std::to_string(dice() % 4)};
    ring const whom{.leg = leg, .address = "sip:a@b", .timeout = seconds(30)};
    bool const may_come = c.is == call_state::talking && !c.three && dice() % 2 == 0;
    switch (may_come ? 0 : dice() % 8) {
    case 0:
        return add_third{whom, dice() % 3 == 0};
    case 1:
        return join_third{};
    case 2:
        return leave{};
    case 3:
        return mixer_lost{c.three ? c.three->room : 0};
    case 4:
        return listen{whom};
    case 5:
        return mixed_opened{c.three ? c.three->callers : 0, "sdp"};
    case 6:
        return dice() % 2 == 0 ? input(caller_changed{any_place(dice)})
                               : input(leg_changed{leg, any_place(dice)});
    default:
        return caller_moved{any_place(dice)};
    }
}

input any_input(std::mt19937& dice, call const& c) {
    if (c.three && dice() % 3 != 0) return next_of_three(dice, c);
    if (dice() % 4 == 0) return any_of_three(dice, c);
    auto const roll = [&](int sides) {
        return static_cast<int>(dice() % static_cast<unsigned>(sides));
    };
    leg_id const leg{"op" + std::to_string(roll(4))};
    auto const session = static_cast<session_number>(roll(static_cast<int>(c.sessions) + 1));
    switch (roll(30)) {
    case 0:
        return caller_confirmed{};
    case 1:
        return caller_moved{any_place(dice)};
    case 2:
        return caller_stayed{488};
    case 3:
        return roll(6) == 0 ? input(caller_left{}) : input(caller_moved{});
    case 4:
        return leg_rang{leg};
    case 5:
        return hotline::leg_answered{leg, "sdp"};
    case 6:
        return leg_refused{leg, 486};
    case 7:
        return leg_left{leg, roll(2) == 0};
    case 8:
        return session_opened{"sdp"};
    case 9:
    case 10:
        return leg_offered{leg, "sdp"};
    case 11:
    case 12:
        return leg_connected{leg, "sdp"};
    case 13:
        return roll(4) == 0 ? input(media_refused{session}) : input(leg_rang{leg});
    case 14:
        return roll(6) == 0 ? input(media_lost{session}) : input(playing{session, seconds(3)});
    case 15:
        return withdraw{leg};
    case 16:
        return park{};
    case 17:
        return hold{};
    case 18:
        return resume{};
    case 19:
        return server_lost{};
    case 20:
        return server_back{};
    case 21:
        return time_passed{};
    case 22:
        return caller_rang{};
    case 23:
        return caller_answered{std::string(a_call::sdp_of_him)};
    case 24:
        return caller_joined{session};
    case 25:
        return roll(4) == 0 ? input(caller_refused{486}) : input(caller_joined{0});
    case 26:
        return digit_pressed{std::nullopt, "127#"[roll(4)]};
    case 27:
        return say{{{"a1"}, {"a2"}}};
    default:
        return ring{.leg = leg, .address = "sip:a@b", .timeout = seconds(30)};
    }
}

bool caller_ends_it(input const& what, call const& c) {
    if (std::holds_alternative<caller_left>(what)) return true;
    return std::holds_alternative<caller_refused>(what) && c.is == call_state::calling;
}

// An INVITE that has ended by itself is nobody's to end.
bool ends_by_itself(input const& what, call const& c) {
    auto const* const left = std::get_if<leg_left>(&what);
    auto const* const refused = std::get_if<leg_refused>(&what);
    auto const id = left ? left->leg : refused ? refused->leg : leg_id();
    auto const at = std::ranges::find_if(c.legs, [&](leg const& l) { return l.what.leg == id; });
    if (at == c.legs.end()) return false;
    return left ? at->is >= leg_state::ringing : at->is == leg_state::ringing;
}

TEST(HotlineCall, WhateverHappensNothingIsLeftBehind) {
    std::set<three_state> reached;
    bool was_without_caller = false;
    for (unsigned seed = 1; seed <= 9000; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 dice(seed);
        terms by = seed % 2 == 0 ? with_duty() : with_consent();
        by.records_placed = seed % 4 == 1;
        instant now{};
        call c;
        tally sum;
        auto const spoken = seed % 2 == 0 ? to_speak() : to_ask();
        if (seed % 3 == 0)
            sum.take(begin(c, {{"c1"}, "1", "2", "t", "sdp"}, true, by, now));
        else
            sum.take(place(c, {"c1"}, seed % 3 == 1 ? spoken : to_talk(), true, by, now));
        for (int step = 0; step < 200 && c.is != call_state::ended; ++step) {
            now += milliseconds(dice() % 5000);
            auto const what = any_input(dice, c);
            auto const* const left = std::get_if<leg_left>(&what);
            auto const* const refused = std::get_if<leg_refused>(&what);
            if (ends_by_itself(what, c)) sum.leg_went(left ? left->leg.value : refused->leg.value);
            if (caller_ends_it(what, c)) sum.caller_went();
            auto done = take(c, what, by, now);
            // Nobody is recorded who hasn't heard that he is.
            for (auto const& each : done.effects) {
                auto const* const to = std::get_if<switch_recording>(&each);
                EXPECT_TRUE(!to || !to->on || c.consent == consent_state::heard);
            }
            sum.take(std::move(done));
            sum.check_running(c);
            if (c.three) reached.insert(c.three->is);
            was_without_caller |= c.without_caller;
        }
        if (c.is != call_state::ended) sum.take(take(c, engine_stops{}, by, now));
        sum.check_ended();
        EXPECT_THAT(take(c, caller_left{}, by, now).effects, IsEmpty());
        if (HasFailure()) return;
    }
    EXPECT_EQ(reached.size(), 6U);
    EXPECT_TRUE(was_without_caller);
}

} // namespace
} // namespace linli::tests
