#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/readiness.hpp"
#include "adapters/postgres/record.hpp"
#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/plan_book.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

// The pages and the API, if the configuration opens their door. What they read and who they are has
// database connections of its own; what they do goes the way of everybody, by the house's dispatch.
class api_door {
public:
    struct house {
        postgres::database_record& record;
        app::dispatch& dispatch;
        app::plan_book& plans;
        app::clock& clock;
        app::id_source& ids;
        boost::asio::any_io_executor loop;
        runtime::metrics& metrics;
        std::function<void()> asked_for_call; // by our own hotline; must not throw
    };
    // Throws std::runtime_error when the address, the certificate or the pages can't be had.
    api_door(runtime::config const& config, house with);
    ~api_door();

    void start(runtime::work_scope& tasks); // when the database was reached
    void committed(app::changes const& what);
    void changed(domain::call_id const& what); // the other servers hear of it otherwise
    runtime::task<void> stop();

    std::uint16_t port() const; // 0: the door is shut
    // Nothing: the door is shut. Never unready: the signals' ways are open.
    std::optional<http::part> ready() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_; // null: the door is shut
};

} // namespace linli::server
