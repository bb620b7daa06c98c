// A device comes into its home: an order that ends only when the device has been heard.
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

using domain::order_state;
using domain::refusal;
using domain::reply_kind;
using domain::request_state;

namespace {

using namespace std::chrono_literals;

app::start_installation of(char const* device) {
    return {{device}, {"li"}};
}

struct installation {
    bench_top b;
    domain::reply his; // of the worker to whom the first visit was offered

    installation() {
        EXPECT_FALSE(b.takes({of("w1")})[0].refused);
        hears_the_offer();
    }
    void hears_the_offer() { his = b.says(reply_kind::accept); }
    std::optional<refusal> says(reply_kind kind) {
        auto r = his;
        r.kind = kind;
        r.reply_id = std::string(to_text(kind)) + std::to_string(b.committed.size());
        return b.takes({r})[0].refused;
    }
    void comes() {
        for (auto const kind : {reply_kind::accept, reply_kind::en_route, reply_kind::arrived})
            EXPECT_FALSE(says(kind)) << to_text(kind);
    }
    void presses(int sequence) {
        b.fast_forward(1s);
        b.takes({b.press("w1", sequence)});
    }
    void a_desk_claims_it() {
        b.fast_forward(1s);
        auto const id = b.only_alert().id;
        EXPECT_FALSE(b.takes({app::alert_command{id, domain::claim{{"wang"}}}})[0].refused);
    }
    std::vector<domain::order> visits() const {
        std::vector<domain::order> all;
        for (auto const& [id, o] : b.record.holds().orders)
            if (o.service.value == "installation") all.push_back(o);
        return all;
    }
    domain::request const& request() const { return b.record.holds().requests.begin()->second; }
};

} // namespace

TEST(installation, is_offered_with_the_door_and_done_when_a_desk_has_heard_the_device) {
    installation i;
    EXPECT_EQ(to_string(i.visits().at(0).about), "device:w1/installation");
    EXPECT_EQ(i.visits().at(0).home.value, "h1");
    EXPECT_EQ(i.visits().at(0).level, domain::priority::p3);
    i.comes();
    EXPECT_EQ(i.b.news().visit->name, "Wang Xiulan");
    EXPECT_EQ(i.says(reply_kind::completed), refusal::untested);
    i.presses(1);
    EXPECT_EQ(i.says(reply_kind::completed), refusal::untested) << "nobody has heard it";
    i.a_desk_claims_it();
    EXPECT_FALSE(i.says(reply_kind::completed));
    EXPECT_EQ(i.visits().at(0).state, order_state::completed);
    EXPECT_EQ(i.request().state, request_state::open);
    auto const id = i.visits().at(0).id;
    EXPECT_FALSE(i.b.takes({app::order_command{id, domain::follow_up{{"li"}, 5, {}}}})[0].refused);
    EXPECT_EQ(i.request().state, request_state::closed);
}

TEST(installation, a_press_before_he_came_proves_nothing) {
    installation i;
    i.presses(1);
    i.a_desk_claims_it();
    i.b.fast_forward(1s);
    i.comes();
    EXPECT_EQ(i.says(reply_kind::completed), refusal::untested);
    i.presses(2); // joins the alert that she holds, and rings her again
    auto const id = i.b.only_alert().id;
    EXPECT_EQ(i.says(reply_kind::completed), refusal::untested);
    i.b.fast_forward(1s);
    EXPECT_FALSE(i.b.takes({app::alert_command{id, domain::claim{{"wang"}}}})[0].refused);
    EXPECT_FALSE(i.says(reply_kind::completed));
}

TEST(installation, another_device_of_the_same_home_proves_nothing) {
    installation i;
    i.comes();
    i.b.fast_forward(1s);
    i.b.takes({i.b.press("b2", 1)});
    i.a_desk_claims_it();
    EXPECT_EQ(i.says(reply_kind::completed), refusal::untested);
}

TEST(installation, of_a_device_that_nobody_knows_or_that_is_under_way_is_refused) {
    installation i;
    EXPECT_EQ(i.b.takes({of("stranger")})[0].refused, refusal::unknown);
    EXPECT_EQ(i.b.takes({of("w1")})[0].refused, refusal::held);
    EXPECT_FALSE(i.b.takes({of("b2")})[0].refused);
    EXPECT_EQ(i.visits().size(), 2U);
    auto const id = i.request().id;
    EXPECT_EQ(i.b.takes({app::close_request{id, {"li"}, {}}})[0].refused, refusal::out_of_turn);
    EXPECT_EQ(i.request().state, request_state::open);
}

// Registered, and for nobody: what its green key asks is not swallowed by an installation, nor is
// the installation by it.
TEST(installation, is_no_green_key_of_the_same_device) {
    auto town = a_city().with_station("s1").with(worker("k1").of("p1"));
    town.unbound_devices = {{"w9"}};
    bench_top b(town);
    EXPECT_EQ(b.takes({of("w9")})[0].refused, refusal::out_of_turn) << "it has no home";
    b.takes({b.press("w9", 1, domain::signal_kind::help_request)});
    auto const& request = b.record.holds().requests.begin()->second;
    EXPECT_FALSE(is_installation(request.about));
    EXPECT_FALSE(b.takes({app::close_request{request.id, {"li"}, {}}})[0].refused);
}

TEST(installation, that_failed_stays_open_and_another_visit_may_be_ordered) {
    installation i;
    i.comes();
    EXPECT_FALSE(i.says(reply_kind::failed));
    EXPECT_EQ(i.visits().at(0).state, order_state::failed);
    EXPECT_EQ(i.request().state, request_state::open);
    EXPECT_FALSE(i.b.takes({of("w1")})[0].refused);
    EXPECT_EQ(i.visits().size(), 2U);
    EXPECT_EQ(i.b.record.holds().requests.size(), 1U);
}

// It may be somebody else's by now, or nobody's: then nobody can be sent there again.
TEST(installation, that_failed_is_given_up_by_a_person_with_the_reason) {
    installation i;
    i.comes();
    auto const id = i.request().id;
    auto const gives_up = [&](char const* why) {
        return i.b.takes({app::close_request{id, {"li"}, why}})[0].refused;
    };
    EXPECT_EQ(gives_up("he has moved"), refusal::out_of_turn) << "somebody is there";
    EXPECT_FALSE(i.says(reply_kind::failed));
    EXPECT_EQ(gives_up(""), refusal::needs_reason);
    EXPECT_FALSE(gives_up("he has moved"));
    EXPECT_EQ(i.request().state, request_state::closed);
    EXPECT_EQ(gives_up("he has moved"), refusal::closed);
}

TEST(installation, that_is_cancelled_is_over_and_may_be_asked_for_again) {
    installation i;
    auto const id = i.visits().at(0).id;
    domain::actor const li{domain::actor_kind::operator_, "li", {}};
    EXPECT_FALSE(i.b.takes({app::order_command{id, domain::cancel{li, "moved"}}})[0].refused);
    EXPECT_EQ(i.request().state, request_state::closed);
    EXPECT_FALSE(i.b.takes({of("w1")})[0].refused);
    EXPECT_EQ(i.b.record.holds().requests.size(), 2U);
}

TEST(installation, that_is_late_is_said_again_and_again_and_does_not_become_urgent) {
    installation i;
    auto const due = *i.request().due_at;
    i.b.fast_forward(due - i.b.clock.now() + 1s);
    EXPECT_EQ(i.request().state, request_state::open);
    EXPECT_EQ(i.request().level, domain::priority::p3);
    EXPECT_GT(*i.request().due_at, due);
}

} // namespace linli::tests
