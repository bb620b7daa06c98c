#pragma once

#include <memory>
#include <string>

#include "app/record.hpp"
#include "app/trace_record.hpp"

namespace linli::tests {

// Somebody who knows what became of an event of a record, on the town of record_contract.
class trace_keeper {
public:
    virtual ~trace_keeper() = default;

    virtual app::record& record() = 0;
    virtual app::trace_record& traces() = 0;
    // Somebody is to be told of that alert, by an SMS that is due then.
    virtual void tells(domain::alert const& about, std::string const& who,
                       domain::instant due_at) = 0;
};

// Answers nothing when there is no such keeper on this machine.
using trace_keeper_maker = std::unique_ptr<trace_keeper> (*)();
std::unique_ptr<trace_keeper> traces_on_memory();
std::unique_ptr<trace_keeper> traces_on_postgres();

// As a notice of a plan leaves it.
domain::delivery delivery_of(domain::alert const& about, std::string const& who,
                             domain::instant due_at);

} // namespace linli::tests
