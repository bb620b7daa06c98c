#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hotline/core/call.hpp"

// Whom the engine talks with. All returns at once; what comes of it arrives as an input. On the
// engine's loop.
namespace linli::hotline {

using on_input = std::function<void(call_id const&, input)>;

// The SIP side: dialogs by the names of calls and legs.
class telephone {
public:
    virtual ~telephone() = default;

    virtual void answer(call_id const& call, std::string sdp) = 0;
    virtual void refuse(call_id const& call, int sip_code) = 0;
    virtual void move(call_id const& call, std::string sdp) = 0;
    virtual void call(call_id const& call, call_caller what) = 0;
    virtual void end(call_id const& call) = 0;
    virtual void invite(call_id const& call, invite_leg what) = 0;
    virtual void end(call_id const& call, leg_id const& leg) = 0;
};

// The sound: sessions by call and number. What is asked of one call is done in the order in which
// it was asked.
class media {
public:
    virtual ~media() = default;

    virtual void open(call_id const& call, open_session what) = 0;
    virtual void offer(call_id const& call, offer_caller what) = 0;
    virtual void join(call_id const& call, join_caller what) = 0;
    virtual void offer(call_id const& call, offer_leg what) = 0;
    virtual void connect(call_id const& call, connect_leg what) = 0;
    virtual void offer(call_id const& call, offer_third what) = 0;
    virtual void connect(call_id const& call, connect_to_room what) = 0;
    virtual void open(call_id const& call, open_mixed what) = 0;
    virtual void join(call_id const& call, join_mixed what) = 0;
    virtual void mix(call_id const& call, mix_leg what) = 0;
    virtual void mix(call_id const& call, mix_talk what) = 0;
    virtual void close(call_id const& call, close_room what) = 0;
    virtual void offer(call_id const& call, offer_listener what) = 0;
    virtual void end(call_id const& call, end_listening what) = 0;
    virtual void start(call_id const& call, start_sound what) = 0;
    virtual void stop(call_id const& call, stop_sound what) = 0;
    virtual void silence(call_id const& call, silence_talk what) = 0;
    virtual void record(call_id const& call, switch_recording what) = 0;
    virtual void close(call_id const& call, close_session what) = 0;
    // Whether it still exists, media_lost, and what has come from the leg, media_heard.
    virtual void look_at(call_id const& call, session_number session) = 0;
    // Ends what rtpengine still holds of this engine's run and `is_known` doesn't know, and of an
    // earlier run that has died what nobody talks by.
    virtual void end_leaked(std::function<bool(call_id const&, session_number)> is_known) = 0;
};

} // namespace linli::hotline
