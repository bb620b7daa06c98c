#pragma once

#include <string>

#include "simulation/branch_office.hpp"
#include "simulation/house.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// An operator. In fair weather he does what he should, one thing at a time; otherwise he claims,
// forgets, closes, takes back and writes down what he thinks he has heard.
class seat {
public:
    struct links {
        scene& here;
        house& at;
        branch_office& elsewhere;
    };
    seat(domain::operator_id who, links with) : who_(std::move(who)), with_(with) {}

    void begin(); // and never ends

private:
    void act();

    // One of these does at most one thing, and says whether it has.
    bool tend_alert(domain::alert const& a);
    bool tend_order(domain::order const& o);
    bool tend_anything();
    bool may_close(domain::alert const& a) const;
    bool is_stale(domain::order const& o, domain::duration since) const;

    void dabble();
    void dabble_with(domain::alert const& a);
    void dabble_with(domain::order const& o);

    void tell(std::string const& about, desk_deed what);
    void speak_for(domain::order const& o, domain::reply_kind kind);

    domain::operator_id who_;
    links with_;
    std::uint64_t asked_ = 0;
    std::uint64_t heard_ = 0; // the number of the question that was answered last
    domain::instant asked_at_;
};

} // namespace linli::simulation
