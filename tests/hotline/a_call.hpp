#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "hotline/core/call.hpp"

namespace linli::tests {

using namespace hotline;

// A call with its time: what happens to it, and what came of the last thing that did.
class a_call {
public:
    explicit a_call(terms by = {}, bool has_server = true) : by_(std::move(by)) {
        turn_ = begin(call_, {{"c1"}, "13800000001", "12349", "t1", "caller's sdp"}, has_server,
                      by_, now_);
    }

    // One that we begin.
    explicit a_call(originate what, bool has_server = true, terms by = {}) : by_(std::move(by)) {
        turn_ = place(call_, {"c1"}, std::move(what), has_server, by_, now_);
    }

    turn const& takes(input const& what) { return turn_ = take(call_, what, by_, now_); }

    // To each thing that is due on the way.
    void passes(milliseconds time) {
        auto const until = now_ + time;
        std::vector<effect> all;
        for (auto at = due(call_); at && *at <= until; at = due(call_)) {
            now_ = std::max(now_, *at);
            takes(time_passed{});
            std::ranges::copy(turn_.effects, std::back_inserter(all));
        }
        now_ = until;
        turn_.effects = std::move(all);
    }

    a_call& waiting() {
        takes(session_opened{"sdp for the caller"});
        takes(caller_confirmed{});
        return *this;
    }

    // Whom we call has picked up.
    a_call& picked_up() {
        takes(session_opened{"our sdp"});
        takes(caller_rang{});
        takes(caller_answered{std::string(sdp_of_him)});
        takes(caller_joined{0});
        return *this;
    }

    a_call& ringing(std::string const& leg, seconds timeout = seconds(30)) {
        takes(ring{.leg = {leg}, .address = "sip:" + leg + "@desk", .timeout = timeout});
        takes(leg_offered{{leg}, "sdp for the leg"});
        takes(leg_rang{{leg}});
        return *this;
    }

    a_call& talking(std::string const& leg) {
        ringing(leg);
        takes(hotline::leg_answered{{leg}, "leg's sdp"});
        takes(leg_connected{{leg}, "sdp for the caller, moved"});
        takes(caller_moved{});
        return *this;
    }

    template <class E>
    std::optional<E> did() const { // the first of the kind, of the last turn
        for (auto const& each : turn_.effects)
            if (auto const* const found = std::get_if<E>(&each)) return *found;
        return std::nullopt;
    }

    template <class N>
    std::optional<N> told() const {
        for (auto const& each : turn_.effects) {
            auto const* const what = std::get_if<news>(&each);
            auto const* const found = what ? std::get_if<N>(what) : nullptr;
            if (found) return *found;
        }
        return std::nullopt;
    }

    std::optional<leg_end> leg_gone(std::string const& leg) const {
        for (auto const& each : turn_.effects) {
            auto const* const what = std::get_if<news>(&each);
            auto const* const gone = what ? std::get_if<told_leg_gone>(what) : nullptr;
            if (gone && gone->leg.value == leg) return gone->why;
        }
        return std::nullopt;
    }

    std::vector<session_number> closed() const {
        std::vector<session_number> all;
        for (auto const& each : turn_.effects)
            if (auto const* const found = std::get_if<close_session>(&each))
                all.push_back(found->session);
        return all;
    }

    static constexpr std::string_view sdp_from_elsewhere =
        "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4100 RTP/AVP 8 101\r\n";
    static constexpr std::string_view sdp_by_srtp =
        "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4100 RTP/SAVP 8 101\r\n"
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:k\r\n";
    static constexpr std::string_view sdp_of_him = "v=0\r\nm=audio 4000 RTP/AVP 8 101\r\n";

    call const& is() const { return call_; }
    turn const& last() const { return turn_; }
    instant now() const { return now_; }

private:
    terms by_;
    instant now_{std::chrono::hours(1)};
    call call_;
    turn turn_;
};

inline terms with_duty() {
    terms by;
    by.duty = {{"sip:duty1@trunk", seconds(20)}, {"sip:duty2@trunk", seconds(20)}};
    return by;
}

inline terms always_by_srtp() {
    terms by;
    by.srtp = srtp::always;
    return by;
}

inline terms with_consent() {
    auto by = with_duty();
    by.consent = sound{"consent"};
    return by;
}

inline originate to_speak() {
    speak said;
    said.sounds = {{"this_is_the_house"}, {"n1"}};
    said.times = 2;
    said.pause = seconds(4);
    said.accepts = "1";
    said.thanks = sound{"thanks"};
    return {.reference = "r1", .to = "sip:13900000001@trunk", .timeout = seconds(30), .then = said};
}

inline originate to_ask() {
    auto what = to_speak();
    std::get<speak>(what.then).accepts = "12";
    std::get<speak>(what.then).answer_within = seconds(5);
    return what;
}

inline originate to_talk() {
    ring const seat{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(20)};
    return {.reference = "r1", .to = "sip:13900000001@trunk", .timeout = seconds(40), .then = seat};
}

inline a_call& seat_answers(a_call& c) {
    c.takes(leg_offered{{"op1"}, "sdp for the leg"});
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_connected{{"op1"}, "sdp for him"});
    return c;
}

} // namespace linli::tests
