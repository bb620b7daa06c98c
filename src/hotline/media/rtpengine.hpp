#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hotline/core/ports.hpp"
#include "hotline/core/sdp.hpp"
#include "hotline/media/ng_client.hpp"
#include "hotline/media/sound_files.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/work_scope.hpp"

namespace linli::hotline {

namespace ng {
enum class by : std::uint8_t;
}

// The sessions of all calls, in rtpengine. Each call has a queue: rtpengine works with several
// threads, and an offer that it takes up after the delete would never go.
class rtpengine final : public media {
public:
    struct settings {
        std::string run; // with which our calls' ids begin
        sound_files sounds;
        std::filesystem::path recordings{}; // its recording-dir
        hotline::srtp srtp = hotline::srtp::offered;
    };

    // `mixer` speaks ng as well (mixer/door.hpp); nothing: there is none.
    rtpengine(boost::asio::any_io_executor loop, ng_client& ng, ng_client* mixer, settings with,
              on_input tell);

    bool is_idle() const { return queues_.empty(); }

    // Cancels what is on its way and waits for it.
    runtime::task<> stop() { return work_.stop(); }

    void open(call_id const& call, open_session what) override;
    void offer(call_id const& call, offer_caller what) override;
    void join(call_id const& call, join_caller what) override;
    void offer(call_id const& call, offer_leg what) override;
    void connect(call_id const& call, connect_leg what) override;
    void offer(call_id const& call, offer_third what) override;
    void connect(call_id const& call, connect_to_room what) override;
    void open(call_id const& call, open_mixed what) override;
    void join(call_id const& call, join_mixed what) override;
    void mix(call_id const& call, mix_leg what) override;
    void mix(call_id const& call, mix_talk what) override;
    void close(call_id const& call, close_room what) override;
    void offer(call_id const& call, offer_listener what) override;
    void end(call_id const& call, end_listening what) override;
    void start(call_id const& call, start_sound what) override;
    void stop(call_id const& call, stop_sound what) override;
    void silence(call_id const& call, silence_talk what) override;
    void record(call_id const& call, switch_recording what) override;
    void close(call_id const& call, close_session what) override;
    void look_at(call_id const& call, session_number session) override;
    void end_leaked(std::function<bool(call_id const&, session_number)> is_known) override;

private:
    using step = std::function<runtime::task<>()>;
    using answer = boost::system::result<bencode::value>;

    void add(call_id const& call, step next);
    ng::by rings(bool webrtc) const;
    std::string nobody_at_the_trunk() const;
    runtime::task<> work_through(call_id call);

    runtime::task<> open_now(call_id call, open_session what);
    runtime::task<> offer_caller_now(call_id call, offer_caller what);
    runtime::task<> join_now(call_id call, join_caller what);
    runtime::task<> join_leg_now(call_id call, join_caller what);
    runtime::task<> join_secure_leg_now(call_id call, join_caller what);
    runtime::task<> offer_now(call_id call, offer_leg what);
    runtime::task<> connect_now(call_id call, connect_leg what);
    // In mixing.cpp: three in one talk, and who listens.
    using room_name = std::pair<call_id, session_number>;
    runtime::task<> offer_third_now(call_id call, offer_third what);
    runtime::task<> connect_to_room_now(call_id call, connect_to_room what);
    runtime::task<> open_mixed_now(call_id call, open_mixed what);
    runtime::task<> join_mixed_now(call_id call, join_mixed what);
    runtime::task<> mix_secure_leg_now(call_id call, mix_leg what);
    runtime::task<> mix_leg_now(call_id call, mix_leg what);
    runtime::task<> mix_talk_now(call_id call, mix_talk what);
    runtime::task<> close_room_now(call_id call, close_room what);
    runtime::task<> watch_room(call_id call, session_number room);
    runtime::task<bool> open_room(call_id call, session_number room);
    runtime::task<bool> send_to(call_id call, session_number room, party who, std::string sdp,
                                int codec);
    std::string sdp_of(room_name const& room, party who, audio_offer const& with) const;
    runtime::task<> offer_listener_now(call_id call, offer_listener what);
    runtime::task<bool> hear_side(call_id call, offer_listener what, party who, audio_offer audio);
    runtime::task<> offer_from_room(call_id call, session_number room, leg_id leg,
                                    audio_offer audio, bool webrtc);

    runtime::task<> start_now(call_id call, start_sound what);
    runtime::task<> record_now(call_id call, switch_recording what);
    runtime::task<> note_sides(std::string session, std::int64_t caller, std::int64_t leg);
    runtime::task<> close_now(call_id call, close_session what);
    runtime::task<> look_now(call_id call, session_number session);
    runtime::task<> end_leaked_now(std::function<bool(call_id const&, session_number)> is_known);
    runtime::task<> end_if_nobody_speaks(call_id call, session_number session);
    runtime::task<> tell_rtpengine(bencode::dictionary request);

    ng_client& ng_;
    ng_client* const mixer_;
    settings const with_;
    on_input const tell_;
    std::map<call_id, std::deque<step>> queues_;
    std::map<room_name, std::vector<std::uint16_t>> rooms_; // the mixer's ports, by party
    runtime::blocking_pool disk_;
    runtime::work_scope work_;
};

} // namespace linli::hotline
