#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/clock.hpp"
#include "app/due_places.hpp"
#include "app/health_record.hpp"
#include "app/id_source.hpp"
#include "app/supervised_devices.hpp"
#include "domain/clock_lag.hpp"
#include "domain/telemetry.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Who of the devices is well: hears every word, in memory, and writes what changes. It stands
// beside the way of a press and never in it: what was committed is told to it afterwards, a beat
// costs a note in memory, and its writing waits for a connection of its own.
//
// Only the server that receives supervises, since nobody else hears anything. Whoever begins has
// nothing against anybody until each has had his whole time anew.
//
// A city has millions of devices: they are read page by page, what is done to all of them lets the
// loop go on in between, and a change in the registry costs the devices that it is about.
class supervision {
public:
    struct ports {
        health_record& keeper;
        app::clock& clock;
        id_source& ids;
        std::function<bool()> listens; // this server is the one that receives
        std::function<domain::supervision_limits(std::string const& kind)> limits_of;
        domain::outage_limits outages;
        domain::area_id city; // whose desk hears that the broker is away
        std::function<runtime::task<bool>(domain::signal)> raise; // false: tried again
    };
    explicit supervision(ports with) : with_(std::move(with)), all_(with_.limits_of) {}

    // On the loop.
    void committed(changes const& what);
    // `flows_since`: since when nothing of it has waited at the broker; nothing: it may have.
    void measured(std::vector<domain::telemetry> const& what,
                  domain::listening_since flows_since = std::nullopt);
    void broker_is(bool here);
    // Any thread: a frame of a watch that has a connection of its own.
    void beats(std::string_view device);

    // Runs until cancelled.
    runtime::task<void> run();

    struct figures {
        std::uint64_t looks = 0; // rounds, since the start
        std::size_t supervised = 0;
        std::size_t offline = 0;
        std::size_t outages = 0;
    };
    figures so_far() const;

private:
    using place = supervised_devices::place;
    struct running_outage {
        domain::outage what;
        domain::instant last; // that went
        int still_gone = 0;
        bool is_changed = false;
    };

    struct early_word {
        domain::device_id device;
        std::string door;
        domain::device_word word;
    };

    void forget();
    runtime::task<void> look();
    runtime::task<bool> refresh(domain::instant now);
    runtime::task<bool> read_all(domain::instant now);
    runtime::task<bool> take_news(registry_news news, domain::instant now);
    void take_frame(health_frame frame);
    void take_device(supervised_device device, domain::instant now);
    runtime::task<void> drop_unmet();
    void drop(place p);
    void take_early();
    runtime::task<void> hear_of_mended(domain::instant now);

    void take(domain::device_id const& device, std::string const& door,
              domain::device_word const& word);
    bool outlives_its_will(domain::telemetry const& told, domain::instant flows_since) const;
    void weigh_clock(domain::telemetry const& told);
    void take_beats();
    void look_at(place p, domain::instant when);
    runtime::task<void> look_at_all(domain::instant now);
    void database_is(bool here, domain::instant now);
    domain::listening_since listening_to(place p) const;

    runtime::task<void> judge_due(domain::instant now);
    void judge(place p, domain::instant now);
    void note(place p, domain::health_change const& change);
    void touch(place p);

    runtime::task<bool> weigh_outages(domain::instant now);
    runtime::task<bool> weigh_broker(domain::instant now);
    std::optional<domain::outage_id> running_for(place p, domain::instant since);
    std::map<domain::area_id, domain::area_tally> tallies_about(domain::instant since) const;
    runtime::task<bool> begin_outage(domain::outage what);
    void gather(domain::outage_id const& id);
    void attach(place p, domain::outage_id const& id, domain::instant since);
    void comes_out_of_outage(place p);
    void end_outages(domain::instant now);

    runtime::task<void> keep(domain::instant now);
    void add_devices(health_changes& to, domain::instant now);

    ports with_;
    std::vector<early_word> early_;
    supervised_devices all_;
    std::optional<std::int64_t>
        edit_; // of the registry, the newest seen; nothing: not all are known
    std::optional<domain::instant> began_;        // to listen; nothing: another server does
    std::optional<domain::instant> broker_since_; // nothing: it is away
    std::optional<domain::instant> broker_lost_;
    std::optional<domain::instant> database_lost_;
    bool database_is_away_ = false;  // for so long that words may wait for it
    domain::instant database_since_; // since it was away last
    domain::instant next_refresh_;
    domain::instant next_write_;
    domain::instant mended_until_;

    due_places due_;
    bool all_are_due_ = false;
    std::map<place, domain::clock_lag> lags_;              // of those that are behind
    std::map<place, domain::instant> gone_;                // grace or not, since
    std::vector<std::pair<place, domain::instant>> begun_; // offline, and not told yet
    std::map<domain::outage_id, running_outage> outages_;
    std::deque<place> dirty_;
    health_changes pending_;
    std::uint64_t looks_ = 0;

    std::mutex beats_mutex_; // of the next
    std::unordered_map<std::string, domain::instant> beats_;
};

} // namespace linli::app
