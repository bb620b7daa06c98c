#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/readiness.hpp"
#include "app/carrier.hpp"
#include "app/clock.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/task.hpp"
#include "server/anchor_keeping.hpp"

namespace linli::server {

// What an audit officer gets, to hold it against the copy some day.
app::letter letter_about(anchors::signed_anchor const& which, runtime::config const& config,
                         domain::instant now);

// Every few minutes what the log is, signed; by the server that receives. Every server copies it
// out of the database. Nothing here keeps a server from taking presses.
class anchoring {
public:
    anchoring(runtime::config const& config, app::clock& clock, runtime::metrics& into,
              std::function<bool()> is_ours);

    runtime::task<void> run(); // until cancelled
    void stop() { thread_.stop(); }
    http::part ready() const { return {"anchors", true, words_, since_}; }

private:
    struct newest {
        std::uint64_t number = 0; // none
        domain::instant at;
    };
    newest look(domain::instant now, bool is_ours);
    void write_to_officer(domain::instant now);
    void says(std::string words, bool is_wrong);

    runtime::config const& config_;
    app::clock& clock_;
    std::function<bool()> is_ours_;
    runtime::gauge number_;
    runtime::gauge made_at_;
    runtime::gauge wrong_;
    std::unique_ptr<anchor_keeping> keeping_;
    std::optional<domain::instant> written_; // to the officer
    std::string words_ = "not looked at yet";
    domain::instant since_;
    runtime::blocking_pool thread_{1};
};

} // namespace linli::server
