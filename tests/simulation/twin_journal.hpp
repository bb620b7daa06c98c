#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "app/intake.hpp"
#include "simulation/dice.hpp"

namespace linli::simulation {

// The journal's twin: what has been synced survives every crash; the rest, and the newest marks of
// what is done, may not.
class twin_journal {
public:
    using position = std::uint64_t;

    position append(std::vector<app::input> what);
    void sync_through(position at);
    void mark_done(position at) { entries_.at(at).done = true; }
    void crash(dice& chance);

    // The first entry from `from` on that is not done.
    std::optional<position> next(position from) const;
    std::vector<app::input> const& at(position which) const { return entries_.at(which).what; }
    bool is_empty() const { return !next(0); }

private:
    struct entry {
        std::vector<app::input> what;
        bool synced = false;
        bool done = false;
    };
    void forget_old_marks();

    std::map<position, entry> entries_;
    position next_ = 1;
};

// One life's view of it.
class twin_inbox final : public app::inbox {
public:
    explicit twin_inbox(twin_journal& from) : from_(from) {}

    std::vector<item> next(std::size_t most) override;
    runtime::task<void> wait() override;
    void done(std::vector<token> const& names) override;

    void ring(); // something has been written

private:
    twin_journal& from_;
    twin_journal::position read_to_ = 0;
    std::set<boost::asio::steady_timer*> bells_; // of those who wait
};

} // namespace linli::simulation
