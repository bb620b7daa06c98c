// How a device comes into its home: an order that ends only when the device has been heard.
#include "app/turn.hpp"

#include <algorithm>

namespace linli::app {

// The request stays open from the first order to the one that was done: a visit that failed is not
// forgotten.
domain::result<void> turn::take_one(start_installation const& i) {
    auto const known = seen_.devices.find(i.device);
    if (known == seen_.devices.end() || !known->second.registered) return domain::refusal::unknown;
    auto const& facts = known->second;
    if (facts.home.empty()) return domain::refusal::out_of_turn; // bound to nobody's home
    auto const& with = parts_.plans.in_force(domain::alert_kind::installation);
    if (!with.order) return domain::refusal::out_of_turn;
    auto const request = installation_of(facts, i, *with.order);
    if (!request) return request.error();
    auto const visit = order_of(seen_.requests.at(*request), with, *with.order);
    settle(domain::open_order(visit, *with.order, now_));
    return {};
}

// The open one, if its last visit has failed; a new one if there is none.
domain::result<domain::request_id> turn::installation_of(device_facts const& facts,
                                                         start_installation const& i,
                                                         domain::order_plan const& clocks) {
    auto const about = domain::installation_subject(i.device);
    auto const open = open_request_of_.find(to_string(about));
    if (open != open_request_of_.end()) {
        if (is_under_way(open->second)) return domain::refusal::held;
        put(seen_.requests.at(open->second)); // who ends it meanwhile makes a race
        write(chain_of::request, open->second.value,
              {now_,
               domain::log_kind::requested,
               {domain::actor_kind::operator_, i.who.value, {}},
               {},
               {}},
              {});
        return open->second;
    }
    domain::request first;
    first.id = parts_.ids.make<domain::request_id>(now_);
    first.about = about;
    first.area = facts.area;
    first.home = facts.home;
    first.first_event = domain::make_installation_event(i.device, first.id.value);
    auto opened = domain::open_request(first, i.device, clocks.ring_back_within, now_);
    opened.line.by = {domain::actor_kind::operator_, i.who.value, {}};
    put(opened.next);
    write(chain_of::request, first.id.value, opened.line, {});
    return first.id;
}

bool turn::is_under_way(domain::request_id const& id) const {
    return std::any_of(seen_.orders.begin(), seen_.orders.end(), [&](auto const& each) {
        return each.second.request == id && is_open(each.second);
    });
}

// A visit that failed leaves it open: another may be ordered, and its clock goes on.
void turn::end_installation(domain::order const& ended) {
    if (!ended.request || is_open(ended) || ended.state == domain::order_state::failed) return;
    auto const at = seen_.requests.find(*ended.request);
    if (at == seen_.requests.end() || !is_installation(at->second.about)) return;
    if (at->second.state == domain::request_state::closed) return;
    auto const done = domain::end_installation(at->second, to_text(ended.state), now_);
    put(done.next);
    write(chain_of::request, done.next.id.value, done.line, {});
}

} // namespace linli::app
