#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace linli::bench {

// So many browsers with the console open, as far as the server can see them: TLS and a WebSocket
// with compression each, one session, everything read and nothing drawn. All on one thread.
class consoles_open {
public:
    consoles_open(std::uint16_t port, std::filesystem::path authority, std::string session);
    ~consoles_open();
    consoles_open(consoles_open const&) = delete;
    consoles_open& operator=(consoles_open const&) = delete;

    // One after the other; ready when each has its snapshot.
    void open(std::size_t count);
    // Hears no more; throws when the server has cut one off.
    void close();

    std::size_t messages() const; // of all, without the snapshots
    std::size_t bytes() const;    // of all, as text
    // When the first of them had each line for the first time, by the line's id.
    std::map<std::string, std::chrono::system_clock::time_point> first_seen() const;

private:
    struct crowd;
    std::unique_ptr<crowd> crowd_;
};

} // namespace linli::bench
