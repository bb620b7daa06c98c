#include "bench/receipts.hpp"

#include <string>

#include <fmt/format.h>

#include "bench/whole_city.hpp"
#include "linli/v1/receipt.pb.h"
#include "linli/v1/signal.pb.h"

namespace linli::bench {

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

} // namespace linli::bench
