// What is written is read back, field by field.
#include <iterator>

#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

// Text that breaks careless quoting.
std::string const awkward = "she said \"门没锁\", {a,b} \\ 'c'\nNULL";

instant exactly(int s) {
    return evening + seconds(s) + duration(123'457);
}

template <class Row>
Row stored(Row row) {
    row.version += 1;
    return row;
}

alert full_alert() {
    auto a = open_alert(1);
    a.kind = alert_kind::fall;
    a.level = priority::p2;
    a.state = alert_state::claimed;
    a.last_event = {"w1:1:77"};
    a.opened_at = exactly(1);
    a.raised_at = exactly(2);
    a.rang_at = exactly(3);
    a.signals = 100;
    a.rung = 2;
    a.holder = {awkward};
    a.claimed_until = exactly(4);
    a.acknowledge_by = exactly(5);
    a.shelved_until = exactly(12);
    a.due_at = exactly(6);
    a.ladder_at = exactly(7);
    a.steps_from = exactly(8);
    a.progress.done = 0b1011;
    a.progress.skipped = 0b10;
    a.progress.asks.insert(ask::dial_120);
    a.progress.asks.insert(ask::key_holder);
    a.progress.told.insert(audience::contacts);
    a.progress.notices = 9;
    a.progress.go = 2;
    a.progress.access = 1;
    a.is_shown = true;
    a.locate_every = seconds(60);
    return a;
}

order full_order(alert const& a) {
    auto const f = offer_of(order_for(a, 1), 1);
    auto o = held_by(order_for(a, 1), f, order_state::completed);
    o.level = priority::p2;
    o.opened_at = exactly(1);
    o.round = 3;
    o.reason = awkward;
    o.due_at = exactly(2);
    o.rating = 5;
    return o;
}

offer full_offer(order const& o) {
    auto f = offer_of(o, 1);
    f.opened_at = exactly(1);
    f.expires_at = exactly(2);
    f.due_at = exactly(3);
    f.round = 4;
    f.distance_m = 123'456;
    f.reason = awkward;
    return f;
}

// A press with all that it opens; what a record does about one at a time, it may do otherwise.
app::changes whole_press(std::uint8_t number) {
    auto const name = std::to_string(number);
    auto a = open_alert(number, "r" + name);
    a.desk = {awkward};
    auto o = order_for(a, number);
    o.state = order_state::offered;
    o.reason = awkward;
    auto f = offer_of(o, number);
    f.reason = awkward;
    auto s = signal_of("w" + name + ":1:1", "w" + name);
    s.what.text = awkward;
    s.what.raw = std::string("\0\xff\x80 raw", 7);
    auto l = line(app::chain_of::alert, a.id.value, awkward);
    l.line.personal = awkward;
    auto all = changes_of(s, a, o, f, l, outbox_row(number, evening));
    candidate c;
    c.id = {"k1"};
    all.searches = {{o.id, evening, 1, {c}}};
    return all;
}

template <class Rows>
void move_all(Rows& from, Rows& to) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

app::changes both(app::changes all, app::changes other) {
    move_all(other.signals, all.signals);
    move_all(other.alerts, all.alerts);
    move_all(other.orders, all.orders);
    move_all(other.offers, all.offers);
    move_all(other.searches, all.searches);
    move_all(other.log, all.log);
    move_all(other.outbox, all.outbox);
    return all;
}

} // namespace

TEST_P(record_contract, a_press_is_read_back_whole_by_itself_and_among_others) {
    auto const one = whole_press(1);
    auto const two = whole_press(2);
    auto const three = whole_press(3);
    store(one);
    EXPECT_EQ(answer_to(one), "conflict");
    store(both(two, three));
    EXPECT_EQ(answer_to(both(three, two)), "conflict");
    for (auto const& press : {one, two, three}) {
        auto const& a = press.alerts[0];
        auto const seen = read(wants(a.id, signal_from{press.signals[0].what.device.value,
                                                       press.signals[0].what.event.value}));
        EXPECT_EQ(seen.alerts.at(a.id), stored(a));
        EXPECT_EQ(seen.orders.at(press.orders[0].id), stored(press.orders[0]));
        EXPECT_EQ(seen.offers.at(press.offers[0].id), stored(press.offers[0]));
        EXPECT_EQ(seen.known_events.size(), 1U);
        EXPECT_EQ(keeper_->log_of(a.id.value),
                  std::vector<numbered_line>({{1, press.log[0].line}}));
    }
    EXPECT_EQ(keeper_->count_signals(), 3U);
    EXPECT_EQ(must(record().take_outbox(evening, seconds(1), 10)).size(), 3U);
}

