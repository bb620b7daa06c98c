#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "hotline/core/ports.hpp"

namespace linli::hotline {

// SIP by libsofia-sip, which has a loop and a thread of its own: what is asked goes there, what
// happens comes back to ours. It listens on the loopback only; before it stands the edge, which
// faces the trunks and the browsers, and which all that we send goes through.
class sip_telephone final : public telephone {
public:
    struct settings {
        std::string run;              // with which the ids of incoming calls begin
        std::string listen;           // "sip:127.0.0.1:5062"
        std::string edge;             // "sip:127.0.0.1:5060"
        std::string identity;         // as whom we ring: "sip:12349@hotline.example"
        unsigned session_timer_s = 0; // RFC 4028; 0: none
    };
    using on_call = std::function<void(arrival)>;

    // Throws std::runtime_error when it can't listen. Both functions are called on the loop.
    sip_telephone(boost::asio::any_io_executor loop, settings with, on_call came, on_input tell);
    // Ends the calls that are still there and waits for that, at most half a minute.
    ~sip_telephone() override;

    void answer(call_id const& call, std::string sdp) override;
    void refuse(call_id const& call, int sip_code) override;
    void move(call_id const& call, std::string sdp) override;
    void call(call_id const& call, call_caller what) override;
    void end(call_id const& call) override;
    void invite(call_id const& call, invite_leg what) override;
    void end(call_id const& call, leg_id const& leg) override;

private:
    class stack;
    std::unique_ptr<stack> stack_;
};

} // namespace linli::hotline
