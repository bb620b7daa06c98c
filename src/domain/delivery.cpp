#include "domain/delivery.hpp"

#include <algorithm>

#include "domain/hours_of_day.hpp"

namespace linli::domain {

namespace {

constexpr seconds first_pause{2};
constexpr seconds longest_pause{60};
constexpr std::uint32_t attempts_beside_others = 3;
constexpr std::uint32_t most_attempts = 36; // about half an hour

seconds pause_after(std::uint32_t attempts) {
    auto const doublings = std::min<std::uint32_t>(attempts > 0 ? attempts - 1 : 0, 5);
    return std::min(first_pause * (1 << doublings), longest_pause);
}

bool is_over(delivery const& d, sending what) {
    if (what == sending::refused) return true;
    if (d.others.empty()) return d.attempts >= most_attempts;
    return what == sending::silent || d.attempts >= attempts_beside_others;
}

void end(delivery& d, delivery_state as, std::string reason) {
    d.state = as;
    d.reason = std::move(reason);
    d.due_at.reset();
}

} // namespace

delivery_outcome decide(delivery const& current, sending what, std::string const& reason,
                        instant now) {
    delivery_outcome out{current, false};
    switch (what) {
    case sending::accepted:
        end(out.next, delivery_state::sent, {});
        break;
    case sending::confirmed:
        end(out.next, delivery_state::delivered, {});
        break;
    case sending::refused:
    case sending::unreachable:
    case sending::silent:
        if (is_over(current, what)) {
            end(out.next, delivery_state::failed, reason);
            out.by_another = !current.others.empty();
        } else {
            out.next.due_at = now + pause_after(current.attempts);
        }
        break;
    }
    return out;
}

instant first_time(std::optional<quiet_hours> const& quiet, priority level, instant now,
                   minutes utc_offset) {
    if (!quiet || level == priority::p1) return now;
    auto const minute = minute_of_day(now, utc_offset);
    if (!is_in_hours(minute, quiet->from, quiet->until)) return now;
    auto const left = (quiet->until - minute + 1440) % 1440;
    auto const whole_minute = std::chrono::floor<minutes>(now);
    return whole_minute + minutes(left);
}

} // namespace linli::domain
