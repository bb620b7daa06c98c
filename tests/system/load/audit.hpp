#pragma once

#include <map>
#include <string>
#include <vector>

#include "system/load/crew.hpp"
#include "system/load/ledger.hpp"
#include "system/load/record_picture.hpp"

namespace linli::tests::load {

struct finding {
    std::string event; // whose history explains it; empty: nobody's
    std::string what;
};

// What those outside saw, held against the record.
struct audit {
    std::vector<finding> lost;    // had our receipt, or was sent until receipted: not in the record
    std::vector<finding> doubled; // two alerts, joins or orders for one event
    std::vector<finding> wrong;   // any other promise that was not kept
    // Of devices that send once, without our receipt: the broker had passed it on to the server.
    std::vector<finding> passed_on_and_missing;
    long lost_by_broker = 0;  // taken by it, and it died before it had passed it on
    long nobody_listened = 0; // taken while it had lost the server's session
    long offer_news_lost = 0; // the last word about an offer did not come: it died on the way
    long damage_raised = 0;   // places in the journal that could not be read, each a signal

    bool is_clean() const {
        return lost.empty() && doubled.empty() && wrong.empty() && passed_on_and_missing.empty();
    }
};

using heard_offers = std::map<std::string, heard_offer>;

audit audit_of(ledger const& outside, heard_offers const& heard, record_picture const& record);

// All that is known of an event: one line for each thing.
std::string history_of(std::string const& event, ledger const& outside,
                       record_picture const& record);

} // namespace linli::tests::load
