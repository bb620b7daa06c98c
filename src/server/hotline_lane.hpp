#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/readiness.hpp"
#include "adapters/postgres/commit_hints.hpp"
#include "adapters/postgres/hotline_record.hpp"
#include "adapters/postgres/ingest_lock.hpp"
#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/hotline.hpp"
#include "app/id_source.hpp"
#include "app/notice_text.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

// Our own hotline. Of several servers one holds it, by a lock of the database, and only that one is
// connected to the engine; what pages write on the others it finds in the record. While the
// database is away the holder goes on: callers are still put through.
class hotline_lane {
public:
    struct house {
        app::dispatch& dispatch;
        app::clock& clock;
        app::id_source& ids;
        boost::asio::any_io_executor loop;
        runtime::metrics& metrics;
        std::function<void(domain::call_id const&)> changed; // the desks of this server are told
        app::notice_texts const& texts;
    };
    hotline_lane(runtime::config const& config, std::string server_id, house with);
    ~hotline_lane();

    void start(runtime::work_scope& tasks); // when the database was reached
    runtime::task<void> stop();

    // Never unready: the signals' ways are open, and the engine rings its duty telephones.
    std::optional<http::part> ready() const; // nothing: no hotline of ours
    void look();                             // into the figures
    bool holds() const;                      // this server is the one
    void look_at_wishes();                   // a call has been asked for

private:
    struct parts;
    struct holding;
    std::unique_ptr<parts> parts_; // null: no hotline of ours
};

} // namespace linli::server
