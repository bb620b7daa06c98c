#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/call_record.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of the calls on PostgreSQL, beside a memory_record. Each call lets the loop run once
// before it does its work. One thread.
class memory_calls final : public app::call_record {
public:
    explicit memory_calls(memory_record const& beside) : beside_(beside) {}

    void away(bool is_away) { away_ = is_away; }
    // What the registry's columns for look-up are for PostgreSQL.
    void has_number(std::string const& number, domain::caller who) {
        numbers_[number].push_back(std::move(who));
    }
    std::map<domain::call_id, app::known_call> const& all() const { return all_; }
    std::vector<domain::caller> who_has(std::string const& number) const;
    std::vector<std::string> bound_numbers() const; // of residents and contacts
    // What another keeper has written on it is news, too.
    void is_changed(domain::call_id id) { ++all_.at(id).what.version; }

    runtime::task<app::record_result<app::known_call>>
    take(domain::call_report const& told, domain::call_id fresh, domain::area_id line) override;
    runtime::task<app::record_result<std::optional<app::known_call>>>
    find(domain::call_id id) override;
    runtime::task<app::record_result<std::optional<domain::alert_id>>>
    alert_near(domain::home_id home, domain::instant then) override;
    runtime::task<app::record_result<bool>> decide(app::call_decision const& what) override;
    runtime::task<app::record_result<void>>
    is_on_alert(domain::call_id id, std::set<domain::call_event> const& events) override;

private:
    app::known_call& known(domain::call_report const& told, domain::call_id fresh,
                           domain::area_id line);

    memory_record const& beside_;
    std::map<std::string, std::vector<domain::caller>> numbers_;
    std::map<domain::call_id, app::known_call> all_;
    bool away_ = false;
};

} // namespace linli::tests
