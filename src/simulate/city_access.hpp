#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/mqtt/connection_settings.hpp"
#include "domain/ids.hpp"

namespace linli::simulate {

// What the people of the city know: the broker, and each his own password.
struct city_access {
    std::string url;
    std::filesystem::path ca_file;
    std::filesystem::path secrets; // a file for each user, named after it ("d-w1", "p-c1")
};

// Throws std::runtime_error when the user has no password there.
mqtt::connection_settings settings_of(city_access const& access, std::string const& user);

std::vector<domain::provider_id> providers_in(city_access const& access);

// Something to press.
struct button {
    domain::device_id device;
    std::string kind; // "button_box", "watch", "smoke"
    std::string home; // of its wearer, if it is worn; empty when not told
};

// devices.csv and residents.csv of the folder that `linli import` reads.
std::vector<button> read_buttons(std::filesystem::path const& city_folder);

} // namespace linli::simulate
