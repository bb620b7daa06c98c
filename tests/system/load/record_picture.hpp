#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/postgres/log_chain.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::tests::load {

// The whole record after the test, as far as the audit asks for it. Ids as text.
struct record_picture {
    struct signal {
        std::string kind;
        std::string alert; // empty: none
    };
    struct alert {
        std::string first_event;
        std::string state;
        std::string home;
        int signals = 0;
        std::uint32_t log_seq = 0;
        std::string log_hash;
    };
    struct order {
        std::string alert;
        std::string event;
        std::string state;
        std::uint32_t log_seq = 0;
        std::string log_hash;
    };
    struct offer {
        std::string order;
        std::string provider;
        std::string state;
        std::uint32_t version = 0;
    };
    struct line {
        app::chained_line what;
        std::uint32_t seq = 0;
        std::string personal; // ciphertext
        std::string hash;
    };

    std::unordered_map<std::string, signal> signals; // by event
    std::map<std::string, alert> alerts;
    std::map<std::string, order> orders;
    std::map<std::string, offer> offers;
    std::map<std::string, std::vector<line>> chains;           // by alert, request or order; by seq
    std::map<std::string, std::vector<std::string>> orders_of; // alert → orders
    long lines_back_in_time = 0;      // earlier than the line before them in their chain
    long desk_lines_back_in_time = 0; // as above, and one of the two is of another process
    long open_without_due = 0;
    long outbox = 0;
    double clock_ahead_s = 0; // of the machine's
};

record_picture read_record(std::string const& database_url);

} // namespace linli::tests::load
