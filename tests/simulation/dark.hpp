#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "app/degraded_telling.hpp"
#include "simulation/twin_inbox.hpp"
#include "support/city.hpp"
#include "support/memory_deliveries.hpp"

namespace linli::simulation {

// What a server needs to tell without a database, as its degraded lane has it: all of it on its own
// machine, so it outlives a crash.

// What lies in the journal and is not in the record.
class dark_shelf final : public app::waiting_signals {
public:
    explicit dark_shelf(signal_journal const& of) : of_(of) {}

    void rewind() override { read_to_ = 0; }
    runtime::task<std::vector<item>> next(std::size_t most) override;
    bool waits(item const& one) const override { return of_.waits(one.at.first); }

private:
    signal_journal const& of_;
    signal_journal::position read_to_ = 0;
};

// Whom it told.
class dark_book final : public app::told_book {
public:
    using hearer = std::function<void(std::vector<app::told_degraded> const&)>;
    explicit dark_book(hearer booked) : booked_(std::move(booked)) {}

    runtime::task<std::vector<app::told_degraded>> read() override;
    runtime::task<bool> add(std::vector<app::told_degraded> const& told) override;
    runtime::task<bool> clear() override;
    bool is_empty() const { return held_.empty(); }

private:
    hearer booked_;
    std::vector<app::told_degraded> held_;
};

// Whose device it is, and who has duty there.
app::registry_copy copy_of(tests::city const& town, std::vector<tests::known_site> const& sites);

// The same for the same text.
domain::uuid digest_of(std::string_view text);

} // namespace linli::simulation
