#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

#include "system/faults/certificate.hpp"
#include "system/faults/line.hpp"
#include "system/faults/outcome.hpp"
#include "system/faults/second_network.hpp"
#include "system/faults/server_clock.hpp"
#include "system/faults/small_disk.hpp"
#include "system/faults/witness.hpp"
#include "system/load/audit.hpp"
#include "system/load/fate.hpp"
#include "system/load/field.hpp"
#include "system/load/operators.hpp"
#include "system/load/premises.hpp"
#include "system/load/server_process.hpp"

namespace linli::tests::faults {

// How the house of a case differs from the usual one.
struct setting {
    bool two_networks = false; // the server is elsewhere: broker by TLS, database by TCP
    bool lines = false;        // our proxies: field to broker, server to broker, server to database
    bool tls = false;          // the server's way to the broker
    int journal_disk_mib = 0;  // the journal has a disk of its own, of that size
    int database_disk_mib = 0; // PostgreSQL has
    bool standby = false;      // follows the database, and each commit waits for it
    bool second_server = false; // stands by
    bool server_clock = false;  // the server's machine's clock can be set
};

struct circumstances {
    std::string program;
    int rate = 30; // presses a second
    std::uint64_t seed = 1;
    bool is_short = false;
};

// Somebody wants to leave.
class broken_off : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
extern std::atomic<bool> asked_to_leave;

// One house under load. A case breaks something of it, and puts it right again.
class trial {
public:
    trial(std::string name, setting const& how, circumstances const& among);
    ~trial();
    trial(trial const&) = delete;
    trial& operator=(trial const&) = delete;

    // What can break.
    load::premises& where() { return *where_; }
    load::server_process& server() { return *server_; }
    load::server_process& receiving_server(); // of two
    load::postgres_server& database() { return *database_; }
    load::postgres_server& standby() { return *standby_; }
    tests::broker& broker() { return where_->broker(); }
    load::server_place const& place() const { return place_; }
    second_network& network() { return *network_; }
    line& field_line() { return *field_line_; }
    line& broker_line() { return *broker_line_; }
    line& database_line() { return *database_line_; }
    small_disk& journal_disk() { return *journal_disk_; }
    small_disk& database_disk() { return *database_disk_; }
    certificate& of_broker() { return *certificate_; }
    server_clock& clock() { return *clock_; }
    static constexpr std::uint16_t database_port = 5432; // of two networks
    std::uint16_t tls_port() const { return tls_port_; }

    // Load goes on meanwhile.
    void lasts(std::chrono::milliseconds time) const;
    void lasts_long() const;    // half a minute; in the short form as long as it takes to notice
    void goes_on_for_a_while(); // between faults, at random
    std::mt19937_64& dice() { return dice_; }
    void broker_lost_what_it_had() { outside_.died(load::victim::broker, load::aim::any_time); }
    void kills(load::death_counts const& whom); // at random times, each until it is ready again
    void is_taken_over(); // by the other of two servers; waits for it, and notes how long it took

    // The fault is over: waits until all is well, which must be within two minutes.
    void is_over();

    // No more load; all is answered and closed, and held against the record.
    outcome ends(int faults);

private:
    void make_database();
    void make_ways();
    void listen_with_tls(std::string const& host);
    void make_servers();
    std::vector<load::server_process const*> servers() const;
    bool somebody_receives() const;
    std::string what_is_not_well(load::moment since) const;
    outcome count(load::heard_offers const& heard, std::string const& unsettled) const;

    std::string const name_;
    setting const how_;
    circumstances const among_;
    std::mt19937_64 dice_;
    load::moment const began_;
    load::city const people_;
    load::ledger outside_;
    load::steady::duration well_after_{0};

    std::optional<second_network> network_;
    std::optional<small_disk> database_disk_;
    std::optional<load::postgres_server> database_;
    std::optional<load::postgres_server> standby_;
    std::optional<load::premises> where_;
    std::optional<small_disk> journal_disk_;
    std::optional<certificate> certificate_;
    std::optional<server_clock> clock_;
    std::uint16_t tls_port_ = 0;
    std::optional<line> health_line_; // to a server elsewhere, whose /readyz is on its loopback
    std::optional<line> field_line_;
    std::optional<line> broker_line_;
    std::optional<line> database_line_;
    load::server_place place_;
    std::optional<load::server_process> server_;
    std::optional<load::server_process> second_server_;
    std::optional<load::field> field_;
    std::optional<load::operators> desk_;
    std::optional<witness> witness_;
};

} // namespace linli::tests::faults
