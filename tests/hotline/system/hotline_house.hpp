#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "hotline/system/dispatch_peer.hpp"
#include "hotline/system/private_folder.hpp"
#include "hotline/system/process.hpp"
#include "hotline/system/sipp.hpp"

namespace linli::tests {

// A hotline of its own: rtpengine in userspace and the engine, in a private folder, on free ports
// of the loopback.
class hotline_house {
public:
    struct wishes {
        int ports = 200;        // of rtpengine's
        std::string more = {};  // of hotline.toml
        std::uint16_t edge = 0; // through which we ring; 0: directly
        std::uint16_t sip = 0;  // where the engine listens; 0: anywhere
        bool mixer = false;
        bool records = false; // what is spoken, when `consent` was heard
    };

    explicit hotline_house(wishes const& with);
    hotline_house(hotline_house const&) = delete;
    hotline_house& operator=(hotline_house const&) = delete;

    std::uint16_t sip_port() const { return sip_port_; }
    std::filesystem::path const& folder() const { return folder_.path(); }

    // Another dispatch server; the engine hears the newest.
    dispatch_peer server();
    // Who calls, or is there to be rung.
    sipp phone(std::string scenario, std::uint8_t says = 0x11, std::string number = "13800000001");

    void start_engine();
    void kill_engine();
    void end_engine(); // by SIGTERM, to its end
    void start_mixer();
    void kill_mixer();
    void freeze_mixer();
    double mixer_cpu_s() const; // that it has taken so far
    void kill_rtpengine();
    void stun_rtpengine(); // it hangs, until it is woken
    void wake_rtpengine();
    void restart_rtpengine(); // it has forgotten all its sessions
    // What the engine's log says.
    std::string words() const { return engine_->words(); }
    // Sessions that rtpengine holds.
    std::size_t sessions();
    // One that rtpengine holds by this name, and no call of the engine's.
    void leaves_a_session(std::string const& name);
    // Of the engine as it runs.
    std::string run() const;
    // Bytes of sound that it has recorded, of talks that are over.
    std::uintmax_t recorded() const;

private:
    void make_sounds() const;
    void write_config(wishes const& with) const;
    void start_rtpengine();

    private_folder const folder_; // first: it goes last
    std::uint16_t const sip_port_, ng_port_, digits_port_, mixer_port_;
    int const ports_;
    std::unique_ptr<process> rtpengine_;
    std::unique_ptr<process> mixer_;
    std::unique_ptr<process> engine_;
};

} // namespace linli::tests
