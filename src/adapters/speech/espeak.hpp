#pragma once

#include <chrono>
#include <filesystem>

#include "app/speech.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::speech {

// app::speech by espeak-ng, a program of the installation's that needs no network. The text goes in
// by its standard input (an argument could be read by everybody on the machine), the sound into a
// file that only the folder's group may read, which is the engine's and rtpengine's. Two speak at a
// time, each no longer and no more than its limits.
class espeak final : public app::speech {
public:
    struct settings {
        std::filesystem::path program = "/usr/bin/espeak-ng";
        std::filesystem::path folder; // there, and ours: what isn't asked for goes
        std::chrono::seconds at_most{10};
        std::size_t most_bytes = 8U << 20; // of the sound: some three minutes
    };

    explicit espeak(settings with);

    runtime::task<std::optional<std::string>> say(std::string name, std::string text,
                                                  std::string language) override;
    void forget(std::string const& sound) override;
    void forget_others(std::set<std::string> const& but) override;
    void stop() { threads_.stop(); } // waits for what is running

private:
    settings const with_;
    runtime::blocking_pool threads_;
};

// The same, waited for. False: it was not spoken, and no file is left.
bool speak_to_file(espeak::settings const& with, std::filesystem::path const& to,
                   std::string const& text, std::string const& language);

// For "linli check": empty, or what is wrong.
std::string why_not(espeak::settings const& with);

} // namespace linli::speech
