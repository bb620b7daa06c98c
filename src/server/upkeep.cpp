#include "server/upkeep.hpp"

#include <exception>
#include <utility>

#include "adapters/hotline_link/edge_reach.hpp"
#include "runtime/log.hpp"
#include "server/copies.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{60};

std::chrono::sys_seconds in_seconds(domain::instant when) {
    return std::chrono::floor<std::chrono::seconds>(when);
}

std::optional<postgres::cluster_state> seen_of_cluster(std::string const& url) {
    try {
        return postgres::look_at_cluster(url);
    } catch (std::exception const&) { // that it is away, others say
        return std::nullopt;
    }
}

double in_figures(std::chrono::sys_seconds when) {
    return static_cast<double>(when.time_since_epoch().count());
}

} // namespace

upkeep::upkeep(runtime::config const& config, app::clock& clock, runtime::metrics& into)
    : journal_(config.journal.folder), database_(config.database.url),
      edge_wss_(config.hotline.edge_wss), edge_wss_port_(config.hotline.edge_wss_port),
      has_edge_(!config.hotline.socket.empty() && config.hotline.browsers), clock_(clock),
      figures_(into),
      newest_backup_(into.gauge("linli_newest_backup_seconds",
                                "When the newest whole backup of this machine began, in seconds "
                                "since 1970; 0: none is known")),
      copies_wrong_(into.gauge("linli_copies_wrong", "1 while the database's log isn't archived, "
                                                     "or a standby doesn't follow")),
      of_doors_(certificate_ends(config)), running_out_since_(clock.now()), since_(clock.now()),
      copies_since_(clock.now()) {
    if (config.push.listen && config.push.tls)
        into.gauge("linli_push_certificate_end_seconds",
                   "When the pushes' certificate runs out, in seconds since 1970")
            .set(in_figures(of_doors_.back().end));
}

void upkeep::start(runtime::work_scope& tasks) {
    tasks.spawn("upkeep", run());
}

std::vector<http::part> upkeep::ready() const {
    // Never unready: taking the server away would help nobody.
    std::vector<http::part> parts;
    if (!of_doors_.empty() || of_broker_ || of_database_ || of_edge_)
        parts.push_back({"certificates", true,
                         running_out_.empty() ? "good for 30 days and more" : running_out_,
                         running_out_since_});
    if (backups_.newest || backups_.failed)
        parts.push_back(
            {"backup", true,
             trouble_.empty() ? files::in_words(backups_, in_seconds(clock_.now())) : trouble_,
             since_});
    auto const copies = copies_trouble_.empty() ? in_words(cluster_) : copies_trouble_;
    if (!copies.empty()) parts.push_back({"copies", true, copies, copies_since_});
    return parts;
}

runtime::task<void> upkeep::run() {
    for (;;) {
        auto read = [this] { return files::read_backup_notes(journal_); };
        auto const seen = co_await hands_.run(std::move(read));
        note(seen);
        auto look = [this] { return seen_of_cluster(database_); };
        auto const cluster = co_await hands_.run(std::move(look));
        if (cluster) note(*cluster);
        if (has_edge_) co_await look_at_edge();
        look_at_certificates();
        auto const next = clock_.now() + look_every;
        co_await clock_.wait_until(next);
    }
}

// One that is away is said by whoever misses it; what it shows it has read at its start.
runtime::task<void> upkeep::look_at_edge() {
    auto look = [this] { return hotline_link::edge_certificate_end(edge_wss_, edge_wss_port_); };
    auto const end = co_await hands_.run(std::move(look));
    if (!end) co_return;
    of_edge_ = edge_certificate(*end);
    figures_
        .gauge("linli_edge_certificate_end_seconds",
               "When the certificate runs out that the hotline's edge shows, in seconds since 1970")
        .set(in_figures(*end));
}

void upkeep::note(files::backup_notes const& seen) {
    backups_ = seen;
    newest_backup_.set(seen.newest ? in_figures(*seen.newest) : 0);
    auto trouble = files::trouble_with(seen, in_seconds(clock_.now()));
    if (trouble.empty() != trouble_.empty()) {
        since_ = clock_.now();
        if (!trouble.empty()) log::error("backup_trouble", {{"why", trouble}});
    }
    trouble_ = std::move(trouble);
}

void upkeep::note(postgres::cluster_state const& seen) {
    cluster_ = seen;
    of_database_.reset();
    if (seen.certificate_end) {
        of_database_ = database_certificate(*seen.certificate_end);
        figures_
            .gauge("linli_database_certificate_end_seconds",
                   "When the certificate runs out that the database shows, in seconds since 1970")
            .set(in_figures(*seen.certificate_end));
    }
    auto trouble = trouble_with(seen, backups_.newest || backups_.failed);
    copies_wrong_.set(trouble.empty() ? 0 : 1);
    if (trouble == copies_trouble_) return;
    copies_since_ = clock_.now();
    if (!trouble.empty()) log::error("copies_wrong", {{"why", trouble}});
    copies_trouble_ = std::move(trouble);
}

void upkeep::broker_shows(std::chrono::sys_seconds end_of_its_certificate) {
    of_broker_ = broker_certificate(end_of_its_certificate);
    figures_
        .gauge("linli_broker_certificate_end_seconds",
               "When the certificate runs out that the broker shows, in seconds since 1970")
        .set(in_figures(end_of_its_certificate));
    look_at_certificates();
}

void upkeep::look_at_certificates() {
    auto all = of_doors_;
    if (of_broker_) all.push_back(*of_broker_);
    if (of_database_) all.push_back(*of_database_);
    if (of_edge_) all.push_back(*of_edge_);
    std::string trouble;
    for (auto const& each : all)
        if (auto const words = trouble_with(each, in_seconds(clock_.now())); !words.empty())
            trouble += (trouble.empty() ? "" : "; ") + words;
    if (trouble.empty() != running_out_.empty()) {
        running_out_since_ = clock_.now();
        if (!trouble.empty()) log::error("certificate_ends", {{"why", trouble}});
    }
    running_out_ = std::move(trouble);
}

} // namespace linli::server
