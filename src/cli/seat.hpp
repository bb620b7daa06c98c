#pragma once

#include <string>

#include "cli/session.hpp"
#include "simulate/desk_person.hpp"

namespace linli::cli {

// A simulated operator at the real desk.
class seat final : public simulate::desk_person {
public:
    seat(runtime::config const& config, std::string name) : session_(config), name_{name} {}

    domain::operator_id name() const override { return name_; }
    std::optional<app::overview> look() override;
    bool claim(domain::alert_id id) override;
    bool note(domain::alert_id id, std::string text) override;
    bool close(domain::alert_id id, domain::disposition outcome, std::string text) override;
    bool follow_up(domain::order_id id, int rating, std::string text) override;
    bool ring_back(domain::request_id id, std::string text) override;

private:
    bool done(runtime::task<app::desk::answer> command);

    session session_;
    domain::operator_id name_;
};

} // namespace linli::cli
