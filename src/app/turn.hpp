#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/directory.hpp"
#include "app/id_source.hpp"
#include "app/input.hpp"
#include "app/order_numbers.hpp"
#include "app/outgoing.hpp"
#include "app/plan_book.hpp"
#include "app/record.hpp"
#include "domain/triage.hpp"

namespace linli::app {

// What every turn works with; they outlive it.
struct turn_parts {
    directory& where;
    plan_book const& plans;
    id_source& ids;
    order_numbers& numbers;
    encoder const& encode;
    domain::duration
        outbox_lease; // a row is sent again when nobody has said within it that it went
};

// Whom an unknown device's alert is about: one for each door, at the city's desk. By the house's
// own door for outages an area speaks, and the alert is its own desk's.
domain::subject unknown_devices(domain::area_id const& city, domain::device_id const& device,
                                std::string const& door);
inline constexpr auto outage_door = "outage";

// One batch: takes its inputs one after the other on a picture of the record, each seeing what the
// ones before it did, and ends as one transaction. No waiting and no I/O in here: the same inputs
// on the same picture give the same changes. The roster learns of offers at once, so that the next
// order of the batch sees them; undo() takes that back when the transaction came to nothing.
class turn {
public:
    turn(turn_parts parts, view seen, domain::instant now);

    // A refusal is the answer to whoever asked. Signals and due work are never refused.
    domain::result<void> take(input const& what);

    changes finish();
    void undo();

    // A question: changes nothing.
    std::vector<domain::candidate> people_for(domain::provider_id const& company,
                                              domain::offer_id const& made) const;

private:
    // Doors. (turn_signals.cpp, turn_orders.cpp, turn_calls.cpp, turn_bookings.cpp, turn_own.cpp,
    // turn.cpp)
    domain::result<void> take_one(domain::signal const& s);
    domain::result<void> take_one(domain::reply const& r);
    domain::result<void> take_one(unreadable_reply const& r);
    domain::result<void> take_one(alert_command const& c);
    domain::result<void> take_one(order_command const& c);
    domain::result<void> take_one(close_request const& c);
    domain::result<void> take_one(alert_due const& d);
    domain::result<void> take_one(order_due const& d);
    domain::result<void> take_one(request_due const& d);
    domain::result<void> take_one(delivery_ended const& d);
    domain::result<void> take_one(start_drill const& d);
    domain::result<void> take_one(start_installation const& i);
    domain::result<void> take_one(call_case const& c);
    domain::result<void> take_one(call_heard const& c);
    domain::result<void> take_one(book_service const& b);
    domain::result<void> take_one(move_booking const& m);
    domain::result<void> take_one(visit_proven const& p);
    domain::result<void> take_one(worker_sos const& w);

    // Signals.
    device_facts facts_of(domain::device_id const& device, std::string const& door) const;
    void alert_for(domain::signal const& s, device_facts const& facts, domain::triaged const& what);
    void cancel_for(domain::signal const& s, device_facts const& facts);
    void request_for(domain::signal const& s, device_facts const& facts);
    void hurry(domain::request_id id, domain::ring_back back);
    std::optional<domain::alert_id> open_alert_about(domain::subject const& about,
                                                     domain::purpose what_for) const;
    void keep(domain::signal const& s, device_facts const& facts,
              std::optional<domain::alert_id> const& before);
    void open_alert(domain::signal const& s, device_facts const& facts, domain::plan const& with,
                    bool confirmed);
    void open_request(domain::signal const& s, device_facts const& facts);
    domain::order order_of(domain::request const& r, domain::plan const& with,
                           domain::order_plan const& clocks);
    static domain::order order_of(domain::request const& r, domain::plan const& with,
                                  domain::order_plan const& clocks, domain::order_id id,
                                  std::string number);

    device_facts facts_of(call_case const& c) const;
    device_facts facts_of(worker_sos const& w) const;

    // Installations. (turn_installations.cpp)
    domain::result<domain::request_id> installation_of(device_facts const& facts,
                                                       start_installation const& i,
                                                       domain::order_plan const& clocks);
    bool is_under_way(domain::request_id const& id) const;
    void end_installation(domain::order const& ended);

