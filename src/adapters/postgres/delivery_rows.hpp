#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "app/delivery_record.hpp"

namespace linli::postgres {

// Rows with a word that a newer version has written. They stay as they are, for that version, and
// stop none of the others; each is told of once. Any thread.
class unreadable_deliveries {
public:
    void met(std::string const& id, std::string const& why);

private:
    std::mutex mutex_;
    std::set<std::string> told_;
};

void prepare_deliveries(pqxx::connection& on);

void expand_notice(pqxx::connection& on, domain::uuid const& notice,
                   std::vector<domain::delivery> const& fresh);
std::vector<domain::delivery> take_deliveries(pqxx::connection& on, unreadable_deliveries& odd,
                                              app::delivery_record::lane which, domain::instant now,
                                              domain::duration lease, int limit);
void settle_deliveries(pqxx::connection& on, std::vector<domain::delivery> const& changed,
                       std::vector<domain::delivery> const& fresh);
std::vector<domain::delivery> unlogged_deliveries(pqxx::connection& on, unreadable_deliveries& odd,
                                                  int limit);
void mark_logged(pqxx::connection& on, std::vector<domain::delivery_id> const& ids);
std::vector<domain::event_id> keep_degraded_deliveries(pqxx::connection& on,
                                                       std::vector<domain::delivery> const& told);
std::size_t forget_deliveries(pqxx::connection& on, domain::instant before, int limit);
app::unsent unsent_deliveries(pqxx::connection& on, domain::instant now);

} // namespace linli::postgres