TEST_P(record_contract, an_alert_is_read_back_field_by_field) {
    auto const a = full_alert();
    store(changes_of(a));
    auto const seen = read(wants(a.id));
    ASSERT_EQ(seen.alerts.size(), 1U);
    EXPECT_EQ(seen.alerts.at(a.id), stored(a));
}

namespace {

app::chained_line said_by(std::string who, alert const& about, duration ago) {
    auto l = line(app::chain_of::alert, about.id.value, {});
    l.line.by = {actor_kind::operator_, std::move(who), {}};
    l.line.at = evening - ago;
    return l;
}

alert held(alert a, std::string by) {
    a.state = alert_state::claimed;
    a.holder = {std::move(by)};
    a.claimed_until = evening + minutes(15);
    return a;
}

app::wanted operators() {
    app::wanted all;
    all.operators_since = evening - minutes(30);
    return all;
}

} // namespace

TEST_P(record_contract, an_operator_is_free_who_was_heard_of_and_holds_no_emergency) {
    EXPECT_FALSE(read(operators()).operators.any_busy);
    EXPECT_FALSE(read(operators()).operators.any_free) << "nobody is known";

    auto const first = held(open_alert(1), "li");
    store(changes_of(first, said_by("li", first, minutes(5))));
    EXPECT_TRUE(read(operators()).operators.any_busy);
    EXPECT_FALSE(read(operators()).operators.any_free);

    auto second = held(open_alert(2, "r2"), "zhao");
    second.level = priority::p2;
    store(changes_of(second, said_by("zhao", second, minutes(31))));
    EXPECT_FALSE(read(operators()).operators.any_free) << "who knows where she is by now";

    auto third = held(open_alert(3, "r3"), "sun");
    third.level = priority::p2;
    store(changes_of(third, said_by("sun", third, minutes(29))));
    EXPECT_TRUE(read(operators()).operators.any_free) << "a P2 can wait for a P1";
}

namespace {

alert false_alarm(std::uint8_t number, duration ago, std::string resident = "r1") {
    auto a = closed(open_alert(number, std::move(resident)));
    a.holder = {"li"};
    a.outcome = disposition::false_alarm;
    a.closed_at = evening - ago;
    return a;
}

} // namespace

TEST_P(record_contract, false_alarms_are_counted_by_subject_in_a_day_and_in_a_week) {
    auto const now = open_alert(1);
    auto helped = false_alarm(6, hours(1));
    helped.outcome = disposition::helped;
    store(changes_of(now, false_alarm(2, hours(23)), false_alarm(3, hours(25)),
                     false_alarm(4, hours(167)), false_alarm(5, hours(169)), helped,
                     false_alarm(7, hours(1), "r2")));
    app::wanted all;
    all.alerts = {now.id};
    all.false_alarms_of = {now.id};
    all.false_alarms_until = evening;
    auto const counts = read(all).false_alarms.at(now.id);
    EXPECT_EQ(counts.day, 1);
    EXPECT_EQ(counts.week, 3);
}

TEST_P(record_contract, an_alert_with_nothing_that_could_be_missing) {
    auto a = open_alert(1);
    a.about = {subject_kind::area, "310000/mqtt"};
    a.home = {};
    a.resident = {};
    a.desk = {};
    store(changes_of(a));
    EXPECT_EQ(read(wants(a.id)).alerts.at(a.id), stored(a));
}

TEST_P(record_contract, a_closed_alert_is_read_back) {
    auto a = closed(open_alert(1));
    a.holder = {"li"};
    a.outcome = disposition::no_contact_visited;
    a.closed_at = exactly(9);
    store(changes_of(a));
    EXPECT_EQ(read(wants(a.id)).alerts.at(a.id), stored(a));
}

TEST_P(record_contract, a_request_is_read_back_field_by_field) {
    auto r = open_request(1);
    r.level = priority::p2;
    r.signals = 3;
    r.last_event = {"w1:2:9"};
    r.opened_at = exactly(1);
    r.due_at = exactly(2);
    store(changes_of(r));
    EXPECT_EQ(read(wants(r.id)).requests.at(r.id), stored(r));
    r = stored(r);
    r.state = request_state::closed;
    r.due_at.reset();
    r.closed_at = exactly(3);
    store(changes_of(r));
    EXPECT_EQ(read(wants(r.id)).requests.at(r.id), stored(r));
}

