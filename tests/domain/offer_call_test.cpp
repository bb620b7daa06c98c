// An offer by telephone: when it is rung, when that ends, and what a key replies.
#include <gtest/gtest.h>

#include "domain/offer_call.hpp"

namespace linli::tests {

using namespace domain;

namespace {

instant const pressed_at =
    instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)) + hours(19);

struct moment {
    char const* when;
    int after_s; // since the offer was made; its lease is 45 s
    offer_state state;
    bool is_called;
    std::optional<placed_end> last;
    int last_s; // when that ended
    offer_call then;
};

class offer_by_telephone : public testing::TestWithParam<moment> {};

TEST_P(offer_by_telephone, is_rung_until_it_is_taken_or_over) {
    auto const& m = GetParam();
    rung_offer o;
    o.state = m.state;
    o.opened_at = pressed_at;
    o.expires_at = pressed_at + seconds(45);
    o.is_called = m.is_called;
    o.last = m.last;
    if (m.last) o.last_at = pressed_at + seconds(m.last_s);
    EXPECT_EQ(decide(o, {}, pressed_at + seconds(m.after_s)), m.then) << m.when;
}

using enum offer_call;
constexpr auto open = offer_state::open;
constexpr auto nothing = std::nullopt;

INSTANTIATE_TEST_SUITE_P(
    all, offer_by_telephone,
    testing::Values(
        moment{"his app has a moment", 4, open, false, nothing, 0, leave},
        moment{"then he is rung", 5, open, false, nothing, 0, begin},
        moment{"the last moment that is worth it", 39, open, false, nothing, 0, begin},
        moment{"he could not even listen", 40, open, false, nothing, 0, leave},
        moment{"accepted by his app", 6, offer_state::accepted, false, nothing, 0, leave},
        moment{"declined", 6, offer_state::declined, false, nothing, 0, leave},
        moment{"it has run out", 50, offer_state::expired, false, nothing, 0, leave},
        moment{"withdrawn", 6, offer_state::withdrawn, false, nothing, 0, leave},

        moment{"it rings", 20, open, true, nothing, 0, leave},
        moment{"it rings and has run out, nobody has noticed", 45, open, true, nothing, 0,
               stop_ring},
        moment{"it rings and has run out", 45, offer_state::expired, true, nothing, 0, stop_ring},
        moment{"it rings and another has it", 20, offer_state::withdrawn, true, nothing, 0, end},
        moment{"it rings and he has it by his app", 20, offer_state::accepted, true, nothing, 0,
               end},
        moment{"it rings and he has declined", 20, offer_state::declined, true, nothing, 0, end},

        moment{"busy a moment ago", 19, open, false, placed_end::busy, 10, leave},
        moment{"busy a while ago", 20, open, false, placed_end::busy, 10, begin},
        moment{"nobody picked up", 30, open, false, placed_end::not_answered, 20, begin},
        moment{"all was said, no key", 30, open, false, placed_end::spoken, 20, begin},
        moment{"he hung up", 30, open, false, placed_end::hung_up, 20, begin},
        moment{"he refused the call", 30, open, false, placed_end::declined, 20, begin},
        moment{"nobody holds the hotline", 30, open, false, placed_end::not_begun, 20, begin},
        moment{"the engine died", 30, open, false, placed_end::lost, 20, begin},
        moment{"on our side", 30, open, false, placed_end::failed, 20, begin},
        moment{"such a number will never be", 30, open, false, placed_end::no_such_number, 6,
               leave},
        moment{"he has pressed, and was told no", 30, open, false, placed_end::pressed, 12,
               leave}));

TEST(offer_by_telephone, one_accepts_two_declines_and_no_other_key_says_anything) {
    EXPECT_EQ(reply_by_key('1'), reply_kind::accept);
    EXPECT_EQ(reply_by_key('2'), reply_kind::decline);
    for (char const key : {'0', '3', '9', '*', '#', 'A'})
        EXPECT_EQ(reply_by_key(key), nothing) << key;
}

} // namespace

} // namespace linli::tests
