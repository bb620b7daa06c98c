#pragma once

#include <memory>
#include <vector>

#include "app/delivery_record.hpp"
#include "app/record.hpp"
#include "support/city.hpp"
#include "support/memory_deliveries.hpp"

namespace linli::tests {

// Somebody who keeps deliveries beside a record, on the town of record_contract.
class telling_keeper {
public:
    virtual ~telling_keeper() = default;

    virtual app::record& record() = 0;
    virtual app::delivery_record& deliveries() = 0;
    // The registry learns of them; again is instead.
    virtual void knows(std::vector<known_contact> const& contacts,
                       std::vector<known_site> const& sites) = 0;
};

// Answers nothing when there is no such keeper on this machine.
using telling_keeper_maker = std::unique_ptr<telling_keeper> (*)();
std::unique_ptr<telling_keeper> telling_on_memory();
std::unique_ptr<telling_keeper> telling_on_postgres();

} // namespace linli::tests
