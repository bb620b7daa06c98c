#include "server/recording_lane.hpp"

#include <string>
#include <utility>

#include "adapters/postgres/recording_record.hpp"
#include "adapters/recordings/recordings_on_disk.hpp"
#include "app/recordings.hpp"

namespace linli::server {

struct recording_lane::parts {
    parts(runtime::config const& config, app::clock& clock, runtime::metrics& metrics,
          std::function<bool()> is_ours)
        : time(clock), since(clock.now()),
          kept(postgres::open_recordings(config.database.url,
                                         postgres::key_ring::load(config.database.key_file))),
          files({.pieces = {.at = config.hotline.recorded}, .sealed = config.hotline.recordings}),
          sealing({*kept, files, clock, std::move(is_ours)}),
          waiting(metrics.gauge("linli_recordings_waiting",
                                "Calls whose recording lies there in clear, not yet sealed")),
          unknown(metrics.gauge("linli_recordings_unknown",
                                "Of them, such as the record has never heard of")),
          sealed(metrics.gauge("linli_recordings_sealed",
                               "Recordings that this server has sealed since its start")),
          disk_errors(metrics.gauge("linli_recordings_disk_errors",
                                    "How often the disk refused one since the start")) {}

    app::clock& time;
    domain::instant since;
    bool was_well = true;
    std::unique_ptr<postgres::recording_database> kept;
    recordings::recordings_on_disk files;
    app::recordings sealing;
    runtime::gauge waiting, unknown, sealed, disk_errors;
};

recording_lane::recording_lane(runtime::config const& config, app::clock& clock,
                               runtime::metrics& metrics, std::function<bool()> is_ours) {
    bool const has_hotline = !config.hotline.socket.empty();
    if (has_hotline && !config.hotline.recorded.empty())
        parts_ = std::make_unique<parts>(config, clock, metrics, std::move(is_ours));
}

recording_lane::~recording_lane() = default;

void recording_lane::start(runtime::work_scope& tasks) {
    if (parts_) tasks.spawn("recordings", parts_->sealing.run());
}

void recording_lane::stop() {
    if (!parts_) return;
    parts_->files.stop();
    parts_->kept->stop();
}

std::optional<http::part> recording_lane::ready() const {
    if (!parts_) return std::nullopt;
    auto& now = parts_->sealing.so_far();
    if (std::exchange(parts_->was_well, now.is_disk_well) != now.is_disk_well)
        parts_->since = parts_->time.now();
    auto words = now.is_disk_well ? std::to_string(now.waiting) + " waiting"
                                  : "THE DISK REFUSES: recordings stay in clear; make room";
    return http::part{"recordings", true, std::move(words), parts_->since};
}

void recording_lane::look() {
    if (!parts_) return;
    auto const& now = parts_->sealing.so_far();
    parts_->waiting.set(static_cast<double>(now.waiting));
    parts_->unknown.set(static_cast<double>(now.unknown));
    parts_->sealed.set(static_cast<double>(now.sealed));
    parts_->disk_errors.set(static_cast<double>(now.disk_errors));
}

} // namespace linli::server
