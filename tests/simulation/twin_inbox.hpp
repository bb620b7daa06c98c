#pragma once

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
    std::vector<boost::asio::steady_timer*> bells_; // of those who wait, as they came
};

// How far one life has read a journal.
template <class Record>
class journal_reader {
public:
    explicit journal_reader(twin_journal<Record>& of) : of_(of) {}

    template <class Item>
    std::vector<Item> next(std::size_t most) {
        std::vector<Item> items;
        while (items.size() < most) {
            auto const at = of_.next(read_to_ + 1);
            if (!at) break;
            read_to_ = *at;
            items.push_back({*at, of_.at(*at)});
        }
        return items;
    }
    runtime::task<void> wait() {
        if (of_.next(read_to_ + 1)) co_return;
        co_await bell_.wait();
    }
    template <class Tokens>
    void done(Tokens const& names) {
        for (auto const name : names)
            of_.mark_done(name);
    }
    Record const& at(typename twin_journal<Record>::position where) const { return of_.at(where); }
    void ring() { bell_.ring(); }

private:
    twin_journal<Record>& of_;
    typename twin_journal<Record>::position read_to_ = 0;
    doorbell bell_;
};

// One life's view of the signals' journal.
class twin_inbox final : public app::inbox {
public:
    explicit twin_inbox(signal_journal& from) : reader_(from) {}

    std::vector<item> next(std::size_t most) override;
    runtime::task<void> wait() override;
    void done(std::vector<token> const& names) override;

    void ring() { reader_.ring(); }

private:
    journal_reader<std::vector<app::input>> reader_;
};

// And of the telemetry's.
class twin_telemetry_inbox final : public app::telemetry_inbox {
public:
    explicit twin_telemetry_inbox(telemetry_journal& from) : reader_(from) {}

    runtime::task<std::vector<item>> next(std::size_t most) override;
    runtime::task<void> wait() override;
    std::string bytes_of(token name) const override { return reader_.at(name).event.value; }
    runtime::task<void> done(std::vector<token> const& names) override;

    void ring() { reader_.ring(); }

private:
    journal_reader<domain::telemetry> reader_;
};

} // namespace linli::simulation
