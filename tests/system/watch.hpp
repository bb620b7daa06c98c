#pragma once

#include <cstdint>
#include <string>

namespace linli::tests {

// A watch at the house's TCP door, on a real socket; or somebody else who connects there.
class watch {
public:
    explicit watch(std::uint16_t port, std::string id = "8809008845");
    ~watch();
    watch(watch const&) = delete;
    watch& operator=(watch const&) = delete;

    // Indoors: no fix. A new press, which the watch has counted in its steps.
    void presses_sos() { alarms("00010000"); }
    void falls() { alarms("00600000"); }
    void alarms(std::string const& status);
    void reports_position(std::string const& status, double latitude = 36.061);
    void keeps_alive() { says("LK"); }
    void says(std::string const& body);         // in a frame
    void sends_bytes(std::string const& bytes); // may be refused: nobody has to take them
    void hangs_up();

    // Waits for the answer; throws when another comes, or none.
    void hears(std::string const& body);
    bool has_heard_nothing();
    void is_hung_up_on(); // waits for it

private:
    bool is_waiting_for_us(int milliseconds);

    int socket_;
    std::string id_;
    int steps_ = 0;
};

} // namespace linli::tests
