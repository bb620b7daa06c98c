#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "adapters/postgres/command_record.hpp"
#include "adapters/postgres/health_record.hpp"
#include "adapters/postgres/record.hpp"
#include "app/clock.hpp"
#include "app/desk.hpp"
#include "app/dispatch.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

// A command's own way into the record: the same code as the server's, in a process of its own on
// the same database. Messages that it commits are sent by the server.
class session {
public:
    using clock_maker = std::function<std::unique_ptr<app::clock>(boost::asio::any_io_executor)>;

    // Throws std::runtime_error with the remedy when the database can't be had. Tests bring their
    // own clock.
    explicit session(runtime::config const& with, clock_maker const& make_clock = {});
    ~session();

    // Runs the task to its end and gives its value; exceptions go through.
    int run(std::function<runtime::task<int>()> work);

    app::desk& desk() { return *desk_; }
    app::clock& clock() { return *clock_; }
    postgres::database_record& record() { return *record_; }
    app::health_record& health() { return *health_; }
    app::command_record& commands() { return *commands_; }
    boost::asio::io_context& loop() { return loop_; }

private:
    boost::asio::io_context loop_{1};
    std::unique_ptr<app::clock> clock_;
    std::unique_ptr<postgres::database_record> record_;
    std::unique_ptr<postgres::health_database> health_;
    std::unique_ptr<postgres::command_database> commands_;
    std::unique_ptr<app::plan_book> plans_;
    app::id_source ids_;
    std::unique_ptr<app::dispatch> dispatch_;
    std::unique_ptr<app::desk> desk_;
};

} // namespace linli::cli
