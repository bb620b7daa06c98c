#pragma once

#include <functional>
#include <string>

#include "simulation/scene.hpp"
#include "simulation/services.hpp"

namespace linli::simulation {

// An operator. In fair weather he does what he should, one thing at a time; otherwise he claims,
// forgets, closes, takes back, writes down what he thinks he has heard, and begins things himself:
// bookings, drills, installations.
class seat {
public:
    struct links {
        scene& here;
        std::function<void(deed, on_answer)> at;        // a server, whichever answers
        std::function<void(deed, on_answer)> elsewhere; // a command line
    };
    seat(domain::operator_id who, links with) : who_(std::move(who)), with_(std::move(with)) {}

    void begin(); // and never ends

private:
    void act();

    // One of these does at most one thing, and says whether it has.
    bool tend_alert(domain::alert const& a);
    bool tend_order(domain::order const& o);
    bool tend_unfilled(domain::order const& o);
    bool tend_request(domain::request const& r);
    bool tend_call(domain::call const& c);
    bool tend_complaint(domain::complaint const& c);
    bool tend_anything();
    bool may_close(domain::alert const& a) const;
    bool is_stale(domain::order const& o, domain::duration since) const;

    void dabble();
    domain::alert const* alert_to_see_to();
    void dabble_with(domain::alert const& a);
    void dabble_with(domain::order const& o);
    void dabble_with(domain::call const& c);
    void begin_something();
    void book();
    void move(domain::order const& o);
    void begin_drill();
    void install();
    void complain();
    void ask_a_device();
    void dial();
    domain::resident_id any_resident();
    domain::device_id any_worn_device();

    void tell(std::string const& about, deed what);
    void speak_for(domain::order const& o, domain::reply_kind kind);

    domain::operator_id who_;
    links with_;
    std::uint64_t asked_ = 0;
    std::uint64_t heard_ = 0; // the number of the question that was answered last
    domain::instant asked_at_;
    std::uint64_t count_ = 0; // of what she has begun
};

} // namespace linli::simulation
