// What the record says of a device's installation: whether one is open, and whether a desk has
// heard it.
#include <gmock/gmock.h>

#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using namespace std::chrono_literals;

request of_device(char const* device) {
    auto r = open_request(1);
    r.about = installation_subject({device});
    return r;
}

app::chained_line said(app::chain_of of, uuid const& chain, log_kind what, duration when) {
    auto l = line(of, chain, {});
    l.line.what = what;
    l.line.at = evening + when;
    return l;
}

// What happens around one visit, and when.
struct visit {
    duration came;
    char const* device;
    duration pressed;
    log_kind by_desk;
    duration heard;
    bool proves;
};

} // namespace

TEST_P(record_contract, an_installation_finds_its_device_and_the_one_that_is_open) {
    app::wanted what;
    what.installations.push_back({"w1"});
    auto const before = read(what);
    EXPECT_EQ(before.devices.at({"w1"}).home.value, "h1");
    EXPECT_TRUE(before.requests.empty());
    auto const r = of_device("w1");
    auto const o = order_for(r, 1);
    store(changes_of(r, o));
    auto const seen = read(what);
    EXPECT_TRUE(seen.requests.contains(r.id));
    EXPECT_TRUE(seen.orders.contains(o.id));
}

TEST_P(record_contract,
       a_call_of_the_device_since_somebody_came_that_a_desk_has_claimed_proves_it) {
    visit const visits[]{
        {1min, "w1", 2min, log_kind::claimed, 3min, true},
        {1min, "w1", 2min, log_kind::acknowledged, 3min, true},
        {1min, "w1", 2min, log_kind::taken_over, 3min, true},
        {1min, "w1", 2min, log_kind::rang_again, 3min, false},
        {1min, "w1", 2min, log_kind::claimed, 30s, false},  // before it was pressed
        {2min, "w1", 1min, log_kind::claimed, 3min, false}, // pressed before he came
        {1min, "box1", 2min, log_kind::claimed, 3min, false},
    };
    for (auto const& v : visits) {
        SetUp();
        auto r = of_device("w1");
        auto o = order_for(r, 1);
        o.about = r.about;
        auto f = offer_of(o, 1);
        o = held_by(o, f, order_state::arrived);
        f.state = offer_state::accepted;
        f.due_at.reset();
        auto const a = open_alert(2);
        auto s = signal_of("pressed:1:1", v.device);
        s.what.received_at = evening + v.pressed;
        s.alert = a.id;
        store(changes_of(r, o, f, a, s,
                         said(app::chain_of::order, o.id.value, log_kind::arrived, v.came),
                         said(app::chain_of::alert, a.id.value, v.by_desk, v.heard)));
        EXPECT_EQ(read(wants(accept_of{f.id})).live_presses.contains(o.id), v.proves)
            << v.device << ' ' << to_text(v.by_desk) << ' ' << v.heard.count();
    }
}

} // namespace linli::tests
