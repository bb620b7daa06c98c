#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/carrier.hpp"
#include "app/clock.hpp"
#include "app/delivery_record.hpp"
#include "app/notice_text.hpp"
#include "app/plan_book.hpp"
#include "app/registry_copy.hpp"
#include "app/storm_line.hpp"
#include "app/unclaimed_emergencies.hpp"
#include "domain/alert.hpp"
#include "domain/delivery.hpp"
#include "domain/signal.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Signals that were accepted and are not in the record yet, without taking them from anybody.
class waiting_signals {
public:
    struct item {
        domain::signal what;
        std::pair<std::uint64_t, std::uint64_t> at; // where it lies
    };

    virtual ~waiting_signals() = default;
    // From the oldest again.
    virtual void rewind() = 0;
    // The next ones, oldest first; empty when there is no more now.
    virtual runtime::task<std::vector<item>> next(std::size_t most) = 0;
    // Not in the record by now either.
    virtual bool waits(item const& one) const = 0;
};

// Somebody was told of an event while the record was away.
struct told_degraded {
    domain::event_id event;
    domain::device_id device;
    domain::signal_kind kind = domain::signal_kind::sos;
    domain::instant received_at;
    domain::audience to = domain::audience::duty_phone;
    std::string who;
    domain::channel by = domain::channel::voice;
    domain::delivery_state state = domain::delivery_state::sent;
    domain::instant at;

    bool operator==(told_degraded const&) const = default;
};

// Remembers them over a restart, on this machine's disk.
class told_book {
public:
    virtual ~told_book() = default;
    virtual runtime::task<std::vector<told_degraded>> read() = 0;
    // False: it is not on the disk.
    virtual runtime::task<bool> add(std::vector<told_degraded> const& told) = 0;
    virtual runtime::task<bool> clear() = 0;
};

// The one exception to "commit first": an emergency that waits on disk because the record is away
// goes to the duty telephone and the alarm hook all the same, marked as degraded. So does one whose
// ladder stands still because the record fell silent behind its commit, and one that the record
// refuses for what it is. It reads what waits and changes nothing of it, so it can neither delay
// nor lose a signal; when the record is back, it hands over who was told, for the alert's log.
//
// Each event once, also over a restart; of one device and kind once a minute: whoever has heard of
// the first hears of no second, and as long as that is on its way it waits. The telephone rings
// for the first few of a storm, and what comes beyond them is told eight at a time (storm_line);
// the hook hears of each.
class degraded_telling {
public:
    struct settings {
        std::string duty_phone; // of the installation; may be empty
        domain::area_id city;
        domain::minutes utc_offset{480};
        domain::duration after = domain::seconds(5);
    };
    struct ports {
        app::clock& time;
        carrier& to;
        plan_book const& plans;
        notice_texts const& texts;
        waiting_signals& from;
        told_book& book;
        delivery_record& keeper;
        // The last copy on this machine, if it can be read.
        std::function<runtime::task<std::optional<registry_copy>>()> copy;
        // Since when something waits for the record; nothing when nothing does.
        std::function<std::optional<domain::instant>()> undecided_since;
        // The same for the same text, also after a restart, and nobody else can make it.
        std::function<domain::uuid(std::string_view)> digest;
        // Since when no ladder climbs, because the record is silent; nothing while it answers.
        std::function<std::optional<domain::instant>()> silent_since = {};
        // What stands on those ladders; null: nobody has kept it in mind.
        unclaimed_emergencies const* unclaimed = nullptr;
        // Signals that the record refuses for what they are; each is handed out once.
        std::function<std::vector<domain::signal>()> set_aside = {};
    };

    degraded_telling(ports with, settings how) : with_(std::move(with)), how_(std::move(how)) {}

    // Both run until cancelled; from the start on, whether the record was ever reached or not.
    runtime::task<void> run();
    runtime::task<void> keep_record(); // hands over who was told

