#include "server/seats.hpp"

#include <stdexcept>
#include <utility>

#include "adapters/http/push_secrets.hpp"

namespace linli::server {

std::string edge_secret(runtime::hotline_config const& of) {
    if (!of.browsers) return {};
    auto secret =
        http::read_push_secret(of.edge_secret_file.parent_path(), of.edge_secret_file.filename());
    if (secret.empty())
        throw std::runtime_error("hotline.edge_secret_file: " + of.edge_secret_file.string() +
                                 " can't be read or is empty: put a long random text into its "
                                 "first line, readable by the server's user alone, and start the "
                                 "edge with the same; deploy/telephone.md says how");
    return secret;
}

seats::seats(runtime::config const& config, postgres::key_ring keys, app::id_source& ids)
    : kept_(postgres::open_hotline(config.database.url, keys)),
      checks_(postgres::open_wait_checks(config.database.url, keys)),
      ports_{.keeper = *kept_,
             .checks = *checks_,
             .ids = ids,
             .domain = config.hotline.domain,
             .edge = config.hotline.edge_wss,
             .edge_port = config.hotline.edge_wss_port,
             .edge_secret = edge_secret(config.hotline)} {
    auto const& folders = config.hotline;
    if (folders.recorded.empty()) return;
    recorded_ = postgres::open_recordings(config.database.url, std::move(keys));
    files_ =
        std::make_unique<recordings::recordings_on_disk>(recordings::recordings_on_disk::settings{
            .pieces = {.at = folders.recorded}, .sealed = folders.recordings});
    recordings_.emplace(http::recording_ports{*recorded_, *files_,
                                              std::chrono::days(config.keeping.recordings_days)});
    ports_.recordings = &*recordings_;
}

void seats::stop() {
    kept_->stop();
    checks_->stop();
    if (recorded_) recorded_->stop();
    if (files_) files_->stop();
}

} // namespace linli::server
