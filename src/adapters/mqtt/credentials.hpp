#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"

namespace linli::mqtt {

// The broker's names: the kind is in front, and the broker's rules (%u) keep the kinds apart.
std::string broker_user(domain::device_id const& device);     // "d-w1"
std::string broker_user(domain::provider_id const& provider); // "p-c1"

struct credential_files {
    std::filesystem::path password_file;  // mosquitto's
    std::filesystem::path secrets_folder; // one file a user, named after it, for the installer
};

struct credential_counts {
    std::size_t made = 0;    // users with a new password
    std::size_t kept = 0;    // users whose password stays
    std::size_t removed = 0; // devices and providers that are not among the users any more
};

using credential_progress = std::function<void(std::size_t done, std::size_t total)>;

class credentials_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Gives every user a password. Who has a secret file keeps the password in it; who has only a line
// in the password file keeps that line, because the secret has been taken to the device and its
// file deleted; everybody else gets 24 random characters. Lines of people that are neither users
// nor named d-…, p-… or v-… stay as they are. The password file is replaced in one step; the broker
// must then be told to read it again (SIGHUP). Throws credentials_error.
credential_counts write_credentials(credential_files const& files,
                                    std::vector<std::string> const& users,
                                    credential_progress const& progress = {});

// The server's own, the first line of that file. Throws credentials_error with the remedy.
std::string own_password(std::filesystem::path const& file);

// "user:$7$101$<salt>$<hash>": PBKDF2 with SHA-512, as mosquitto_passwd 2.0 writes it.
std::string password_line(std::string_view user, std::string_view password);

// The client id with a part behind it that only whoever knows the password can make, the same on
// each server. The broker throws a client out when another comes by its id, whatever its user may
// do.
std::string unguessable(std::string_view client_id, std::string_view password);

} // namespace linli::mqtt
