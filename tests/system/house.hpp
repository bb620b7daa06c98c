#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "app/overview.hpp"
#include "app/registry_rows.hpp"
#include "domain/alert.hpp"
#include "domain/notice.hpp"
#include "domain/right.hpp"
#include "runtime/config.hpp"
#include "server/server.hpp"
#include "system/broker.hpp"
#include "system/device.hpp"
#include "system/provider.hpp"
#include "system/shifted_clock.hpp"

namespace linli::tests {

// One house for one test: its own database, broker, journal and clock, and the real server on them.
class house {
public:
    // A city with one station that never closes, and these people in it.
    explicit house(app::registry_rows city);
    ~house();

    tests::device& device(std::string const& id);
    tests::provider& provider(std::string const& id);
    // The user at the broker of a maker of config/devices.
    std::unique_ptr<peer> maker(std::string const& name);
    // A device at the broker that hears what it is asked, and says nothing.
    std::unique_ptr<peer> listener(std::string const& device,
                                   std::function<void(std::string_view payload)> on_command);

    // Whoever has that user's credential, listening where it pleases him, by a name of his choice.
    std::unique_ptr<peer> somebody_with(std::string const& user, std::string const& listens_to,
                                        std::function<void(std::string_view payload)> on_heard,
                                        std::string const& client = {});

    void fast_forward(domain::duration by);

    // What is in the record now.
    app::overview record();
    // Asks again and again until the record fits; throws when it doesn't in time.
    app::overview when(std::string const& what,
                       std::function<bool(app::overview const&)> const& fits);
    long count(std::string const& sql);

    // The desk, in a process of its own in an installation, here in one of the test's.
    domain::alert_id sees_alert(std::string const& subject);
    domain::alert sees(std::string const& subject, domain::alert_state state);
    std::string begins_drill(std::string const& device, domain::alert_kind kind,
                             std::string const& who);
    std::string claims(domain::alert_id const& id, std::string const& who); // "" or the refusal
    std::string closes(domain::alert_id const& id, std::string const& who,
                       domain::disposition outcome, std::string const& text = {});
    std::string handles(domain::alert_id const& id, std::string const& who);
    std::string has_done(domain::alert_id const& id, std::string const& who, domain::ask what,
                         std::string const& text);
    // What a worker said on the telephone; `who` writes it down.
    std::string replies_for(std::string const& offer, std::string const& provider,
                            std::string const& worker, domain::reply_kind kind,
                            std::string const& who);
    // "linli desk …" as a process of its own, to its end. No fast_forward before: it has the
    // machine's time. What it printed; throws unless it ends with that.
    std::string desk_says(std::string const& words, int ends_with = 0);
    // The same for any subcommand, with the gateways.
    std::string program_says(std::string const& words, int ends_with = 0);
    std::string follows_up(domain::order_id const& id, std::string const& who);
    std::string cancels(domain::order_id const& id, std::string const& who, std::string const& why);

    void server_starts();         // and is ready
    void server_starts_unready(); // takes signals, and has no database
    void server_stops();          // in order
    // From its next start on the server keeps its own time: no fast_forward.
    void keeps_its_own_time() { keeps_its_own_time_ = true; }
    void machine_is_ahead_by(domain::duration ahead) { machine_ahead_ = ahead; } // as well
    void reads_plans_from(std::filesystem::path const& folder);                  // by a restart
    void opens_watch_door(int connections); // by a restart; with a bound on them
    void takes_the_demo_plans();            // by a restart: orders are offered at once
    void gets_gateways(runtime::notify_config const& gateways); // by a restart
    // A notice stands in the outbox, as a plan's step leaves it.
    void has_notice(domain::notice const& what);
    std::vector<std::string> log_of(domain::alert_id const& id); // "told contact:r1/1 sms …"
    std::uint16_t watch_port() const { return server_->watch_port(); }
    void opens_push_door(std::string const& source); // by a restart; in clear, with its secret
    // By a restart; its mapping with [push] and [poll], and the secrets of both.
    void asks_cloud(std::string const& source, std::string const& mapping);
    std::uint16_t push_port() const { return server_->push_port(); }
    void opens_push_door_by_tls(std::string const& source); // after opens_console()
    void opens_console(); // the pages' door, by a restart; with an authority of its own
    std::uint16_t console_port() const { return server_->console_port(); }
    // A telephone system with that secret may report calls, by a restart; it is asked to dial at
    // `dial_url`.
    void connects_telephone(std::string const& secret, std::string const& dial_url);
    // May sign in with the password "a long secret of {user}".
    void adds_user(std::string const& user, domain::role who, std::string const& area);
    bool is_ready() const;
    std::string tells(std::string const& path) const; // the server, by HTTP
    long metric(std::string const& name) const;
    // Waits for it: the server counts a thing a moment after it has done it.
    void counts(std::string const& name, long value) const;
    void learns(app::registry_rows const& rows);  // by another import
    void forget_devices(std::string const& like); // the registry does, the broker doesn't
    tests::broker& broker() { return *broker_; }
    static void database(std::string const& verb); // stop, kill, start

    runtime::config const& config() const { return config_; }
    std::string secret(std::string const& user) const { return broker_->secret(user); }
    std::filesystem::path secrets() const { return folder_ / "broker/secrets"; }
    std::filesystem::path const& folder() const { return folder_; }

private:
    peer::who as(std::string const& user) const;
    class desk_process;
    desk_process& desk();

    std::filesystem::path folder_;
    std::string database_name_;
    runtime::config config_;
    std::unique_ptr<tests::broker> broker_;
    domain::duration ahead_{0}; // of the clock, kept over a restart of the server
    bool keeps_its_own_time_ = false;
    domain::duration machine_ahead_{0};
    shifted_clock* clock_ = nullptr;
    std::unique_ptr<server::server> server_;
    std::thread serving_;
    std::unique_ptr<desk_process> desk_;
    std::map<std::string, std::unique_ptr<tests::device>> devices_;
    std::map<std::string, std::unique_ptr<tests::provider>> providers_;
};

// A city to begin with: area 620102, station "s1", home h1 with resident r1, who wears w1; button
// box b1 in home h2 with resident r2; provider c1 with worker k1 beside h1, provider c2 with k2 a
// kilometre away, both with first aid and on duty day and night.
app::registry_rows small_city();

// So many homes more in that area: sh0, sh1 … with resident sr0 … and button box sb0 …; in every
// tenth somebody at high risk.
void add_boxes(app::registry_rows& city, domain::area_id const& area, int homes);

} // namespace linli::tests
