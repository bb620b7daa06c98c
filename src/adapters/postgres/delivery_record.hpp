#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/postgres/key_ring.hpp"
#include "app/delivery_record.hpp"

namespace linli::postgres {

// app::delivery_record on PostgreSQL, on a connection of its own, so that it never takes one from
// the signals. Opened when first needed: it can be made while the database is away. stop() waits
// for what is running.
class delivery_database : public app::delivery_record {
public:
    virtual void stop() = 0;

    // A contact with what is needed to try its numbers.
    struct contact_address {
        int place = 1;
        std::vector<domain::channel> ways;
        std::string phone;
        std::string email;
        std::string language;
    };
    // Without those who must not be told.
    virtual runtime::task<app::record_result<std::vector<contact_address>>>
    contacts_of(domain::resident_id const& resident) = 0;

    struct trial {
        domain::resident_id resident;
        int place = 1;
        domain::channel by = domain::channel::sms;
        domain::instant at;
        domain::delivery_state state = domain::delivery_state::failed;
        std::string reason;
    };
    // The latest one of a channel counts.
    virtual runtime::task<app::record_result<void>> keep_trial(trial const& what) = 0;
};

std::unique_ptr<delivery_database> open_deliveries(std::string url, key_ring keys);

} // namespace linli::postgres
