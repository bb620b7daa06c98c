#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adapters/http/call_proof.hpp"
#include "adapters/http/listenings.hpp"
#include "app/account_office.hpp"
#include "app/accounts.hpp"
#include "app/answer_record.hpp"
#include "app/booking_reading.hpp"
#include "app/calls.hpp"
#include "app/clock.hpp"
#include "app/complaints.hpp"
#include "app/desk.hpp"
#include "app/desk_reading.hpp"
#include "app/dialler.hpp"
#include "app/erasure_times.hpp"
#include "app/erasures.hpp"
#include "app/hotline_record.hpp"
#include "app/id_source.hpp"
#include "app/import_desk.hpp"
#include "app/live_feed.hpp"
#include "app/map_tiles.hpp"
#include "app/note_templates.hpp"
#include "app/own_work.hpp"
#include "app/person_files.hpp"
#include "app/plan_desk.hpp"
#include "app/recording_files.hpp"
#include "app/recording_record.hpp"
#include "app/registry_desk.hpp"
#include "app/report_desk.hpp"
#include "app/visit_proofs.hpp"
#include "app/wait_check_record.hpp"
#include "domain/service.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/metrics.hpp"

namespace linli::http {

class live_pages;

// What the administration and the audit stand on.
struct office_ports {
    app::account_office& users;
    app::report_desk& reports;
    app::plan_desk& plans;
    domain::area_id whole; // whoever has this area sees what lies in none that can be told, too
    domain::minutes utc_offset;
};

// A resident's own data: his copy of it, and that it goes.
struct person_ports {
    app::erasures& erasures;
    app::erasure_record& kept; // only to read
    app::person_files& files;
    runtime::blocking_pool& writer; // of long files
    app::erasure_times stays_for;
};

// Life services and complaints.
struct service_ports {
    domain::catalogue const& catalogue;
    app::booking_reading& bookings;
    app::complaint_record& complaints_kept; // only to read
    app::complaints& complaints;
    app::id_source& ids;
};

// An installation's telephones: another's system, our own hotline, or both.
struct telephone_ports {
    app::calls& calls;
    std::string name = {};         // of the other's system: its calls are this source's
    call_proof* proof = nullptr;   // null: there is no other's
    app::dialler* dials = nullptr; // null: nobody is rung for us
};

// What was recorded of its calls.
struct recording_ports {
    app::recording_record& keeper;
    app::recording_files& files;
    domain::duration keeps_for;
    listenings heard = {};
};

// Our own hotline, and where operators' browsers register to be rung by it.
struct hotline_ports {
    app::hotline_record& keeper;
    app::wait_check_record& checks;
    app::id_source& ids;
    std::string domain;           // of the operators' addresses: sip:user@domain
    std::string edge;             // wss://…; empty: at the host that her page came from, and
    int edge_port = 0;            // this port
    std::string edge_secret = {}; // empty: seats are no browsers
    recording_ports* recordings = nullptr; // null: nothing is recorded
};

// What the routes stand on; all of it lives on the house's loop, and outlives them.
struct api_ports {
    app::accounts& accounts;
    app::account_record& access_log; // only to read who saw what, and who is on duty
    app::desk& desk;
    app::desk_reading& reading;
    app::own_work& own;
    app::visit_proofs& proofs;
    app::proof_record& kept_proofs; // only to read them
    app::answer_record& answers;    // to commands that bear a key
    app::registry_desk& registry;
    app::import_desk& imports;
    app::live_feed& feed;
    live_pages& live;
    std::vector<app::note_template> const& note_templates;
    app::map_tiles const& map;
    app::clock& clock;
    office_ports office;
    person_ports persons;
    service_ports services;
    runtime::metrics& metrics;
    // A card as it goes out; notes about suspected abuse only to whoever may read them.
    std::function<runtime::task<app::record_result<std::string>>(app::alert_card const&,
                                                                 bool with_restricted)>
        encode_card;
    telephone_ports* telephone = nullptr; // null: there is none
    hotline_ports* hotline = nullptr;     // null: there is none of ours
    // A call is another than it was: every page hears of it.
    std::function<void(domain::call_id const&)> call_changed = {};
};

} // namespace linli::http
