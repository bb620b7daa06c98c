// A year of records: what each statement of the house reads in it, and a press while what was kept
// long enough is let go. Started by tests/bench/year.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <pqxx/pqxx>

#include "bench/plans_seen.hpp"
#include "bench/receipts.hpp"
#include "bench/report.hpp"
#include "bench/whole_city.hpp"
#include "support/page_client.hpp"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto database = "linli_bench_year";
constexpr auto silence_limit = 60s;
constexpr auto settles_within = 10s; // the feed, the audit and the first round of keeping in it

// A few hundred pages a question are answered in milliseconds, however old the house is.
constexpr std::size_t many_buffers = 2000;
constexpr std::array<std::string_view, 11> grows{
    "alert",  "request", "service_order", "booking",    "offer",      "signal",
    "search", "log",     "delivery",      "access_log", "maintenance"};

struct choices {
    fs::path folder;
    stage::programs with;
    fs::path records; // year_of_records.sql
    fs::path postgres_log;
    std::size_t orders = 1'000'000;
    std::size_t residents = 20'000;
    int turns = 3;
    int rate = 50;
    std::size_t presses = 1000;
};

std::string utc_text(std::chrono::system_clock::time_point at, char const* form) {
    auto const seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), form, &parts)};
}

bool grows_for_ever(std::string const& table) {
    return std::find(grows.begin(), grows.end(), table) != grows.end();
}

std::vector<std::string> whole_tables(plan_seen const& plan) {
    std::vector<std::string> all;
    std::copy_if(plan.whole.begin(), plan.whole.end(), std::back_inserter(all), grows_for_ever);
    return all;
}

class year {
public:
    year(choices const& c, std::string const& postgres)
        : choices_(c),
          stage_(c.folder, c.with, postgres,
                 {.database = database,
                  .area = whole_city_area,
                  .write =
                      [&c](fs::path const& to) {
                          write_whole_city(to, {.residents = c.residents, .contacts_each = 1});
                      },
                  .has_console = true}),
          log_(c.postgres_log) {
        for (auto const* role : {"station", "shift_leader", "audit_officer"})
            stage_.adds_user(role, role);
    }

    int run() {
        press_once();
        fill();
        auto const missing = press_beside_keeping();
        look_at_plans();
        return missing == 0 ? 0 : 1;
    }

private:
    void press_once() {
        stage_.enter(subject::linli);
        load const one{1, 0, 1, 1};
        if (press_until_stored(stage_, choices_.residents, one).missing > 0)
            throw std::runtime_error("the first press was not stored");
        std::this_thread::sleep_for(1s); // and its offer
        stage_.leave();
    }

    void fill() {
        auto const began = steady::now();
        bench::run({"psql", "-Xq", stage_.linli_database(), "-v",
                    fmt::format("orders={}", choices_.orders), "-v",
                    "now=" + utc_text(std::chrono::system_clock::now(), "%F %TZ"), "-f",
                    choices_.records},
                   choices_.folder / "log");
        pqxx::connection c(stage_.linli_database());
        pqxx::nontransaction in(c);
        in.exec("vacuum analyze");
        in.exec("checkpoint");
        auto const size =
            in.exec1("select pg_size_pretty(pg_database_size(current_database()))")[0];
        std::cout << fmt::format(
                         "{} orders and what hangs on them in {:.0f} s: {}", choices_.orders,
                         std::chrono::duration<double>(steady::now() - began).count(), size.c_str())
                  << std::endl;
    }

    // ---------------------------------------------------------------- presses

