#include "hotline/system/a_carrier.hpp"

#include <fstream>
#include <stdexcept>
#include <vector>

#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"
#include "support/places.hpp"

namespace linli::tests {

namespace {

void write_profiles(std::filesystem::path const& to, a_carrier::wishes const& with) {
    auto const shown = "certificate = " + with.identity.certificate.string() +
                       "\nprivate_key = " + with.identity.key.string() + "\n";
    std::ofstream out(to);
    out << "[server:default]\nmethod = TLSv1.2+\n" << shown;
    if (!with.asks_for.empty())
        out << "verify_certificate = yes\nrequire_certificate = yes\nca_list = "
            << with.asks_for.string() << "\n";
    out << "[client:default]\nmethod = TLSv1.2+\n" << (with.shows_certificate ? shown : "");
}

} // namespace

a_carrier::a_carrier(std::filesystem::path const& folder, std::uint16_t port, wishes const& with)
    : door_(free_sip_port()) {
    auto const own = folder / "carrier";
    std::filesystem::create_directories(own / "run");
    write_profiles(own / "profiles", with);
    auto const define = [](std::string const& name, std::uint16_t value) {
        return name + '=' + std::to_string(value);
    };
    std::vector<std::string> const command{"/usr/sbin/kamailio",
                                           "-f",
                                           in_tests("hotline/scenarios/carrier.cfg"),
                                           "-DD",
                                           "-E",
                                           "-Y",
                                           own / "run",
                                           "-m",
                                           "64",
                                           "-M",
                                           "8",
                                           "-A",
                                           define("UDP_PORT", door_),
                                           "-A",
                                           define("TLS_PORT", port),
                                           "-A",
                                           define("EDGE", with.edge),
                                           "-A",
                                           define("TELEPHONE", with.telephone),
                                           "-A",
                                           "PROFILES=\"" + (own / "profiles").string() + "\""};
    kamailio_ = std::make_unique<process>(command, own / "log");
    until("the carrier listens", [&] {
        if (!kamailio_->is_running()) throw std::runtime_error(kamailio_->words());
        return is_bound(door_) && is_open(port);
    });
}

} // namespace linli::tests
