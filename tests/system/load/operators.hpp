#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <pqxx/pqxx>

#include "adapters/postgres/record.hpp"
#include "app/dispatch.hpp"
#include "server/house_clock.hpp"
#include "system/load/ledger.hpp"
#include "system/load/premises.hpp"

namespace linli::tests::load {

// The seats of the desk, beside the server on the same database, as "linli desk" is: they claim and
// close what is open, so that people may press again.
class operators {
public:
    using closed = std::function<void(domain::event_id first_event)>;

    operators(premises const& where, closed tell);
    ~operators();
    operators(operators const&) = delete;
    operators& operator=(operators const&) = delete;

    void stop();

private:
    struct open_alert {
        domain::event_id first_event;
        moment seen_at;
    };

    runtime::task<void> work();
    runtime::task<void> round();
    runtime::task<bool> get_ready();
    bool look();
    std::vector<app::input> commands() const;

    closed const tell_;
    std::string const url_;
    boost::asio::io_context loop_{1};
    server::house_clock clock_;
    std::unique_ptr<postgres::database_record> record_;
    std::unique_ptr<app::plan_book> plans_;
    app::id_source ids_;
    std::unique_ptr<app::dispatch> dispatch_;
    std::unique_ptr<pqxx::connection> looking_;
    std::map<domain::alert_id, open_alert> open_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

} // namespace linli::tests::load
