#pragma once

#include <filesystem>
#include <string>

namespace linli::tests {

// A second PostgreSQL that follows the tests' own, as a machine beside the first would run it.
class standby {
public:
    standby(); // and streams
    ~standby();
    standby(standby const&) = delete;
    standby& operator=(standby const&) = delete;

    // The same connection string with both machines in it: whichever of them takes writes.
    std::string both(std::string const& first) const;
    // Everything that the first has committed until now.
    void has_all_of(std::string const& first) const;
    void is_promoted();
    long count(std::string const& table, std::string const& first) const;

private:
    void owner_does(std::string const& command) const;
    std::string control(std::string const& words) const;
    std::string alone(std::string const& first) const;

    std::filesystem::path folder_;
};

} // namespace linli::tests
