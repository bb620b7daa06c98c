#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace linli::tests::load {

// A PostgreSQL that a test may break: that of tests/support/with_postgres, or one of its own.
class postgres_server {
public:
    using settings = std::vector<std::string>; // "name=value", as in postgresql.conf

    static postgres_server of_the_program(); // by which this program was started

    // In a new folder, running. Its end is the server's, too.
    explicit postgres_server(settings const& with = {});
    postgres_server(std::filesystem::path const& folder,
                    settings const& with); // in an empty folder
    // Follows another one, which may wait for it.
    static postgres_server standby_of(postgres_server const& primary, settings const& with = {});
    ~postgres_server();
    postgres_server(postgres_server&& other) noexcept;
    postgres_server(postgres_server const&) = delete;
    postgres_server& operator=(postgres_server const&) = delete;

    // From now on no commit is answered before a standby has it.
    void waits_for_its_standby() const;

    std::string const& url() const { return url_; } // may create databases there
    std::filesystem::path const& folder() const { return folder_; }
    // stop, kill, start, freeze, thaw, promote, end; throws when it can't be done.
    void does(std::string const& verb) const;
    bool is_up() const; // somebody can sign in

private:
    postgres_server(std::filesystem::path folder, std::string url, std::string control)
        : folder_(std::move(folder)), url_(std::move(url)), control_(std::move(control)) {}

    std::filesystem::path folder_; // empty: not ours to clear away
    std::string url_;
    std::string control_;
};

} // namespace linli::tests::load
