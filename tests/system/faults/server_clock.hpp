#pragma once

#include <cstdint>
#include <filesystem>

namespace linli::tests::faults {

// The wall clock of the machine on which a server believes to be. Not the machine's own.
class server_clock {
public:
    explicit server_clock(std::filesystem::path file);
    ~server_clock();
    server_clock(server_clock const&) = delete;
    server_clock& operator=(server_clock const&) = delete;

    void is_worn() const; // by the calling process, a child that becomes the server
    void stands_wrong_by(std::int64_t seconds) { *offset_ = seconds; }

private:
    std::filesystem::path const file_;
    std::int64_t volatile* offset_;
};

} // namespace linli::tests::faults
