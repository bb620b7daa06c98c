#pragma once

#include <set>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "app/intake.hpp"
#include "app/telemetry_intake.hpp"
#include "simulation/twin_journal.hpp"

namespace linli::simulation {

using signal_journal = twin_journal<std::vector<app::input>>;
using telemetry_journal = twin_journal<domain::telemetry>;

// Rings for those who wait for something to be written.
class doorbell {
public:
    runtime::task<void> wait();
    void ring();

private:
    std::set<boost::asio::steady_timer*> bells_; // of those who wait
};

// One life's view of the signals' journal.
class twin_inbox final : public app::inbox {
public:
    explicit twin_inbox(signal_journal& from) : from_(from) {}

    std::vector<item> next(std::size_t most) override;
    runtime::task<void> wait() override;
    void done(std::vector<token> const& names) override;

    void ring() { bell_.ring(); }

private:
    signal_journal& from_;
    signal_journal::position read_to_ = 0;
    doorbell bell_;
};

// And of the telemetry's.
class twin_telemetry_inbox final : public app::telemetry_inbox {
public:
    explicit twin_telemetry_inbox(telemetry_journal& from) : from_(from) {}

    runtime::task<std::vector<item>> next(std::size_t most) override;
    runtime::task<void> wait() override;
    std::string bytes_of(token name) const override { return from_.at(name).event.value; }
    runtime::task<void> done(std::vector<token> const& names) override;

    void ring() { bell_.ring(); }

private:
    telemetry_journal& from_;
    telemetry_journal::position read_to_ = 0;
    doorbell bell_;
};

} // namespace linli::simulation
