#pragma once

#include <filesystem>
#include <string>

namespace linli::mqtt {

struct connection_settings {
    std::string url;  // "ssl://broker.example:8883", "tcp://127.0.0.1:1883"
    std::string user; // empty: no user and no password are sent
    std::string password;
    std::filesystem::path ca_file; // for ssl://; the broker's name must stand in its certificate
    std::string client_id;
};

} // namespace linli::mqtt
