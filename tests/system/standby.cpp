#include "system/standby.hpp"

#include <cstdlib>
#include <stdexcept>

#include <pqxx/pqxx>
#include <unistd.h>

#include "system/until.hpp"

namespace linli::tests {

namespace {

std::string primary() {
    return std::getenv("LINLI_TEST_DATABASE");
}

void run(std::string const& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string one_value(std::string const& url, std::string const& sql) {
    pqxx::connection connection(url);
    pqxx::nontransaction in(connection);
    return in.exec1(sql)[0].as<std::string>();
}

} // namespace

standby::standby() {
    std::string text = "/tmp/linli-standby.XXXXXX";
    if (!::mkdtemp(text.data())) throw std::runtime_error("no folder in " + text);
    folder_ = text;
    if (::geteuid() == 0) run("chown postgres " + text);
    owner_does("$bin/pg_basebackup -R -X stream -c fast -D " + text + "/data -d '" + primary() +
               "'");
    owner_does(control("start"));
}

standby::~standby() {
    try {
        owner_does(control("-m immediate stop"));
    } catch (std::exception const&) { // it never came up
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

// PostgreSQL refuses to run as root.
void standby::owner_does(std::string const& command) const {
    auto const who = ::geteuid() == 0 ? std::string("runuser -u postgres -- ") : std::string();
    run("cd " + folder_.string() +
        " && bin=$(printf '%s\\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1) && " + who +
        command + " >" + folder_.string() + "/said 2>&1");
}

std::string standby::control(std::string const& words) const {
    return "$bin/pg_ctl -s -w -t 60 -D " + folder_.string() + "/data -l " + folder_.string() +
           "/data/log -o \"-c listen_addresses='' -c fsync=off -c unix_socket_directories='" +
           folder_.string() + "'\" " + words;
}

std::string standby::both(std::string const& first) const {
    auto const at = primary().find("host=") + 5;
    auto const host = primary().substr(at, primary().find(' ', at) - at);
    return first + " host=" + host + ',' + folder_.string() + " target_session_attrs=read-write";
}

std::string standby::alone(std::string const& first) const {
    return first + " host=" + folder_.string();
}

void standby::has_all_of(std::string const& first) const {
    auto const written = one_value(first, "select pg_current_wal_lsn()");
    until("the standby has all", [&] {
        return one_value(alone(first),
                         "select pg_last_wal_replay_lsn() >= '" + written + "'::pg_lsn") == "t";
    });
}

void standby::is_promoted() {
    owner_does(control("promote"));
}

long standby::count(std::string const& table, std::string const& first) const {
    return std::stol(one_value(alone(first), "select count(*) from " + table));
}

} // namespace linli::tests
