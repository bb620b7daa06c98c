#include "hotline/system/an_edge.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"
#include "support/places.hpp"

namespace linli::tests {

an_edge::an_edge(std::filesystem::path const& folder, wishes const& with)
    : folder_(folder / "edge"), with_(with), port_(free_sip_port()), wss_port_(free_sip_port()),
      websocket_port_(free_sip_port()), engine_port_(with.engine ? with.engine : free_sip_port()),
      tls_port_(with.tls ? with.tls : free_sip_port()) {
    std::filesystem::create_directories(folder_ / "run");
    write_credentials();
    starts();
}

// As systemd lays them there for linli-edge.service.
void an_edge::write_credentials() const {
    auto const there = folder_ / "credentials";
    std::filesystem::create_directories(there);
    std::filesystem::copy_file(identity_.certificate, there / "console.crt");
    std::filesystem::copy_file(identity_.key, there / "console.key");
    std::ofstream(there / "edge.secret") << secret << '\n';
    std::ofstream(there / "trunk.password") << trunk_password << '\n';
    // As the installation has them, which are empty until somebody fills them.
    for (auto const* const each : {"trunk-ca.crt", "trunk.crt", "trunk.key"})
        std::ofstream(there / each).close();
    auto const lay = [&](std::filesystem::path const& file, char const* as) {
        auto const over = std::filesystem::copy_options::overwrite_existing;
        if (!file.empty()) std::filesystem::copy_file(file, there / as, over);
    };
    lay(with_.trunk_vouched_by, "trunk-ca.crt");
    if (with_.shows) {
        lay(with_.shows->certificate, "trunk.crt");
        lay(with_.shows->key, "trunk.key");
    }
}

void an_edge::starts() {
    std::vector<std::string> command{"env"};
    auto const define = [&command](std::string const& name, std::string const& value) {
        if (!value.empty()) command.push_back(name + '=' + value);
    };
    define("CREDENTIALS_DIRECTORY", folder_ / "credentials");
    define("RUNTIME_DIRECTORY", folder_ / "run");
    define("EDGE_PORT", std::to_string(port_));
    define("WEBSOCKET_PORT", std::to_string(websocket_port_));
    define("WSS_PORT", std::to_string(wss_port_));
    define("ENGINE_PORT", std::to_string(engine_port_));
    define("SOCKETS_OF_ONE", std::to_string(with_.sockets_of_one));
    define("DUTY", with_.duty);
    define("TRUNK_ADDRESS", (with_.by_tls ? "sips:" : "") + with_.trunk_address);
    define("EDGE_TLS_PORT", std::to_string(tls_port_));
    define("TRUNK_TLS_NAME", with_.trunk_name);
    define("TRUNK_SHOWS_CERTIFICATE", with_.trunk_shows_certificate ? "yes" : "");
    if (with_.trunk != 0) define("TRUNK_PORT", std::to_string(with_.trunk));
    define("TRUNK_DOMAIN", "ims.test");
    define("TRUNK_USER", with_.trunk_user);
    command.insert(command.end(),
                   {shipped_config("kamailio/start"), shipped_config("kamailio/kamailio.cfg")});
    kamailio_ = std::make_unique<process>(command, folder_ / "log");
    until("kamailio listens: " + kamailio_->words(), [&] {
        if (!kamailio_->is_running()) throw std::runtime_error(kamailio_->words());
        return is_open(wss_port_);
    });
}

void an_edge::is_killed() {
    kamailio_->signal_all(SIGKILL);
    kamailio_->exit_code();
}

} // namespace linli::tests