TEST_P(record_contract, an_order_and_its_offer_are_read_back_field_by_field) {
    auto const a = open_alert(1);
    auto const o = full_order(a);
    auto const f = full_offer(o);
    store(changes_of(a, o, f));
    auto const seen = read(wants(o.id));
    EXPECT_EQ(seen.orders.at(o.id), stored(o));
    EXPECT_EQ(seen.offers.at(f.id), stored(f));
}

TEST_P(record_contract, an_order_as_fresh_as_it_can_be) {
    auto const r = open_request(1);
    auto const o = order_for(r, 1);
    store(changes_of(r, o));
    EXPECT_EQ(read(wants(o.id)).orders.at(o.id), stored(o));
}

TEST_P(record_contract, every_word_of_every_state_can_be_stored) {
    auto const a = open_alert(1);
    store(changes_of(a));
    std::uint8_t number = 0;
    for (auto const& [state, name] : names<order_state>::table) {
        auto o = order_for(a, ++number);
        o.service = {"service" + std::to_string(number)}; // else they would all be one
        o.state = state;
        o.worker = {"k1"};
        if (!is_open(o) || state == order_state::followed_up) o.due_at.reset();
        store(changes_of(o));
        EXPECT_EQ(read(wants(o.id)).orders.at(o.id).state, state) << name;
    }
}

TEST_P(record_contract, each_change_makes_a_version) {
    auto a = open_alert(1);
    store(changes_of(a));
    for (std::uint32_t version = 1; version < 5; ++version) {
        a.version = version;
        a.signals += 1;
        store(changes_of(a));
        EXPECT_EQ(read(wants(a.id)).alerts.at(a.id), stored(a));
    }
}

TEST_P(record_contract, signals_of_every_kind_with_and_without_everything_are_kept) {
    app::changes all = changes_of();
    for (auto const& [kind, name] : names<signal_kind>::table) {
        auto s = signal_of("w1:3:" + std::string(name), "w1");
        s.what.kind = kind;
        all.signals.push_back(s);
    }
    auto full = signal_of("w1:4:1", "w1");
    full.what.happened_at = instant{} - hours(24 * 365); // a clock that was never set
    full.what.fix = position{31.26, 121.55, 12.5, position_source::gps};
    full.what.battery_percent = 7;
    full.what.text = awkward;
    full.what.raw = std::string("\0\xff\x80 raw", 7);
    all.signals.push_back(full);
    store(all);
    EXPECT_EQ(keeper_->count_signals(), names<signal_kind>::table.size() + 1);
}

TEST_P(record_contract, a_batch_of_a_thousand_signals_is_one_commit) {
    app::changes all = changes_of();
    for (int i = 0; i < 1000; ++i)
        all.signals.push_back(signal_of("w1:5:" + std::to_string(i), "w1"));
    store(all);
    EXPECT_EQ(keeper_->count_signals(), 1000U);
}

TEST_P(record_contract, what_somebody_should_mend_is_one_line_a_device_and_kind) {
    app::changes all = changes_of();
    all.maintenance = {{{"w1"}, signal_kind::battery, {"w1:1:1"}, evening},
                       {{"w1"}, signal_kind::battery, {"w1:1:2"}, evening + seconds(1)},
                       {{"w1"}, signal_kind::fall_cancelled, {"w1:1:3"}, evening},
                       {{"w2"}, signal_kind::battery, {"w2:1:1"}, evening}};
    store(all);
    store(all);
    EXPECT_EQ(keeper_->times_noted({"w1"}, signal_kind::battery), 4);
    EXPECT_EQ(keeper_->times_noted({"w1"}, signal_kind::fall_cancelled), 2);
    EXPECT_EQ(keeper_->times_noted({"w3"}, signal_kind::battery), 0);
}

TEST_P(record_contract, a_search_is_kept_more_than_once_at_the_same_moment) {
    auto const a = open_alert(1);
    auto const o = order_for(a, 1);
    auto all = changes_of(a, o);
    candidate c;
    c.id = {"k1"};
    c.why = match_reason::chosen;
    c.cost_s = 93.6;
    all.searches = {{o.id, evening, 1, {c, c}}, {o.id, evening, 1, {}}};
    store(all);
}

} // namespace linli::tests
