#include "runtime/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace linli::runtime {

struct metrics::state {
    prometheus::Registry registry; // merges: the same name twice is the same family
};

metrics::metrics() : state_(std::make_unique<state>()) {}
metrics::~metrics() = default;

void counter::add(double amount) {
    figure_->Increment(amount);
}
void gauge::set(double value) {
    figure_->Set(value);
}
void gauge::add(double amount) {
    figure_->Increment(amount);
}
void histogram::observe(double value) {
    figure_->Observe(value);
}

counter metrics::counter(std::string const& name, std::string const& help, labels const& by) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
    return runtime::counter(family.Add(by));
}

gauge metrics::gauge(std::string const& name, std::string const& help, labels const& by) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
    return runtime::gauge(family.Add(by));
}

histogram metrics::histogram(std::string const& name, std::string const& help,
                             std::vector<double> const& upper_bounds, labels const& by) {
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
    return runtime::histogram(family.Add(by, upper_bounds));
}

std::string metrics::text() const {
    return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

} // namespace linli::runtime
