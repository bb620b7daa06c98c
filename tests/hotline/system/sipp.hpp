#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "hotline/system/process.hpp"
#include "hotline/system/voice.hpp"

namespace linli::tests {

// A telephone of another make (sipp), that follows one scenario, once as a rule, with a voice: it
// speaks to where the other side's last SDP says.
class sipp {
public:
    struct call {
        std::string scenario;
        std::uint16_t engine = 0; // whom it calls; also whom it waits for
        std::string number = "13800000001";
        int calls = 1; // so often
        int a_second = 10;
        std::string at = "127.0.0.1"; // where it is itself
        std::uint16_t elsewhere = 0;  // where it is once it has been moved; 0: where it was
        // By SRTP, in scenarios that know of it: the key that it sends by, and the one after it has
        // been moved. Empty: by RTP.
        std::string key = {}, next_key = {};
    };

    sipp(std::filesystem::path folder, call what, std::uint8_t says);
    ~sipp();

    std::uint16_t port() const { return port_; }
    std::string address() const { return "sip:seat@127.0.0.1:" + std::to_string(port_); }
    linli::tests::voice& voice() { return voice_; }

    // In scenarios that wait for it.
    void hangs_up();
    void answers();
    void changes(); // where it is, or what it wants
    void returns();
    // Until the scenario has gone through; with what went wrong if it has not.
    std::string ends();
    // The key that he was last told to hear by, empty as long as there is none.
    std::string hears_by() const { return logged("hears by "); }
    // The port that he was last told to send to, 0 as long as there is none.
    std::uint16_t is_to_send_to() const;
    // And lets the voice speak to it.
    std::uint16_t finds_whom_to_speak_to();

private:
    // Once it waits for that, and has logged so with these words.
    void is_told(std::string_view to);
    // The last that it has logged behind these words; empty as long as there is nothing.
    std::string logged(std::string_view words) const;

    std::uint16_t const port_;
    linli::tests::voice voice_;
    std::filesystem::path const log_;
    std::unique_ptr<process> process_;
};

} // namespace linli::tests
