#include "system/faults/disk_faults.hpp"
#include "system/faults/fault_case.hpp"
#include "system/faults/line_faults.hpp"
#include "system/faults/process_faults.hpp"

namespace linli::tests::faults {

namespace {

constexpr setting usual{};
constexpr setting two_networks{.two_networks = true};
constexpr setting lines{.lines = true};
constexpr setting journal_disk{.journal_disk_mib = 8};
constexpr setting database_disk{.database_disk_mib = 192};
constexpr setting with_standby{.standby = true};
constexpr setting two_servers{.second_server = true};
constexpr setting own_clock{.server_clock = true};
constexpr setting by_tls{.tls = true};

} // namespace

std::vector<fault_case> const& all_cases() {
    static std::vector<fault_case> const all{
        {"server_killed", "kill -9 of the server: any time, at a message, while it starts", 1000,
         50, false, usual, nullptr, server_is_killed},
        {"database_killed", "kill -9 of PostgreSQL and all its children", 100, 10, false, usual,
         nullptr, database_is_killed},
        {"broker_killed", "kill -9 of mosquitto", 100, 10, false, usual, nullptr, broker_is_killed},
        {"server_frozen", "SIGSTOP of the server for 30 s", 10, 2, false, usual, server_is_frozen},
        {"database_frozen", "SIGSTOP of PostgreSQL for 30 s", 10, 2, false, usual,
         database_is_frozen},
        {"broker_frozen", "SIGSTOP of mosquitto for 30 s", 10, 2, false, usual, broker_is_frozen},
        {"broker_dropped", "iptables DROP between server and broker, both ways, 30 s", 10, 2, true,
         two_networks, line_to_broker_drops_all},
        {"database_dropped", "iptables DROP between server and database, both ways, 30 s", 10, 2,
         true, two_networks, line_to_database_drops_all},
        {"broker_half_open", "iptables DROP of what the broker says to the server, 30 s", 10, 2,
         true, two_networks, server_does_not_hear_broker},
        {"database_half_open", "iptables DROP of what the database says to the server, 30 s", 10, 2,
         true, two_networks, server_does_not_hear_database},
        {"lines_cut", "by our proxies: all connections end for 30 s, none comes about", 10, 2,
         false, lines, all_lines_are_cut},
        {"lines_half_open", "by our proxies: all stays connected, nothing arrives for 30 s", 10, 2,
         false, lines, all_lines_are_half_open},
        {"lines_slow", "by our proxies: 4 KB a second each way, 30 s", 10, 2, false, lines,
         all_lines_are_slow},
        {"lines_delayed", "by our proxies: 330 ms later each way, 30 s", 10, 2, false, lines,
         all_lines_are_delayed},
        {"lines_reorder", "by our proxies: each piece 0 to 500 ms later, 30 s", 10, 2, false, lines,
         all_lines_reorder},
        {"journal_disk_full", "the journal's disk full for 30 s, without the database", 10, 2, true,
         journal_disk, journals_disk_is_full},
        {"journal_reserve_gone", "as before, and the journal's reserve is used up", 10, 2, true,
         journal_disk, journals_reserve_is_used_up},
        {"database_disk_full", "PostgreSQL's disk full for 35 s", 10, 2, true, database_disk,
         databases_disk_is_full},
        {"journal_torn", "power cut: the journal's last record is there in part", 10, 5, false,
         usual, journals_tail_is_torn},
        {"journal_flipped", "three flipped bits in what the journal still answers for", 10, 5,
         false, usual, journals_bytes_are_flipped},
        {"broker_forgets", "the broker comes back without its sessions", 10, 5, false, usual,
         broker_loses_its_sessions},
        {"database_failover", "the primary is gone; the synchronous standby is promoted", 10, 1,
         false, with_standby, standby_takes_over},
        {"one_of_two_servers", "kill -9 of the one that receives", 10, 5, false, two_servers,
         one_of_two_servers_dies},
        {"clock_set_back", "the server's machine's clock an hour back, also over a restart", 10, 2,
         false, own_clock, servers_clock_is_set_back},
        {"certificate_expired", "the broker's certificate has expired for 10 s", 10, 2, false,
         by_tls, brokers_certificate_expires},
    };
    return all;
}

std::vector<short_case> const& short_form() {
    static std::vector<short_case> const all{
        {"server_killed", 3}, {"lines_half_open", 1}, {"one_of_two_servers", 1}};
    return all;
}

} // namespace linli::tests::faults
