#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "hotline/call_file.hpp"
#include "hotline/core/admission.hpp"
#include "hotline/core/backlog.hpp"
#include "hotline/core/call.hpp"
#include "hotline/core/ports.hpp"
#include "hotline/engine_clock.hpp"
#include "hotline/link/server_link.hpp"
#include "hotline/media/sound_files.hpp"
#include "runtime/work_scope.hpp"

namespace linli::hotline {

// All calls: gives each what happens to it, does what it says, and keeps the dispatch server told.
// It decides nothing about a call (core/call.cpp does), and on the loop alone.
class engine final : public server_listener {
public:
    struct settings {
        std::string run;
        hotline::terms terms;
        admission::limits lines;
        sound_files sounds;
        seconds look_every{10}; // for calls whose media is gone, and media without a call
        std::size_t most_events = 20'000;
    };
    struct parts {
        telephone& sip;
        hotline::media& media;
        server_link& server;
        call_file& calls;
    };

    engine(boost::asio::any_io_executor loop, settings with);

    // Before anything else is called.
    void connect(parts to);

    // Somebody calls.
    void came(arrival from);
    // Something has happened to a call; one that is over has no use for it.
    void take(call_id const& id, input what);

    void server_came() override;
    void server_went() override;
    void server_said(messages::from_server what) override;
    instant now() const override { return clock_.now(); }

    // Time and leaks, until cancelled.
    runtime::task<> watch();

    // Nobody is let in from here on. Returns when nobody is there any more; who is still there
    // after that long has to go.
    runtime::task<> drain(milliseconds at_most);
    void hurry() { drain_until_ = clock_.now(); } // whoever drains
    runtime::task<> stop() { return work_.stop(); }

private:
    struct doing; // of a call's effects

    void do_all(call& c, turn done);
    void take_all(input const& what);
    void tell(call_id const& id, news what);
    void over(call& c);
    void wake();
    void take_due();
    void look_around();
    void end_leaked();
    call* running(call_id const& name);
    refusal obey(call_id const& id, command const& what);
    answer place(originate what);
    bool has_sounds(std::vector<sound> const& all) const;
    bool has_sounds(speak const& of) const;
    void answer_once(std::string const& id, std::function<answer()> const& obey);
    std::size_t lines_taken() const;
    std::size_t lines_placed() const;

    settings const with_;
    std::optional<parts> to_;
    engine_clock clock_;
    std::map<call_id, call> calls_; // one that is over stays for a moment, to hear what was counted
    admission admission_;
    backlog backlog_;
    answered_commands answered_;
    std::size_t placed_ = 0; // calls that this run has begun
    bool has_server_ = false;
    bool draining_ = false;
    instant drain_until_;
    boost::asio::steady_timer timer_;
    runtime::work_scope work_;
};

} // namespace linli::hotline
