#include "server/figures.hpp"

#include <set>

namespace linli::server {

namespace {

double seconds_of(domain::duration d) {
    return static_cast<double>(d.count()) / 1e6;
}

// Drills and the house's own presses stand in no figure of what the house does for people.
std::set<domain::uuid> not_real(app::changes const& committed) {
    std::set<domain::uuid> chains;
    for (auto const& a : committed.alerts)
        if (!is_real(a.what_for)) chains.insert(a.id.value);
    for (auto const& o : committed.orders)
        if (!is_real(o.what_for)) chains.insert(o.id.value);
    return chains;
}

} // namespace

figures::figures(runtime::metrics& in)
    : signals_received(in.counter("linli_signals_received_total",
                                  "Messages of devices and providers written to the journal")),
      signals_committed_(
          in.counter("linli_signals_committed_total", "Signals that stand in the record")),
      alerts_raised_(in.counter("linli_alerts_raised_total", "Alerts opened or raised again")),
      countdowns_began_(
          in.counter("linli_countdowns_total", "Falls that their wearer had time to cancel")),
      countdowns_cancelled_(in.counter("linli_countdowns_cancelled_total",
                                       "Falls that their wearer cancelled in time")),
      orders_opened_(in.counter("linli_orders_opened_total", "Service orders opened")),
      offers_made_(in.counter("linli_offers_made_total", "Offers made to workers")),
      unfilled_(in.counter("linli_orders_unfilled_total", "Searches that found nobody to go")),
      commits_(in.counter("linli_commits_total", "Transactions")),
      button_to_commit_(in.histogram("linli_receipt_to_commit_seconds",
                                     "From a signal's arrival to its commit",
                                     {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 60})),
      journal_waiting_(in.gauge("linli_journal_waiting", "Accepted and not yet in the record")),
      journal_bytes_(in.gauge("linli_journal_bytes", "Size of the journal on disk")),
      journal_damaged_(in.gauge("linli_journal_damaged", "Damaged places found since the start")),
      journal_reserve_(in.gauge("linli_journal_reserve_bytes", "Reserve left for a full disk")),
      journal_refused_(in.counter("linli_journal_refused_total",
                                  "Messages that the journal's disk did not take: nobody was told "
                                  "that they were received")),
      outbox_waiting_(in.gauge("linli_outbox_waiting", "Messages in memory, not yet sent")),
      due_lateness_(in.gauge("linli_due_lateness_seconds", "How late due work was done last")),
      database_away_(
          in.gauge("linli_database_away",
                   "1 while signals wait for the database, or nothing that is due is done")),
      set_aside_(in.gauge("linli_set_aside", "Signals that the record refuses: they lie in the "
                                             "journal, and somebody must look")),
      holds_ingest_(in.gauge("linli_ingest_holder", "1 while this server receives; one of an "
                                                    "installation's does")),
      supervised_(in.gauge("linli_devices_supervised", "Devices that this server listens for")),
      offline_(in.gauge("linli_devices_offline", "Of those, gone for longer than their grace")),
      outages_(in.gauge("linli_outages_open", "Outages of the broker or of an area")),
      looks_(in.gauge("linli_supervision_rounds", "Looks at the devices' health since the start")),
      audits_(in.gauge("linli_audit_readings", "How often the auditor has looked since the start; "
                                               "stands still while the database is away")) {
    for (auto const& [kind, name] : domain::names<app::finding_kind>::table)
        findings_.emplace(kind, in.gauge("linli_audit_findings",
                                         "What is open and has no owner or no running clock",
                                         {{"kind", std::string(name)}}));
    for (auto const& [step, name] : domain::names<app::trace_step>::table) {
        // Nothing of the house is before them: `put` comes with the commit.
        if (step == app::trace_step::received || step == app::trace_step::put) continue;
        steps_.emplace(step, in.histogram("linli_step_seconds",
                                          "How long a step of an event took since the one before",
                                          {0.00001, 0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
                                           0.05, 0.1, 0.5, 1, 5, 60},
                                          {{"step", std::string(name)}}));
    }
}

void figures::took(app::trace_step step, domain::duration how_long) {
    steps_.at(step).observe(seconds_of(how_long));
}

void figures::count(app::changes const& committed) {
    commits_.add();
    auto const others = not_real(committed);
    for (auto const& s : committed.signals) {
        signals_committed_.add();
        button_to_commit_.observe(seconds_of(committed.at - s.what.received_at));
    }
    for (auto const& a : committed.alerts)
        if (a.outcome == domain::disposition::cancelled_by_wearer && is_real(a.what_for))
            countdowns_cancelled_.add();
    for (auto const& each : committed.log) {
        if (others.contains(each.chain)) continue;
        switch (each.line.what) {
        case domain::log_kind::raised:
            alerts_raised_.add();
            break;
        case domain::log_kind::countdown_began:
            countdowns_began_.add();
            break;
        case domain::log_kind::order_opened:
            orders_opened_.add();
            break;
        case domain::log_kind::offered:
            offers_made_.add();
            break;
        case domain::log_kind::unfilled:
            unfilled_.add();
            break;
        default:
            break;
        }
    }
}

void figures::take(state const& now) {
    journal_waiting_.set(static_cast<double>(now.journal.waiting));
    journal_bytes_.set(static_cast<double>(now.journal.bytes_on_disk));
    journal_damaged_.set(static_cast<double>(now.journal.damaged));
    journal_reserve_.set(static_cast<double>(now.journal.reserve_left));
    journal_refused_.add(static_cast<double>(now.journal.refused - refused_counted_));
    refused_counted_ = now.journal.refused;
    outbox_waiting_.set(static_cast<double>(now.outbox_waiting));
    due_lateness_.set(seconds_of(now.due_lateness));
    database_away_.set(now.database_away ? 1 : 0);
    set_aside_.set(static_cast<double>(now.set_aside));
    holds_ingest_.set(now.holds_ingest ? 1 : 0);
}

void figures::take(app::supervision::figures const& now) {
    supervised_.set(static_cast<double>(now.supervised));
    offline_.set(static_cast<double>(now.offline));
    outages_.set(static_cast<double>(now.outages));
    looks_.set(static_cast<double>(now.looks));
}

void figures::take(app::auditor const& audited) {
    for (auto const& [kind, count] : audited.counts())
        findings_.at(kind).set(count);
    audits_.set(static_cast<double>(audited.readings()));
}

} // namespace linli::server
