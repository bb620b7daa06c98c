#include "bench/receipts.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <fmt/format.h>

#include "bench/whole_city.hpp"
#include "linli/v1/receipt.pb.h"
#include "linli/v1/signal.pb.h"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

constexpr auto silence_limit = 10s;

}

void press_nth(speaker& presser, std::size_t press, std::size_t residents) {
    constexpr std::size_t stride = 7919; // a prime that divides no number of residents that we use
    v1::Signal message;
    message.mutable_event()->set_boot(1);
    message.mutable_event()->set_sequence(press);
    message.set_kind(v1::SIGNAL_KIND_SOS);
    message.set_battery_percent(80);
    auto const device = device_of(press * stride % residents);
    presser.says(fmt::format("linli/v1/d/d-{}/signal", device), message.SerializeAsString());
}

receipts::receipts(broker_user const& is, std::size_t presses)
    : at_ns_(presses),
      listener_(is, "linli/v1/d/+/receipt",
                [this](std::string_view, std::string_view payload) { hear(payload); }) {}

steady::time_point receipts::at(std::size_t press) const {
    return steady::time_point(steady::duration(at_ns_[press].load()));
}

void receipts::hear(std::string_view payload) {
    auto const now = steady::now().time_since_epoch().count();
    v1::Receipt receipt;
    if (!receipt.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) return;
    auto const press = receipt.event().sequence();
    if (receipt.stage() != v1::RECEIPT_STAGE_STORED || press >= at_ns_.size()) return;
    if (at_ns_[press].exchange(now) == 0) ++heard_; // else it was sent twice
}

latencies press_until_stored(stage const& on, std::size_t residents, load const& what) {
    auto const count = what.warm_up + what.measured;
    auto const schedule = schedule_of(what);
    receipts heard(on.user("b-ear"), count);
    speaker presser(on.user("b-load"));
    auto const start = steady::now() + 100ms;
    for (std::size_t n = 0; n < count; ++n) {
        presser.waits_until(start + schedule[n]);
        press_nth(presser, n, residents);
    }
    auto const limit = steady::now() + silence_limit;
    while (heard.heard() < count && steady::now() < limit)
        presser.waits_until(steady::now() + 2ms);
    latencies seen;
    for (auto n = what.warm_up; n < count; ++n)
        if (heard.at(n) == steady::time_point{})
            ++seen.missing;
        else
            seen.ms.push_back(
                std::chrono::duration<double, std::milli>(heard.at(n) - (start + schedule[n]))
                    .count());
    std::sort(seen.ms.begin(), seen.ms.end());
    return seen;
}

} // namespace linli::bench
