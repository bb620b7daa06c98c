#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

alert open_alert(std::uint8_t number, std::string resident) {
    alert a;
    a.id = numbered<alert_id>(number);
    a.about = {subject_kind::resident, resident};
    a.area = {"310000s1"};
    a.home = {"h1"};
    a.resident = {std::move(resident)};
    a.first_event = {"w1:1:" + std::to_string(number)};
    a.last_event = a.first_event;
    a.opened_at = evening;
    a.raised_at = evening;
    a.rang_at = evening;
    a.plan = "sos-plan";
    a.desk = {"s1"};
    a.due_at = evening + seconds(30);
    a.ladder_at = a.due_at;
    a.steps_from = evening;
    return a;
}

alert counted_down(alert a) {
    a.kind = alert_kind::fall;
    a.state = alert_state::pending;
    a.desk = {};
    return a;
}

alert closed(alert a) {
    a.state = alert_state::closed;
    a.outcome = disposition::helped;
    a.closed_at = evening + seconds(60);
    a.due_at.reset();
    a.ladder_at.reset();
    return a;
}

request open_request(std::uint8_t number, std::string resident) {
    request r;
    r.id = numbered<request_id>(number);
    r.about = {subject_kind::resident, std::move(resident)};
    r.area = {"310000s1"};
    r.home = {"h1"};
    r.first_event = {"w1:2:" + std::to_string(number)};
    r.last_event = r.first_event;
    r.opened_at = evening;
    r.due_at = evening + seconds(600);
    return r;
}

namespace {

order any_order(std::uint8_t number) {
    order o;
    o.id = numbered<order_id>(number);
    o.number = "310000-20260101-" + std::to_string(number);
    o.service = {"emergency_attendance"};
    o.area = {"310000s1"};
    o.home = {"h1"};
    o.event = {"w1:1:1"};
    o.opened_at = evening;
    o.plan = "sos-plan";
    o.due_at = evening;
    return o;
}

} // namespace

order order_for(alert const& a, std::uint8_t number) {
    auto o = any_order(number);
    o.alert = a.id;
    o.about = a.about;
    return o;
}

order order_for(request const& r, std::uint8_t number) {
    auto o = any_order(number);
    o.request = r.id;
    o.about = r.about;
    o.place = order_place::seat;
    o.level = priority::p3;
    return o;
}

offer offer_of(order const& o, std::uint8_t number, std::string worker) {
    offer f;
    f.id = numbered<offer_id>(number);
    f.order = o.id;
    f.provider = {"p1"};
    f.worker = {std::move(worker)};
    f.opened_at = evening;
    f.expires_at = evening + seconds(45);
    f.due_at = f.expires_at;
    f.distance_m = 800;
    return f;
}

order held_by(order o, offer const& f, order_state state) {
    o.state = state;
    o.held_by = f.id;
    o.worker = f.worker;
    o.provider = f.provider;
    return o;
}

app::stored_signal signal_of(std::string const& event, std::string const& device) {
    app::stored_signal s;
    s.what.event = {event};
    s.what.device = {device};
    s.what.kind = signal_kind::sos;
    s.what.door = "mqtt";
    s.what.received_at = evening;
    s.about = {subject_kind::resident, "r1"};
    return s;
}

app::chained_line line(app::chain_of of, uuid const& chain, std::string why) {
    return {of, chain, {evening, log_kind::noted, {}, std::move(why), {}}, {}};
}

app::outbox_row outbox_row(std::uint8_t number, instant due_at) {
    app::outbox_row row;
    row.id = numbered<alert_id>(number).value;
    row.destination = "device:w1";
    row.key = "w1:1:" + std::to_string(number);
    row.payload = "payload " + std::to_string(number);
    row.due_at = due_at;
    return row;
}

void want(app::wanted& all, alert_id const& id) {
    all.alerts.push_back(id);
}
void want(app::wanted& all, request_id const& id) {
    all.requests.push_back(id);
}
void want(app::wanted& all, order_id const& id) {
    all.orders.push_back(id);
}
void want(app::wanted& all, offer_id const& id) {
    all.offers.push_back(id);
}
void want(app::wanted& all, subject const& about) {
    all.subjects.push_back(about);
}

void want(app::wanted& all, signal_from const& s) {
    all.signals.emplace_back(event_id{s.event}, device_id{s.device});
}

void want(app::wanted& all, accept_of const& a) {
    all.offers.push_back(a.shown);
    all.accepts.push_back(a.shown);
}

void add(app::changes& to, alert const& row) {
    to.alerts.push_back(row);
}
void add(app::changes& to, request const& row) {
    to.requests.push_back(row);
}
void add(app::changes& to, order const& row) {
    to.orders.push_back(row);
}
void add(app::changes& to, offer const& row) {
    to.offers.push_back(row);
}
void add(app::changes& to, app::stored_signal const& row) {
    to.signals.push_back(row);
}
void add(app::changes& to, app::chained_line const& row) {
    to.log.push_back(row);
}
void add(app::changes& to, app::outbox_row const& row) {
    to.outbox.push_back(row);
}

} // namespace linli::tests
