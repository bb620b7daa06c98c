#include "system/another_server.hpp"

#include <fstream>
#include <stdexcept>

#include "support/free_port.hpp"
#include "support/places.hpp"
#include "system/until.hpp"

namespace linli::tests {

another_server::another_server(runtime::config const& of_the_first,
                               std::filesystem::path const& folder)
    : another_server(of_the_first, folder, linli_program()) {}

another_server::another_server(runtime::config const& of_the_first,
                               std::filesystem::path const& folder,
                               std::filesystem::path const& program)
    : http_port_(free_port()), config_file_(folder / "linli.toml"),
      process_(program, config_file_, folder / "log", http_port_) {
    std::filesystem::create_directories(folder);
    auto const& c = of_the_first;
    std::ofstream(config_file_)
        << "[installation]\narea = \"" << c.installation.area << "\"\n"
        << "[database]\nurl = \"" << c.database.url << "\"\nkey_file = \""
        << c.database.key_file.string() << "\"\n"
        << "[mqtt]\nurl = \"" << c.mqtt.url << "\"\npassword_file = \""
        << c.mqtt.password_file.string() << "\"\n"
        << "[journal]\nfolder = \"journal\"\nsegment_mib = 1\nreserve_mib = 1\n"
        << "[http]\nlisten = \"127.0.0.1:" << http_port_ << "\"\n"
        << "[push]\nsecrets = \"push\"\n"
        << "[files]\nplans = \"" << c.files.plans.string() << "\"\ndevices = \""
        << c.files.devices.string() << "\"\nservices = \"" << c.files.services.string()
        << "\"\nthresholds = \"" << c.files.thresholds.string() << "\"\n";
}

void another_server::wears(faults::server_clock const& clock) {
    process_.begins_by([&clock] { clock.is_worn(); });
}

void another_server::starts() {
    process_.start();
    until("the other server answers", [this] {
        process_.expect_alive();
        return !says().empty();
    });
}

void another_server::stops() {
    if (process_.stop() != 0) throw std::runtime_error("the other server did not stop in order");
}

void another_server::dies() {
    process_.strike();
    process_.bury();
}

std::string another_server::says() const {
    return answer_of(http_port_);
}

} // namespace linli::tests
