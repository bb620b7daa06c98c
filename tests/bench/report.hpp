#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/load.hpp"
#include "bench/stage.hpp"

namespace linli::bench {

// One subject at one rate in one turn.
struct measurement {
    int rate = 0;
    int turn = 0;
    subject of = subject::floor;
    std::size_t presses = 0; // with the warm-up: what `used` was used for
    latencies seen;
    usage used;
};

struct flood_measurement {
    int turn = 0;
    subject of = subject::floor;
    double orders_a_second = 0;
};

double percentile(std::vector<double> const& sorted, double share);
double median(std::vector<double> of);

std::string line_of(measurement const& m); // while it runs

// The tables. Each latency is the median over the turns, the ratios are taken within each turn.
void print(std::vector<measurement> const& all, std::vector<flood_measurement> const& floods);

} // namespace linli::bench
