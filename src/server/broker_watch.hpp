#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/files/followed_file.hpp"
#include "adapters/http/readiness.hpp"
#include "adapters/mqtt/broker_log.hpp"
#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/recent.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

// Looks each second into the broker's log for whom it refused: it acknowledges a publish that it
// denies, so a device on a wrong topic presses unheard, and a stolen credential is tried on others'
// topics in silence. What was denied is raised as what can't be read is: about the device whose
// credential it was, or at the city's desk. A device once a minute, for what is no press once a
// day. A sign-in that fails names nobody whom to ring up; it is counted and told in the log. That
// the broker has no room for more connections rings the city's desk: who can't come in, can't
// press. The filter behind the broker writes once a minute at least: when nothing comes, that is
// said.
class broker_watch {
public:
    broker_watch(runtime::config const& config, app::dispatch& to, app::clock& clock,
                 runtime::metrics& into);

    // Once the registry is known; does nothing where no log is named.
    void start(runtime::work_scope& tasks);

    std::optional<http::part> ready() const;

private:
    runtime::task<void> run();
    runtime::task<void> look();
    std::string silence() const;
    void note(std::string const& trouble);
    void heed(mqtt::refusal const& whom);
    void heed_no_room(unsigned times);
    void note_denied(mqtt::refusal const& whom);
    void rings_with(domain::signal said);
    std::string refused() const;
    void tell();
    runtime::task<void> raise();

    std::unique_ptr<files::followed_file> log_;
    app::dispatch& to_;
    app::clock& clock_;
    runtime::counter publishes_;
    runtime::counter sign_ins_;
    runtime::counter connections_;
    runtime::counter unraised_;

    mqtt::broker_log reading_;
    std::vector<app::input> to_raise_;
    app::recent<std::string, bool> raised_{10'000}; // by event
    unsigned denied_ = 0;                           // since the start
    unsigned turned_away_ = 0;
    unsigned no_room_ = 0;
    unsigned untold_ = 0; // refusals since the log last told
    mqtt::refusal last_;
    domain::instant heard_; // when a line last came
    domain::instant tell_again_{};
    bool looked_ = false;
    std::string trouble_;
    domain::instant since_;
    runtime::blocking_pool hands_{1}; // last: its job uses the others
};

} // namespace linli::server
