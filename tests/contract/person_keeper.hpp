#pragma once

#include <memory>
#include <string>

#include "app/erasure_record.hpp"
#include "app/keeping_record.hpp"

namespace linli::tests {

// Whoever keeps people's data, and lets it go. On the town of keeper.hpp: r1, who wears w1, and r2
// live at h1, where box1 is fixed; r3, who wears w3, lives at h2 alone.
class person_keeper {
public:
    virtual ~person_keeper() = default;

    virtual app::erasure_record& erasures() = 0;
    virtual app::keeping_record& keeping() = 0;

    virtual void is_taken_off(std::string const& device) = 0;
    virtual void has_open_alert(std::string const& resident) = 0;
    // So many signals of somebody's closed alerts, with a place each.
    virtual void was_somewhere(std::string const& resident, int times) = 0;
    virtual int places_of(std::string const& resident) = 0;
    // Whether the key of somebody's, or of a home's, is there.
    virtual bool has_key(std::string const& resident) = 0;
    virtual bool home_has_key(std::string const& home) = 0;

    // One row of that kind, so old; hanging on something open if that can be.
    virtual void keeps(domain::kept what, domain::instant at, bool is_open) = 0;
    virtual int kept_of(domain::kept what) = 0;
    virtual void all_alerts_close() = 0;
    // Somebody complains of each alert, or of each order; and each of these complaints is settled.
    virtual void all_are_complained_of(bool by_order) = 0;
    virtual void all_complaints_are_settled() = 0;
};

std::unique_ptr<person_keeper> persons_on_memory();
std::unique_ptr<person_keeper> persons_on_postgres();

} // namespace linli::tests