    struct figures {
        std::uint64_t told = 0;      // events, since the start
        std::uint64_t not_told = 0;  // for whom there is no telephone or channel, or it failed
        std::size_t to_be_noted = 0; // told, and not yet on their alert's log
        bool is_away = false;
    };
    figures so_far() const;

private:
    // Where it stands, as long as somebody must be told of it.
    enum class source : std::uint8_t {
        journal,
        ladder,    // of an alert that the record has
        set_aside, // nowhere else
    };
    struct emergency {
        waiting_signals::item waits; // of the journal; else only what it says
        source from = source::journal;
        domain::alert_id alert; // on whose ladder
        domain::alert_kind kind = domain::alert_kind::sos;
        copied_device of; // empty when nobody knows the device
        domain::site_id site;
        domain::area_id area;
        domain::set_of<domain::audience> seen_to; // they need nothing more of it

        domain::signal const& what() const { return waits.what; }
        std::string const& place() const; // as roughly as it is known
    };
    struct message {
        domain::delivery what;
        std::vector<domain::channel> ways;
        letter text;
        std::vector<emergency> about;
        bool on_its_way = false;
    };
    struct phone_line {
        storm_line<emergency> storm;
        std::string who;
    };
    using since_when = std::function<std::optional<domain::instant>()>;

    runtime::task<void> remember();
    runtime::task<void> look();
    runtime::task<void> tell_what_waits();
    runtime::task<void> begin();
    void end();
    runtime::task<void> learn_copy();
    runtime::task<bool> read_waiting();
    runtime::task<void> note_set_aside();
    runtime::task<void> keep();
    runtime::task<void> hand_over();
    runtime::task<void> forget();

    std::optional<domain::instant> too_long(since_when const& since) const;
    void note(waiting_signals::item one, source from);
    void note_unclaimed();
    emergency on_its_ladder(domain::alert const& a) const;
    void take_back(domain::signal const& cancel);
    void tell_those_due();
    void tell(emergency what);
    bool sees_to(emergency const& what, domain::audience to);
    bool tell_hook(emergency const& what);
    bool tell_phone(emergency const& what);
    void drop_those_held();
    void tell_those_held();
    void add(std::string who, std::string const& phone, std::vector<domain::channel> ways,
             std::vector<emergency> about);
    message message_for(std::string who, std::vector<domain::channel> ways, std::string phone,
                        std::vector<emergency> about);
    void send_those_due();
    std::vector<message*> messages_due();
    void send(message& m);
    void came(domain::delivery_id const& id, carried what);
    void settle();
    void went(message const& done);
    void failed(message const& done);
    void note_told(domain::signal const& s, domain::audience to);
    void was_in_vain(emergency const& what, domain::audience to);
    void was_in_vain(message const& m);

    bool stands(emergency const& what) const;
    bool stands(message const& m) const;
    bool is_being_told(domain::signal const& s, domain::audience to) const;
    bool was_told(domain::signal const& s, domain::audience to) const;
    std::vector<domain::channel> ways_to_telephones() const;
    std::optional<duty_desk> desk_for(emergency const& what) const;
    domain::delivery_id id_of(message const& m) const;
    std::vector<domain::delivery> deliveries() const;

    ports with_;
    settings how_;
    bell bell_; // ends run()'s wait
    bool watching_ = false;
    std::optional<domain::instant> silent_since_; // for too long
    std::optional<registry_copy> known_;
    std::set<domain::event_id> noted_;                  // of those on their ladders
    std::multimap<domain::instant, emergency> waiting_; // by when they are due
    std::map<std::string, phone_line> lines_;           // by number
    std::map<domain::delivery_id, message> messages_;
    std::vector<std::pair<domain::delivery_id, carried>> endings_;

    std::vector<told_degraded> told_;   // until their alert's log has them
    std::vector<told_degraded> unkept_; // not in the book yet
    // A kind for itself: an alert on its ladder is told as what it began with, whatever joined it.
    std::set<std::tuple<domain::event_id, domain::signal_kind, domain::audience>> known_told_;
    struct last_one {
        domain::event_id event;
        domain::instant received_at;
        bool is_told = false;
    };
    std::map<std::tuple<domain::device_id, domain::signal_kind, domain::audience>, last_one> last_;
    std::uint64_t told_count_ = 0;
    std::uint64_t not_told_ = 0;
};

} // namespace linli::app
