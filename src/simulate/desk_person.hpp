#pragma once

#include <optional>
#include <string>

#include "app/overview.hpp"

namespace linli::simulate {

// An operator at her seat. The caller brings one for each, wired to the real desk. All calls may
// block; they come from one thread. False: refused, or the database is away; look again.
class desk_person {
public:
    virtual ~desk_person() = default;

    virtual domain::operator_id name() const = 0;
    virtual std::optional<app::overview> look() = 0;

    virtual bool claim(domain::alert_id id) = 0;
    virtual bool note(domain::alert_id id, std::string text) = 0;
    virtual bool close(domain::alert_id id, domain::disposition outcome, std::string text) = 0;
    virtual bool follow_up(domain::order_id id, int rating, std::string text) = 0;
    virtual bool ring_back(domain::request_id id, std::string text) = 0;
};

} // namespace linli::simulate
