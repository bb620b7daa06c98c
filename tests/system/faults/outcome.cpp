#include "system/faults/outcome.hpp"

#include <cmath>
#include <fstream>
#include <stdexcept>

#include <boost/json.hpp>

namespace linli::tests::faults {

namespace json = boost::json;

namespace {

double rounded(double seconds) {
    return std::round(1000 * seconds) / 1000;
}

json::object line_of(outcome const& o) {
    json::array findings;
    for (auto const& each : o.findings)
        findings.emplace_back(each);
    return {{"case", o.name},
            {"seed", o.seed},
            {"faults", o.faults},
            {"signals", o.signals},
            {"once", o.once},
            {"receipts", o.receipts},
            {"alerts", o.alerts},
            {"orders", o.orders},
            {"offers", o.offers},
            {"lost", o.lost},
            {"doubled", o.doubled},
            {"wrong", o.wrong},
            {"once_lost", o.once_lost},
            {"nobodys_s", rounded(o.nobodys_s)},
            {"overdue_s", rounded(o.overdue_s)},
            {"well_s", rounded(o.well_s)},
            {"lasted_s", rounded(o.lasted_s)},
            {"findings", findings}};
}

outcome outcome_of(json::object const& line) {
    auto const count = [&](char const* name) { return line.at(name).to_number<long>(); };
    auto const seconds = [&](char const* name) { return line.at(name).to_number<double>(); };
    outcome o;
    o.name = line.at("case").as_string().c_str();
    o.seed = line.at("seed").as_string().c_str();
    o.faults = static_cast<int>(count("faults"));
    o.signals = count("signals");
    o.once = count("once");
    o.receipts = count("receipts");
    o.alerts = count("alerts");
    o.orders = count("orders");
    o.offers = count("offers");
    o.lost = count("lost");
    o.doubled = count("doubled");
    o.wrong = count("wrong");
    o.once_lost = count("once_lost");
    o.nobodys_s = seconds("nobodys_s");
    o.overdue_s = seconds("overdue_s");
    o.well_s = seconds("well_s");
    o.lasted_s = seconds("lasted_s");
    for (auto const& each : line.at("findings").as_array())
        o.findings.emplace_back(each.as_string().c_str());
    return o;
}

} // namespace

void append(std::filesystem::path const& file, outcome const& what) {
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::app);
    // A line of its own, also behind the half of one that a killed run has left.
    out << '\n' << json::serialize(line_of(what)) + '\n' << std::flush;
    if (!out) throw std::runtime_error("can't write to " + file.string());
}

std::vector<outcome> read(std::filesystem::path const& file) {
    std::vector<outcome> all;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        boost::system::error_code broken; // a run that was killed may have left half a line
        auto const parsed = json::parse(line, broken);
        if (!broken && parsed.is_object()) all.push_back(outcome_of(parsed.as_object()));
    }
    return all;
}

} // namespace linli::tests::faults