    // Bookings. (turn_bookings.cpp)
    domain::result<domain::request> request_of(book_service const& b, device_facts const& facts,
                                               std::string const& number);
    domain::result<void> answer_by(domain::request const& asked, book_service const& b,
                                   std::string const& number);

    // Alerts.
    domain::result<void> move(domain::alert const& current, domain::alert_event const& event);
    void settle(domain::alert_outcome outcome, bool at_once);
    void order_for(domain::alert const& a, bool at_once);
    domain::order order_of(domain::alert const& a, domain::order_plan const& with);
    bool end_orders_of(domain::alert_id const& id, std::string const& why); // was anybody asked?
    void offer_now(domain::alert_id const& id);
    domain::duty duty_of(domain::alert const& a) const;
    domain::duty duty_after(domain::alert const& current, domain::alert_event const& event) const;
    static domain::alert about(device_facts const& facts);
    void tell_people(domain::alert const& a, std::vector<domain::notice> const& notices);
    void look_for_cause(domain::alert const& closed);
    void visit_for_cause(domain::alert const& closed);

    // Orders.
    domain::result<void> move(domain::order const& current, domain::order_event const& event);
    void settle(domain::order_outcome outcome);
    void search(domain::order const& o);
    void wait_its_turn(domain::order o);
    void look(domain::order const& o);
    domain::result<void> offer_to(domain::order const& current, domain::offer_to what);
    domain::errand errand_of(domain::order const& o, domain::order_plan const& clocks) const;
    void ask_for_then(domain::errand& what, domain::booking const& booked) const;
    std::vector<domain::worker const*> near(domain::errand const& what) const;
    void hear(domain::order const& o, std::string const& why);
    void go_again(domain::order const& o, domain::alert const& closed);
    void raise_about(domain::order const& o, domain::concern const& what);
    void hear_of_help(domain::alert_id const& id, domain::receipt_stage stage);
    std::vector<domain::offer> offers_of(domain::order_id const& id) const;
    void weigh(domain::order const& next, std::vector<domain::offer> const& changed);
    void visit(domain::order const& next);
    void leave(domain::order const& next, domain::worker_id const& worker);

    // What the transaction will hold.
    void put(domain::alert const& a);
    void put(domain::order const& o);
    void put(domain::request const& r);
    void put(domain::offer const& o);
    void write(chain_of of, domain::uuid const& chain, domain::log_line line,
               domain::resident_id const& about);
    void tell_device(domain::event_id const& event, domain::receipt_stage stage);
    void answer(domain::reply const& r, std::optional<domain::refusal> refused);
    outbox_row row_for(std::string destination, std::string key, std::uint32_t version,
                       outgoing const& what);
    void tell_providers(std::vector<outbox_row>& rows);
    offer_news news_of(domain::offer const& o) const;
    std::optional<app::visit> card_for(domain::offer const& o) const;
    domain::resident_id resident_of(domain::order const& o) const;

    struct reply_answer {
        domain::offer_id offer;
        std::string reply_id;
        std::optional<domain::refusal> refused;
    };
    struct roster_step {
        domain::worker_id worker;
        int load = 0; // more by so much
        std::string visiting_before;
        std::string visiting_after;
        std::optional<domain::instant> rests_before;
    };
    void load_in_roster(domain::worker_id const& id, int more);
    void visit_in_roster(domain::worker_id const& id, std::string const& home);
    void rest_in_roster(domain::worker_id const& id, domain::duration how_long);
    void know(domain::reply& r, domain::offer const& shown) const;

    turn_parts parts_;
    view seen_;
    domain::instant now_;
    changes out_;
    std::map<std::pair<domain::subject, domain::purpose>, domain::alert_id> open_alert_of_;
    std::unordered_map<std::string, domain::request_id> open_request_of_; // by subject
    std::set<domain::alert_id> changed_alerts_;
    std::set<domain::order_id> changed_orders_;
    std::set<domain::request_id> changed_requests_;
    std::set<domain::offer_id> changed_offers_;
    std::vector<reply_answer> answers_;
    std::vector<roster_step> roster_steps_;
    int searched_again_ = 0; // by the clock, in this turn; with those that wait
};

} // namespace linli::app
