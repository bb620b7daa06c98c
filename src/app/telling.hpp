#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/carrier.hpp"
#include "app/clock.hpp"
#include "app/delivery_record.hpp"
#include "app/dispatch.hpp"
#include "app/id_source.hpp"
#include "app/messenger.hpp"
#include "app/notice_text.hpp"
#include "app/storm_line.hpp"
#include "domain/errc.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Tells people. A notice of the outbox becomes a delivery for each person whom it means; each is
// committed, sent, sent again, and handed to the person's next channel when one fails; the alert's
// log says what became of it. A crash sends again, with the same key.
//
// P1 never waits for the rest: its notices are opened first, its deliveries have places of their
// own, and when those are full they wait in the record, for nothing but each other.
//
// In a storm a telephone of the house rings for the first few; those beyond them are one letter,
// which ends the delivery of each (storm_line).
class telling final : public messenger {
public:
    using notice_reader = std::function<domain::result<domain::notice>(std::string_view)>;

    struct settings {
        std::string callback;   // the number that a contact may call
        std::string duty_phone; // of the installation, for sites that have none; may be empty
        domain::minutes utc_offset{480};
        // Longer than a carrier needs for one sending: by then it is sent again.
        domain::duration lease = domain::seconds(90);
        std::chrono::days keep_for{90}; // what came of each stands on the alert's log for good
    };
    struct ports {
        delivery_record& keeper;
        dispatch& log_to;
        app::clock& time;
        carrier& to;
        id_source& ids;
        notice_texts const& texts;
        notice_reader read;
    };

    telling(ports with, settings how) : with_(std::move(with)), how_(std::move(how)) {}

    // Just committed; rows for others are passed over. They don't go through the outbox, where
    // they would wait while the broker is away.
    void enqueue(std::vector<outbox_row> const& rows);
    // Left over from a crash, or from another process.
    void send(outbox_row const& row, std::function<void(bool)> done) override;

    // Each runs until cancelled.
    runtime::task<void> run();
    runtime::task<void> keep_log();
    runtime::task<void> forget_old();

    struct figures {
        std::uint64_t sent = 0; // or delivered
        std::uint64_t failed = 0;
        unsent waiting;
    };
    figures so_far() const { return {sent_, failed_, waiting_}; }

private:
    struct unopened {
        domain::notice what;
        std::vector<std::function<void(bool)>> when_done;
    };
    struct ending {
        domain::delivery_id id;
        carried what;
    };

    void take_in(outbox_row const& row, std::function<void(bool)> done);
    void look_soon();
    void look_no_later_than(domain::instant due);
    bool is_time_to_look() { return look_ || with_.time.now() >= next_look_; }

    runtime::task<bool> do_some();
    runtime::task<bool> open_one();
    runtime::task<bool> begin(delivery_record::lane which);
    runtime::task<bool> send_held();
    runtime::task<bool> settle();
    runtime::task<void> look_at_waiting();
    runtime::task<int> write_lines();

    runtime::task<record_result<void>> open(domain::uuid notice, domain::notice what);
    runtime::task<record_result<std::vector<person>>> people_of(domain::notice const& what);
    std::vector<domain::delivery> deliveries_for(domain::uuid const& notice,
                                                 domain::notice const& what,
                                                 std::vector<person> const& people);
    domain::delivery first_for(domain::delivery blank, person const& who);
    domain::delivery by_next_channel(domain::delivery failed);

    runtime::task<void> send_one(domain::delivery what);
    runtime::task<void> send_together(std::vector<domain::delivery_id> ids);
    runtime::task<record_result<address_card>> card_of(domain::delivery const& what);
    bool goes_no_further(domain::delivery const& what, record_result<address_card> const& card);
    bool is_held(domain::delivery const& what, address_card const& card);
    void carry(letter text, std::vector<domain::delivery_id> ids);
    void went(domain::delivery_id const& id, carried what);
    letter letter_for(domain::delivery const& what, address_card const& card);
    letter letter_for(std::vector<domain::delivery> const& all, address_card const& card);
    std::size_t places(delivery_record::lane which) const;

    ports with_;
    settings how_;
    bell bell_;     // ends run()'s wait
    bell log_bell_; // and that of keep_log()
    std::map<std::pair<domain::priority, domain::uuid>, unopened> fresh_;
    std::map<domain::delivery_id, domain::delivery> in_flight_; // until settled
    std::vector<ending> endings_;
    // Of the house's telephones, by number, channel and what is to be said; those held are in
    // flight.
    using line_key = std::tuple<std::string, domain::channel, domain::notice_reason>;
    std::map<line_key, storm_line<domain::delivery_id>> lines_;
    bool look_ = true;
    bool log_waits_ = true;
    bool record_answers_ = true;
    bool catching_up_ = true; // leases of an earlier run are not waited for
    domain::instant next_look_;
    std::uint64_t sent_ = 0;
    std::uint64_t failed_ = 0;
    unsent waiting_;
};

} // namespace linli::app
