#include "bench/plans_seen.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string_view>

namespace linli::bench {

namespace {

// The number behind `word`; 0 if it isn't there.
double number_after(std::string_view line, std::string_view word) {
    auto const at = line.find(word);
    if (at == line.npos) return 0;
    double value = 0;
    auto const begins = line.data() + at + word.size();
    std::from_chars(begins, line.data() + line.size(), value);
    return value;
}

std::string on_one_line(std::string_view text) {
    std::string one_line;
    for (char const c : text) {
        bool const is_blank = c == ' ' || c == '\t' || c == '\n';
        if (!is_blank)
            one_line += c;
        else if (!one_line.empty() && one_line.back() != ' ')
            one_line += ' ';
    }
    return one_line;
}

// A line of the plan that is a step, with what it did: "->  Seq Scan on alert a  (cost=…) (actual
// rows=3 loops=1)".
void take_step(std::string_view line, plan_seen& to) {
    auto const loops = number_after(line, " loops=");
    if (loops == 0) return; // never executed
    bool const is_scan = line.find("Scan") != line.npos;
    if (is_scan) to.rows += static_cast<std::size_t>(number_after(line, "actual rows=") * loops);
    constexpr std::string_view whole = "Seq Scan on ";
    if (auto const at = line.find(whole); at != line.npos) {
        auto const name = line.substr(at + whole.size());
        to.whole.emplace_back(name.substr(0, name.find(' ')));
    }
}

class reading {
public:
    void take(std::string_view line) {
        bool const goes_on = !line.empty() && line.front() == '\t';
        if (goes_on && is_in_plan_) return take_rest(line.substr(1));
        is_in_plan_ = false;
        if (line.find("duration: ") == line.npos || line.find("  plan:") == line.npos) return;
        is_in_plan_ = is_in_text_ = true;
        has_buffers_ = false;
        text_.clear();
        all_.emplace_back().ms = number_after(line, "duration: ");
    }

    std::vector<plan_seen> done() && { return std::move(all_); }

private:
    void take_rest(std::string_view line) {
        auto& plan = all_.back();
        bool const is_step =
            line.find("(actual ") != line.npos || line.find("(never ") != line.npos;
        constexpr std::string_view query = "Query Text: ";
        if (is_in_text_ && !is_step) {
            text_ += line.starts_with(query) ? line.substr(query.size()) : line;
            text_ += ' ';
            plan.statement = on_one_line(text_);
            return;
        }
        is_in_text_ = false;
        if (is_step) return take_step(line, plan);
        if (line.find("Rows Removed by") != line.npos)
            plan.rows += static_cast<std::size_t>(number_after(line, ": "));
        bool const is_whole_plans = !has_buffers_ && line.find("Buffers: ") != line.npos;
        if (!is_whole_plans) return;
        has_buffers_ = true; // the first are those of the uppermost step
        plan.buffers =
            static_cast<std::size_t>(number_after(line, " hit=") + number_after(line, " read="));
    }

    std::vector<plan_seen> all_;
    std::string text_;
    bool is_in_plan_ = false;
    bool is_in_text_ = false;
    bool has_buffers_ = false;
};

} // namespace

std::vector<std::string> explain_everything(std::string const& database) {
    std::vector<std::string> all;
    for (auto const* each : {"session_preload_libraries = 'auto_explain'",
                             "auto_explain.log_min_duration = 0", "auto_explain.log_analyze = on",
                             "auto_explain.log_buffers = on", "auto_explain.log_timing = off"})
        all.push_back("alter database " + database + " set " + each);
    return all;
}

std::vector<plan_seen> plan_log::news() {
    std::ifstream in(log_);
    in.seekg(static_cast<std::streamoff>(read_));
    reading all;
    for (std::string line; std::getline(in, line);) {
        all.take(line);
        read_ += line.size() + 1;
    }
    return std::move(all).done();
}

} // namespace linli::bench
