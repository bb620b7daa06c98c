#include "bench/report.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

namespace linli::bench {

namespace {

using figure = std::function<double(measurement const&)>;

struct spread {
    double median = 0;
    double least = 0;
    double most = 0;
};

spread spread_of(std::vector<double> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    auto const middle = values.size() / 2;
    auto const median =
        values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back()};
}

figure at_share(double share) {
    return [share](measurement const& m) { return percentile(m.seen.ms, share); };
}

std::string text_of(spread const& s) {
    return fmt::format("{:.2f} ({:.2f} … {:.2f})", s.median, s.least, s.most);
}

// Linli over the floor, turn by turn.
template <class Measurements, class Figure>
spread ratios(Measurements const& all, subject floor, Figure const& what) {
    std::vector<double> found;
    for (auto const& top : all)
        for (auto const& below : all)
            if (top.of == subject::linli && below.of == floor && top.turn == below.turn)
                found.push_back(what(top) / what(below));
    return spread_of(found);
}

std::vector<measurement> at_rate(std::vector<measurement> const& all, int rate) {
    std::vector<measurement> some;
    std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                 [rate](auto const& m) { return m.rate == rate; });
    return some;
}

double median(std::vector<measurement> const& all, subject of, figure const& what) {
    std::vector<double> values;
    for (auto const& m : all)
        if (m.of == of) values.push_back(what(m));
    return spread_of(values).median;
}

void print_latencies(std::vector<measurement> const& all) {
    fmt::print("  {:<9}{:>9}{:>9}{:>9}{:>9}   ms, press to offer, medians over the turns; max: the "
               "worst of all\n",
               "", "p50", "p95", "p99", "max");
    for (auto const each : subjects) {
        double worst = 0;
        for (auto const& m : all)
            if (m.of == each && !m.seen.ms.empty()) worst = std::max(worst, m.seen.ms.back());
        fmt::print("  {:<9}{:>9.2f}{:>9.2f}{:>9.2f}{:>9.2f}\n", name_of(each),
                   median(all, each, at_share(0.50)), median(all, each, at_share(0.95)),
                   median(all, each, at_share(0.99)), worst);
    }
    for (auto const& [name, share] : {std::pair{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}})
        fmt::print("  {} linli / floor A {:<24} linli / floor B {}\n", name,
                   text_of(ratios(all, subject::floor, at_share(share))),
                   text_of(ratios(all, subject::floor_with_journal, at_share(share))));
}

void print_usage(std::vector<measurement> const& all) {
    fmt::print("  {:<9}{:>11}{:>11}{:>11}{:>11}{:>11}{:>12}{:>11}\n", "a press", "own CPU",
               "postgres", "broker", "WAL bytes", "WAL syncs", "transact.", "offer");
    for (auto const each : subjects) {
        auto const share = [&](double usage::*what, double scale) {
            return median(all, each, [&](measurement const& m) {
                return scale * m.used.*what / static_cast<double>(m.presses);
            });
        };
        auto const bytes =
            median(all, each, [](measurement const& m) { return m.seen.offer_bytes; });
        fmt::print(
            "  {:<9}{:>8.2f} ms{:>8.2f} ms{:>8.2f} ms{:>11.0f}{:>11.2f}{:>12.2f}{:>9.0f} B\n",
            name_of(each), share(&usage::subject_s, 1e3), share(&usage::postgres_s, 1e3),
            share(&usage::broker_s, 1e3), share(&usage::wal_bytes, 1), share(&usage::wal_syncs, 1),
            share(&usage::transactions, 1), bytes);
    }
}

void print_floods(std::vector<flood_measurement> const& all) {
    if (all.empty()) return;
    fmt::print("\nFlood, 500 presses always under way: orders a second\n");
    for (auto const each : subjects) {
        std::vector<double> values;
        for (auto const& m : all)
            if (m.of == each) values.push_back(m.orders_a_second);
        auto const s = spread_of(values);
        fmt::print("  {:<9}{:>9.0f} ({:.0f} … {:.0f})\n", name_of(each), s.median, s.least, s.most);
    }
    auto const rate = [](flood_measurement const& m) { return m.orders_a_second; };
    fmt::print("  linli / floor A {:<24} linli / floor B {}\n",
               text_of(ratios(all, subject::floor, rate)),
               text_of(ratios(all, subject::floor_with_journal, rate)));
}

} // namespace

double percentile(std::vector<double> const& sorted, double share) {
    if (sorted.empty()) return 0;
    auto const at = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
    return sorted[std::min(at, sorted.size() - 1)];
}

double median(std::vector<double> of) {
    return spread_of(std::move(of)).median;
}

std::string line_of(measurement const& m) {
    auto const& ms = m.seen.ms;
    return fmt::format("turn {} {:>4}/s {:<8} p50 {:7.2f}  p95 {:7.2f}  p99 {:7.2f}  max {:7.2f} ms"
                       "{}",
                       m.turn, m.rate, name_of(m.of), percentile(ms, 0.5), percentile(ms, 0.95),
                       percentile(ms, 0.99), ms.empty() ? 0 : ms.back(),
                       m.seen.missing ? fmt::format("  {} WITHOUT AN OFFER", m.seen.missing) : "");
}

void print(std::vector<measurement> const& all, std::vector<flood_measurement> const& floods) {
    std::set<int> rates;
    for (auto const& m : all)
        rates.insert(m.rate);
    for (auto const rate : rates) {
        auto const some = at_rate(all, rate);
        fmt::print("\n{} presses a second\n", rate);
        print_latencies(some);
        print_usage(some);
    }
    print_floods(floods);
}

} // namespace linli::bench
