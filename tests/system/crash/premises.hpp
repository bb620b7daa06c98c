#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "system/broker.hpp"
#include "system/crash/city.hpp"
#include "system/peer.hpp"

namespace linli::tests::crash {

// Where the server under test lives: its own folder with its configuration, a migrated database
// with the city in it, and a broker that knows everybody.
class premises {
public:
    explicit premises(city const& for_whom);
    ~premises();
    premises(premises const&) = delete;
    premises& operator=(premises const&) = delete;

    void discard(); // all is well: nobody has to look into the folder

    std::filesystem::path const& folder() const { return folder_; }
    std::filesystem::path config_file() const { return folder_ / "linli.toml"; }
    std::string const& database_url() const { return database_url_; }
    std::uint16_t http_port() const { return http_port_; }
    void broker_dies() { broker_->kill(); }
    void broker_starts();
    peer::who as(std::string const& user) const;

    static void database(std::string const& verb); // kill, start

private:
    void make_database(city const& for_whom);
    void copy_plans() const;
    void write_config() const;

    std::filesystem::path folder_;
    std::string database_url_;
    std::uint16_t http_port_;
    std::unique_ptr<tests::broker> broker_;
};

} // namespace linli::tests::crash
