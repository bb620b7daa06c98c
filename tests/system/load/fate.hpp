#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "system/load/field.hpp"
#include "system/load/ledger.hpp"
#include "system/load/premises.hpp"
#include "system/load/server_process.hpp"

namespace linli::tests::load {

struct death_counts {
    int server = 200;
    int database = 20;
    int broker = 20;
};

// Decides by its seed who dies next and when, and brings him back to life.
class fate {
public:
    fate(premises& where, server_process& server, field& people, ledger& writes,
         std::uint64_t seed);

    void runs(death_counts left);

private:
    victim draw(death_counts const& left);
    steady::duration between(steady::duration shortest, steady::duration longest);

    void server_dies();
    void database_dies(death_counts& left);
    void broker_dies(death_counts& left);
    void server_dies_too(int& left); // sometimes, while another is away
    void strikes(aim how);
    void strikes_at_a_message();
    void waits_until_ready();
    void waits(steady::duration time);
    void looks_who_was_not_told();

    premises& where_;
    server_process& server_;
    field& people_;
    ledger& ledger_;
    std::mt19937_64 dice_;
    std::optional<moment> back_at_ = steady::now(); // of who came back last; until all is ready
};

} // namespace linli::tests::load
