#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/record.hpp"
#include "support/unique_index.hpp"

namespace linli::tests {

struct kept_signal {
    app::stored_signal what;
    domain::instant committed_at;
};

struct kept_line {
    std::uint32_t seq = 0;
    app::chained_line what;
};

struct kept_maintenance {
    domain::event_id event; // the latest
    domain::instant since;
    domain::instant last_at;
    int times = 0;
};

// The open rows of a table by the time at which they are due.
template <class Id>
using due_index = std::set<std::pair<domain::instant, Id>>;

// What a memory_record holds; tests look into it as an auditor would into the database.
struct memory_tables {
    std::map<std::string, kept_signal> signals; // by event
    std::map<domain::alert_id, domain::alert> alerts;
    std::map<domain::request_id, domain::request> requests;
    std::map<domain::order_id, domain::order> orders;
    std::map<domain::offer_id, domain::offer> offers;
    std::vector<app::search_record> searches;
    std::map<domain::order_id, domain::booking_terms> bookings;
    std::map<domain::uuid, std::vector<kept_line>> log; // by chain
    // Beside each line its hash, over all before it.
    std::map<domain::uuid, std::vector<std::string>> links;
    std::map<domain::uuid, app::chain_head> heads; // of the rows
    std::map<std::pair<std::string, domain::signal_kind>, kept_maintenance> maintenance;
    std::map<domain::uuid, app::outbox_row> outbox;
    std::map<std::string, std::string> plans; // by digest
    std::map<int, int> last_number;           // by day

    using coming_key = std::tuple<domain::subject, domain::service_id, domain::uuid>;
    using open_alert_key = std::pair<domain::subject, domain::purpose>;
    unique_index<open_alert_key, domain::alert_id> open_alert;
    unique_index<domain::subject, domain::request_id> open_request;
    unique_index<coming_key, domain::order_id> coming;
    // Orders under way, by worker: all of one worker belong to one home.
    std::map<domain::worker_id, std::map<domain::order_id, domain::home_id>> visits;
    unique_index<std::string, domain::order_id> number;
    unique_index<std::string, domain::order_id> booked_by; // event

    // So that nothing looks through all that ever was.
    due_index<domain::alert_id> due_alerts;
    due_index<domain::request_id> due_requests;
    due_index<domain::order_id> due_orders;
    due_index<domain::offer_id> due_offers;
    std::map<domain::uuid, std::set<domain::order_id>> orders_for; // alert or request
    std::map<domain::order_id, std::set<domain::offer_id>> offers_of;
    std::map<domain::subject, std::set<domain::alert_id>> alerts_about;
    // When each operator last did something for a person.
    std::map<std::string, domain::instant> operators_heard;
    domain::instant last_line_at; // of all chains
};

} // namespace linli::tests
