#include "cli/usual_config.hpp"

#include <stdexcept>
#include <string>
#include <system_error>

#include <fmt/core.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace linli::cli {

namespace fs = std::filesystem;

namespace {

std::string name_of(uid_t user) {
    auto const* known = ::getpwuid(user);
    return known ? known->pw_name : std::to_string(user);
}

} // namespace

fs::path usual_config_file(char const* named, fs::path const& installed) {
    if (named && *named) return named;
    // Who may not look into it hears that, and not of another file.
    std::error_code error;
    if (fs::exists(installed, error) || error == std::errc::permission_denied) return installed;
    return "config/linli.toml";
}

void refuse_root(runtime::config const& config, fs::path const& file, std::string_view command) {
    if (::geteuid() != 0) return;
    struct stat of_key {};
    auto const is_known = ::stat(config.database.key_file.c_str(), &of_key) == 0;
    if (!is_known || of_key.st_uid == 0) return;
    throw std::runtime_error(
        fmt::format("this is the work of {0}, whose key file it is: what root makes on the way the "
                    "server can't use. Type: runuser -u {0} -- linli --config {1} {2}",
                    name_of(of_key.st_uid), fs::absolute(file).string(), command));
}

} // namespace linli::cli
