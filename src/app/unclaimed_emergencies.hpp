#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "app/record.hpp"
#include "domain/alert.hpp"

namespace linli::app {

// The emergencies that nobody has taken, as this process has committed them: while the record is
// silent no ladder climbs, no page shows them, and they can't be read any more. Real ones only; one
// that is counted down is among them.
//
// Another process may have committed the claim, or the next rung: whatever has a due time that
// passed while the record answered is its business and not ours.
class unclaimed_emergencies {
public:
    static constexpr std::size_t most = 10'000; // of more, the oldest are forgotten

    void committed(changes const& what);

    // As they stood when the record fell silent, oldest first.
    std::vector<domain::alert> at(domain::instant silent_since) const;
    bool has(domain::alert_id const& which) const { return all_.contains(which); }

private:
    std::map<domain::alert_id, domain::alert> all_; // ids begin with their time
};

} // namespace linli::app