    // By turns: nothing is old enough; signals' places and searches of five weeks are.
    std::size_t press_beside_keeping() {
        std::size_t missing = 0;
        std::vector<double> quiet, beside, ratios;
        for (int turn = 1; turn <= choices_.turns; ++turn) {
            quiet.push_back(press(turn, 36'500, missing));
            beside.push_back(press(turn, 365, missing));
            ratios.push_back(beside.back() / quiet.back());
        }
        fmt::print("press to receipt p99 {:.2f} ms; while what is old enough is let go {:.2f} ms, "
                   "{:.2f} times\n",
                   median(quiet), median(beside), median(ratios));
        return missing;
    }

    double press(int turn, int keep_days, std::size_t& missing) {
        keep_for(keep_days);
        stage_.comes_back(subject::linli);
        std::this_thread::sleep_for(3s);
        auto const rate = static_cast<std::size_t>(choices_.rate);
        load const what{choices_.rate, 2 * rate, choices_.presses,
                        static_cast<std::uint64_t>(turn)};
        auto const seen = press_until_stored(stage_, choices_.residents, what);
        stage_.leave();
        missing += seen.missing;
        // The same watches press anew in the next turn, each in a case of its own.
        pqxx::connection c(stage_.linli_database());
        pqxx::nontransaction(c).exec(
            "update alert set state = 'closed', outcome = 'helped', closed_at = opened_at,"
            " due_at = null where state <> 'closed';"
            "update signal set event = event || ':' || extract(epoch from received_at)::bigint"
            " where event like '%:1:%'");
        return percentile(seen.ms, 0.99);
    }

    void keep_for(int days) const {
        auto const file = choices_.folder / "linli.toml";
        std::ifstream in(file);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        text.erase(std::min(text.find("[keeping]"), text.size()));
        std::ofstream(file) << text << "[keeping]\nplaces_days = " << days
                            << "\nsearches_days = " << days << '\n';
    }

    // ---------------------------------------------------------------- plans

    struct act {
        std::string name;
        std::string user;
        std::string path;
    };

    std::vector<act> acts() const {
        pqxx::connection c(stage_.linli_database());
        pqxx::nontransaction in(c);
        auto const old = in.exec1("select id, home, resident from alert where state = 'closed' and"
                                  " first_event like '%:7:%' order by id desc offset 1000 limit 1");
        std::string const alert = old[0].c_str();
        std::string const resident = old[2].c_str();
        auto const now = std::chrono::system_clock::now();
        auto const month = utc_text(now - std::chrono::days(31), "%Y-%m");
        auto const day = utc_text(now - std::chrono::days(2), "%F");
        auto const hour = "%FT%TZ";
        auto const week = fmt::format(
            "from={}&until={}", utc_text(now - std::chrono::days(7), hour), utc_text(now, hour));
        return {
            {"card", "station", "/v1/alerts/" + alert},
            {"evidence", "shift_leader", "/v1/alerts/" + alert + "/evidence"},
            {"follow-ups", "station", "/v1/follow_ups"},
            {"find by key", "station", "/v1/registry/residents?q=" + resident},
            {"find by telephone", "station", "/v1/registry/residents?q=00000000017"},
            {"bookings to do", "station", "/v1/bookings"},
            {"bookings of a resident", "station", "/v1/bookings?ended=yes&resident=" + resident},
            {"bookings of a week", "station", "/v1/bookings?ended=yes&" + week},
            {"complaints", "shift_leader", "/v1/complaints"},
            {"access log", "audit_officer", "/v1/access_log"},
            {"access log of one", "audit_officer", "/v1/access_log?subject=resident:" + resident},
            {"report of a day", "shift_leader", "/v1/reports/service?period=" + day},
            {"report of a month", "shift_leader", "/v1/reports/service?period=" + month},
        };
    }

    void look_at_plans() {
        {
            pqxx::connection c(stage_.linli_database());
            pqxx::nontransaction in(c);
            for (auto const& each : explain_everything(database))
                in.exec(each);
        }
        keep_for(365);
        log_.news();
        stage_.comes_back(subject::linli);
        std::this_thread::sleep_for(settles_within);
        show("by itself", log_.news(), {});
        press_a_few();
        show("presses", log_.news(), known_);
        let_clocks_run_out();
        show("what is due", log_.news(), known_);
        std::map<std::string, tests::page_client> pages;
        for (auto const* user : {"station", "shift_leader", "audit_officer"})
            sign_in(pages.try_emplace(user, stage_.console_port(), stage_.authority(), "127.0.0.1")
                        .first->second,
                    user);
        log_.news();
        auto const claimed =
            pages.at("station").post("/v1/alerts/" + newest_open() + "/claim", "{}");
        if (claimed.status != 200) std::cout << "claim: " << claimed.body << std::endl;
        show("claim", log_.news(), known_);
        for (auto const& each : acts()) {
            log_.news();
            auto const answer = pages.at(each.user).get(each.path);
            if (answer.status != 200)
                std::cout << each.name << ": " << answer.status << ' ' << answer.body << std::endl;
            show(each.name, log_.news(), known_);
        }
        bench::run({choices_.with.linli, "--config", choices_.folder / "linli.toml", "status"},
                   choices_.folder / "log");
        show("status", log_.news(), known_);
        stage_.leave();
    }

    void press_a_few() const {
        if (press_until_stored(stage_, choices_.residents, {10, 0, 10, 1}).missing > 0)
            throw std::runtime_error("a press was not stored");
        std::this_thread::sleep_for(1s);
    }

    void let_clocks_run_out() const {
        pqxx::connection c(stage_.linli_database());
        pqxx::nontransaction in(c);
        for (auto const* table : {"alert", "service_order"})
            in.exec(fmt::format("update {} set due_at = opened_at where due_at < opened_at + "
                                "interval '20 minutes'",
                                table));
        std::this_thread::sleep_for(3s); // it looks each second
    }

    std::string newest_open() const {
        pqxx::connection c(stage_.linli_database());
        return pqxx::nontransaction(c)
            .exec1("select id from alert where state = 'raised' order by id desc limit 1")[0]
            .c_str();
    }

    static void sign_in(tests::page_client& page, std::string const& user) {
        auto const answer = page.post(
            "/v1/session", fmt::format(R"({{"user":"{}","password":"{}"}})", user, stage::secret));
        if (answer.status != 200) throw std::runtime_error(user + " is not signed in");
    }

    // What the house asks by itself meanwhile isn't the act's.
    void show(std::string const& name, std::vector<plan_seen> const& all,
              std::set<std::string> const& beside) {
        std::map<std::string, plan_seen> dearest;
        for (auto const& each : all) {
            if (beside.contains(each.statement)) continue;
            auto const [at, is_new] = dearest.try_emplace(each.statement, each);
            if (!is_new && each.buffers > at->second.buffers) at->second = each;
        }
        std::vector<plan_seen> worth;
        for (auto const& [text, each] : dearest) {
            if (beside.empty()) known_.insert(text);
            worth.push_back(each);
        }
        std::ranges::sort(worth, std::greater<>(), &plan_seen::buffers);
        if (is_first_)
            fmt::print("\n{:<22} {:<70} {:>8} {:>9} {:>9}\n", "", "statement", "ms", "buffers",
                       "rows");
        is_first_ = false;
        constexpr std::size_t of_each = 4;
        constexpr std::size_t shown = 70; // of a statement
        for (std::size_t n = 0; n < worth.size(); ++n) {
            auto const whole = whole_tables(worth[n]);
            bool const is_finding = !whole.empty() || worth[n].buffers > many_buffers;
            if (n >= of_each && !is_finding) continue;
            fmt::print("{:<22} {:<70} {:>8.1f} {:>9} {:>9} {}\n", n == 0 ? name : "",
                       worth[n].statement.substr(0, shown), worth[n].ms, worth[n].buffers,
                       worth[n].rows,
                       !whole.empty() ? fmt::format("READS ALL OF {}", fmt::join(whole, ", "))
                       : is_finding   ? "reads much"
                                      : "");
        }
        std::cout << std::flush;
    }

    choices choices_;
    stage stage_;
    plan_log log_;
    std::set<std::string> known_;
    bool is_first_ = true;
};

int measure(choices& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/year");
    std::string const said = postgres;
    constexpr std::string_view host = "host=";
    c.postgres_log = fs::path(said.substr(host.size(), said.find(' ') - host.size())) / "log";
    fs::create_directories(c.folder);
    return year(c, postgres).run();
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"What the house's statements read in a year of records"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--records", c.records, "That makes them, SQL")
        ->required()
        ->check(CLI::ExistingFile);
    app.add_option("--orders", c.orders)->capture_default_str();
    app.add_option("--residents", c.residents)->capture_default_str();
    app.add_option("--turns", c.turns, "Of presses")->capture_default_str();
    app.add_option("--rate", c.rate, "Presses a second")->capture_default_str();
    app.add_option("--presses", c.presses, "A turn")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_year: " << e.what() << '\n';
        return 1;
    }
}
