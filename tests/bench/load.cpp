#include "bench/load.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <thread>

#include "bench/city.hpp"
#include "linli/v1/offer.pb.h"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

// An overloaded subject may take long, but it goes on giving offers.
constexpr auto silence_limit = 10s;
constexpr auto look_every = 2ms;

struct message {
    std::string topic;
    std::string payload;
};

std::vector<message> presses_for(std::size_t count, std::string_view root) {
    if (count > static_cast<std::size_t>(homes))
        throw std::runtime_error("more presses than homes: two would be one situation");
    std::vector<message> all;
    all.reserve(count);
    for (std::size_t n = 0; n < count; ++n) {
        auto const home = home_of_press(n);
        all.push_back({signal_topic(root, home), press_payload(home, n)});
    }
    return all;
}

void wait_for_all(ear const& provider, std::size_t presses, speaker& presser) {
    auto before = provider.heard();
    auto limit = steady::now() + silence_limit;
    while (provider.heard() < presses && steady::now() < limit) {
        presser.waits_until(steady::now() + look_every);
        if (provider.heard() == before) continue;
        before = provider.heard();
        limit = steady::now() + silence_limit;
    }
}

} // namespace

// The standard's distributions differ between libraries, this does not.
std::vector<steady::duration> schedule_of(load const& what) {
    std::mt19937_64 engine(what.seed);
    std::vector<steady::duration> all;
    double at_s = 0;
    for (std::size_t n = 0; n < what.warm_up + what.measured; ++n) {
        auto const share = (static_cast<double>(engine() >> 11) + 0.5) / 9007199254740992.0;
        at_s -= std::log(share) / what.rate;
        all.push_back(
            std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(at_s)));
    }
    return all;
}

int home_of_press(std::size_t press) {
    constexpr int stride = 7919; // neighbours in time live apart
    static_assert(homes % stride != 0);
    return static_cast<int>(press * stride % homes);
}

ear::ear(broker_user const& is, std::string_view root, std::size_t presses)
    : at_ns_(presses),
      listener_(is, std::string(root) + "/v1/p/+/offers",
                [this](std::string_view, std::string_view payload) { hear(payload); }) {}

void ear::hear(std::string_view payload) {
    auto const now = steady::now().time_since_epoch().count();
    v1::Offer offer;
    if (!offer.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) return;
    auto const press = press_of(offer.event_id());
    if (press >= at_ns_.size() || at_ns_[press] != 0) return; // sent twice
    at_ns_[press] = now;
    bytes_ += payload.size();
    ++heard_;
}

steady::time_point ear::at(std::size_t press) const {
    return steady::time_point(steady::duration(at_ns_[press].load()));
}

double ear::mean_bytes() const {
    return heard_ == 0 ? 0 : static_cast<double>(bytes_) / static_cast<double>(heard_);
}

latencies press_at_rate(load const& what, broker_user const& presser_user,
                        broker_user const& provider_user, std::string_view root) {
    auto const count = what.warm_up + what.measured;
    auto const presses = presses_for(count, root);
    auto const schedule = schedule_of(what);
    ear provider(provider_user, root, count);
    speaker presser(presser_user);
    auto const start = steady::now() + 100ms;
    for (std::size_t n = 0; n < count; ++n) {
        presser.waits_until(start + schedule[n]);
        presser.says(presses[n].topic, presses[n].payload);
    }
    wait_for_all(provider, count, presser);

    latencies seen;
    seen.offer_bytes = provider.mean_bytes();
    for (auto n = what.warm_up; n < count; ++n) {
        auto const at = provider.at(n);
        if (at == steady::time_point{})
            ++seen.missing;
        else
            seen.ms.push_back(
                std::chrono::duration<double, std::milli>(at - (start + schedule[n])).count());
    }
    std::sort(seen.ms.begin(), seen.ms.end());
    return seen;
}

double flood(std::size_t presses, std::size_t under_way, broker_user const& presser_user,
             broker_user const& provider_user, std::string_view root) {
    auto const all = presses_for(presses, root);
    ear provider(provider_user, root, presses);
    speaker presser(presser_user);
    auto limit = steady::now() + silence_limit;
    for (std::size_t n = 0; n < presses; ++n) {
        while (n >= provider.heard() + under_way) {
            presser.waits_until(steady::now() + 200us);
            if (steady::now() > limit) return 0;
        }
        limit = steady::now() + silence_limit;
        presser.says(all[n].topic, all[n].payload);
        presser.hears_what_is_there();
    }
    wait_for_all(provider, presses, presser);
    std::vector<steady::time_point> heard;
    for (std::size_t n = 0; n < presses; ++n)
        heard.push_back(provider.at(n));
    std::sort(heard.begin(), heard.end());
    auto const first = presses / 10;
    std::chrono::duration<double> const took = heard.back() - heard[first];
    return static_cast<double>(presses - 1 - first) / took.count();
}

} // namespace linli::bench
