#pragma once

#include <memory>
#include <string>

#include "app/dry_run.hpp"
#include "app/reports.hpp"

namespace linli::postgres {

// What somebody asks for while he waits, on PostgreSQL: one thread, and a connection for each
// report, whose planner may scan what the signals' sessions must not. stop() waits for what is
// running.
class report_database : public app::report_record, public app::dry_run_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<report_database> open_reports(std::string url);

} // namespace linli::postgres
