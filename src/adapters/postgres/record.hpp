#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/house_times.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "app/auditor.hpp"
#include "app/foresight.hpp"
#include "app/overview.hpp"
#include "app/record.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

struct record_options {
    std::string url;
    std::size_t connections = 4; // also the threads that wait for the database
    std::chrono::milliseconds answers_within = connection_pool::usual_limit;
    std::size_t loop_lines = 0; // connections more, for what a press waits for
};

// app::record on PostgreSQL. Opens its connections when they are first needed, so it can be made
// while the database is away. Outlives whatever uses it; stop() waits for what is running.
class database_record : public app::record,
                        public app::presuming_record,
                        public app::overview_port,
                        public app::audit_port {
public:
    virtual void stop() = 0;

    using times = house_times;
    // What is wrong with the database's schema, with the remedy; empty: it is this program's.
    virtual runtime::task<app::record_result<std::string>> schema_problem() = 0;

    virtual runtime::task<app::record_result<times>> clock_times() = 0;
    // Answers the database's wall clock.
    virtual runtime::task<app::record_result<domain::instant>>
    keep_latest_time(domain::instant latest) = 0;

    // Devices whose id is one that a watch gives itself: 10 to 15 digits.
    virtual runtime::task<app::record_result<std::vector<std::string>>> watch_ids() = 0;
};

std::unique_ptr<database_record> open_record(record_options options, key_ring keys);

} // namespace linli::postgres
