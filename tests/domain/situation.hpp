#pragma once

#include <string>
#include <vector>

#include "domain/alert.hpp"
#include "domain/order.hpp"
#include "support/evening.hpp"
#include "support/in_words.hpp"

namespace linli::tests {

// The plan of a press: station 30 s, centre 60 s, city 90 s; its order is offered at once.
domain::plan sos_plan();
// The plan of a fall: as a press, after a countdown of 30 s.
domain::plan fall_plan();
// A sensor's plan of lesser level: station 120 s, city 240 s.
domain::plan plan_of(domain::alert_kind kind, domain::priority level);

domain::duty everybody_on_duty();
domain::duty only_the_city_on_duty();

// What happens to one alert, told in order. Anything that is refused without being asked for fails
// the test.
class alert_story {
public:
    explicit alert_story(domain::plan with = sos_plan(),
                         domain::duty on_duty = everybody_on_duty());

    void happens(domain::alert_event const& event);
    // The refusal, or a failed test if it is taken; the alert stays as it is.
    domain::refusal refused(domain::alert_event const& event);

    void later(domain::duration by) { now += by; }
    // The house looks at its clock when the alert is due.
    void comes_due();

    void press(std::string const& event = "w1:1:2");
    void falls(std::string const& event = "w1:1:2");
    void cancels(std::string const& event = "w1:1:2");
    bool wrote(domain::log_kind what) const; // in the last step
    std::size_t times_rung() const;          // since the beginning: a desk's or the holder's bell

    domain::instant now = evening;
    domain::plan with;
    domain::duty on_duty;
    domain::alert is;
    domain::alert_outcome last;

private:
    void keep(domain::alert_outcome outcome);
    std::size_t times_rung_ = 0;
};

// What happens to one order, told in order.
class order_story {
public:
    explicit order_story(domain::order_plan with = {},
                         domain::order_place place = domain::order_place::home);
    // An order that has come to this state on the usual way.
    static order_story in(domain::order_state state);

    void happens(domain::order_event const& event);
    domain::refusal refused(domain::order_event const& event);

    void later(domain::duration by) { now += by; }
    void comes_due();

    // The search has found these workers, who may all be asked.
    void found(std::vector<std::string> const& workers);
    void found_nobody();

    // What the worker says about the newest offer that he was shown.
    domain::reply says(std::string const& worker, domain::reply_kind kind) const;
    void hears(std::string const& worker, domain::reply_kind kind);

    domain::offer const& offer_to(std::string const& worker) const;
    domain::offer_state state_of_offer_to(std::string const& worker) const;
    bool wrote(domain::log_kind what) const;
    std::vector<std::string> words() const; // of the last step's log

    domain::instant now = evening;
    domain::order_plan with;
    domain::order is;
    std::vector<domain::offer> offers;
    domain::order_outcome last;

private:
    void keep(domain::order_outcome outcome);
    std::uint8_t next_offer_ = 1;
};

domain::candidate may_be_asked(std::string const& worker);
// The operator Li wants him asked; he is at no other home.
domain::offer_to chosen_by_li(std::string const& worker, std::uint8_t offer = 99);
domain::search_result search_found(std::vector<std::string> const& workers,
                                   std::uint8_t first_offer);
domain::offer_id offer_numbered(std::uint8_t number);

} // namespace linli::tests
