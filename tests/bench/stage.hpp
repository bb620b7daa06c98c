#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pqxx/pqxx>

#include "bench/child.hpp"
#include "bench/connections.hpp"

namespace linli::bench {

enum class subject { floor, floor_with_journal, linli };

inline constexpr std::array subjects{subject::floor, subject::floor_with_journal, subject::linli};

std::string_view name_of(subject which);
std::string_view root_of(subject which); // of its topics

// What was used since the stage was set up.
struct usage {
    double subject_s = 0;
    double postgres_s = 0;
    double broker_s = 0;
    double wal_bytes = 0;
    double wal_syncs = 0;
    double transactions = 0;

    usage operator-(usage const& before) const;
};

// What everything runs on, the same for all: one mosquitto, one PostgreSQL. In turn the three that
// are measured come on to it, each alone.
class stage {
public:
    struct programs {
        std::filesystem::path linli;
        std::filesystem::path floor;
    };

    // The city that linli serves.
    struct town {
        std::string database = "linli_bench";
        std::string area = "620100";
        std::function<void(std::filesystem::path const&)> write;
        bool has_console = false; // the pages' door, with its API
    };
    static town usual_town();

    // `postgres` is a connection string to a server of our own.
    stage(std::filesystem::path folder, programs with, std::string postgres,
          town of = usual_town());
    ~stage();

    void enter(subject which); // with empty tables; returns when it hears presses
    void leave();
    void dies();                    // kill -9
    void comes_back(subject which); // as it was; returns when it hears presses

    // b-load presses for everybody, b-ear hears every offer, b-crowd is any device, b-floor
    // whatever is none of linli's.
    broker_user user(std::string const& name) const { return {port_, name, secret}; }
    long rows_of_linli(std::string const& table) const;
    std::string linli_database() const { return at_database(town_.database); }
    usage used();
    // With the password of everybody here.
    void adds_user(std::string const& user, std::string const& role) const;
    std::uint16_t console_port() const { return console_port_; }
    std::filesystem::path authority() const { return folder_ / "ca.crt"; }
    bool survives() { return on_stage_ && !on_stage_->has_ended(); }
    pid_t pid() const { return on_stage_->pid(); }
    void says(std::vector<std::string_view> const& words); // returns when the subject has
    // How long `linli import` took, with all its checks, and how much memory at most.
    steady::duration imported_in() const { return imported_in_; }
    std::size_t import_memory() const { return import_memory_; }

    static constexpr auto secret = "of-no-use-to-anybody";

private:
    void write_broker_files() const;
    void start_broker();
    void make_floor_tables();
    void make_city();
    void write_linli_config() const;
    std::string at_database(std::string const& name) const;
    std::vector<std::string> command_of(subject which) const;

    std::filesystem::path folder_;
    programs with_;
    town town_;
    std::string postgres_;
    std::uint16_t port_;
    std::uint16_t console_port_;
    pqxx::connection look_;
    pid_t postmaster_ = 0;
    std::unique_ptr<child> broker_;
    std::unique_ptr<child> on_stage_;
    steady::duration imported_in_{};
    std::size_t import_memory_ = 0;
    double left_s_ = 0; // processor time of those who have left
};

} // namespace linli::bench
