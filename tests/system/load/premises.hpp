#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "system/broker.hpp"
#include "system/load/city.hpp"
#include "system/load/postgres_server.hpp"
#include "system/peer.hpp"

namespace linli::tests::load {

// Where one server lives, and how it reaches the others.
struct server_place {
    std::filesystem::path folder;  // its configuration, journal and log
    std::filesystem::path journal; // nothing: in the folder
    std::string database_url;      // nothing: directly
    std::string broker_url;        // nothing: directly
    std::filesystem::path broker_ca;
    std::uint16_t http_port = 0; // of its own loopback

    std::filesystem::path config_file() const { return folder / "linli.toml"; }
    std::filesystem::path journal_folder() const {
        return journal.empty() ? folder / "journal" : journal;
    }
};

// Where the servers under test live: a folder with their keys and plans, a migrated database with
// the city in it, and a broker that knows everybody.
class premises {
public:
    premises(city const& for_whom, postgres_server const& at);
    ~premises();
    premises(premises const&) = delete;
    premises& operator=(premises const&) = delete;

    void discard(); // all is well: nobody has to look into the folder

    std::filesystem::path const& folder() const { return folder_; }
    std::string const& database_url() const { return database_url_; }
    postgres_server const& database() const { return database_; }
    tests::broker& broker() { return *broker_; }
    void broker_starts();
    peer::who as(std::string const& user) const;
    // From now on those in the field, and not only they, have something in between, or a choice.
    void field_reaches_broker_by(std::uint16_t port) { broker_port_ = port; }
    void database_is_also_at(postgres_server const& standby);

    // A server's place in a folder of its own, with a free port of the loopback.
    server_place new_place(std::string const& name) const;
    void write_config(server_place const& of) const;

private:
    void make_database(city const& for_whom);
    void copy_plans() const;

    std::filesystem::path folder_;
    postgres_server const& database_;
    std::string database_url_;
    std::unique_ptr<tests::broker> broker_;
    std::uint16_t broker_port_ = 0; // 0: the broker's own
};

} // namespace linli::tests::load
