#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace linli::runtime {

// The three kinds of a figure: cheap handles, valid as long as their `metrics`. Any thread.
class counter {
public:
    void add(double amount = 1);

private:
    friend class metrics;
    explicit counter(prometheus::Counter& to) : figure_(&to) {}
    prometheus::Counter* figure_;
};

class gauge {
public:
    void set(double value);
    void add(double amount);

private:
    friend class metrics;
    explicit gauge(prometheus::Gauge& to) : figure_(&to) {}
    prometheus::Gauge* figure_;
};

class histogram {
public:
    void observe(double value);

private:
    friend class metrics;
    explicit histogram(prometheus::Histogram& to) : figure_(&to) {}
    prometheus::Histogram* figure_;
};

// The figures of one server, in Prometheus's words; passed to whoever counts, no global. Asking
// again for the same name and labels gives the same figure. Names start with "linli_" and end with
// their unit (_seconds, _bytes, _total for counters). Labels take few values: never an id of a
// device or a person.
class metrics {
public:
    using labels = std::map<std::string, std::string>;

    metrics();
    metrics(metrics const&) = delete;
    metrics& operator=(metrics const&) = delete;
    ~metrics();

    runtime::counter counter(std::string const& name, std::string const& help,
                             labels const& by = {});
    runtime::gauge gauge(std::string const& name, std::string const& help, labels const& by = {});

    // Upper bounds ascend. The first who asks for a name with these labels decides them.
    runtime::histogram histogram(std::string const& name, std::string const& help,
                                 std::vector<double> const& upper_bounds, labels const& by = {});

    // All figures in the text exposition format 0.0.4.
    std::string text() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace linli::runtime
