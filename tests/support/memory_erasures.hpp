#pragma once

#include <map>
#include <set>
#include <string>

#include "app/erasure_record.hpp"

namespace linli::tests {

// The twin of erasure_record on PostgreSQL, in memory. Each call lets the loop run once before it
// does its work. It knows no area above another but the city, in which all lie. One thread.
class memory_erasures final : public app::erasure_record {
public:
    struct person {
        std::vector<domain::obstacle> obstacles;
        std::size_t rows = 0; // that lie under his id
        bool has_key = true;
        bool lives_alone = false;
        domain::area_id area = {"310000"};
        bool is_refused = false; // the database doesn't let his rows go
    };
    std::map<std::string, person> people;
    void away(bool is_away) { away_ = is_away; }

    runtime::task<app::record_result<domain::erasure_standing>>
    standing_of(domain::resident_id const& who) override;
    runtime::task<app::record_result<void>> ask(domain::erasure const& what) override;
    runtime::task<app::record_result<void>> withdraw(domain::resident_id const& who,
                                                     domain::withdrawn_erasure const& how) override;
    runtime::task<app::record_result<void>> erase(domain::resident_id const& who,
                                                  domain::operator_id const& confirmed_by,
                                                  domain::instant now) override;
    runtime::task<app::record_result<std::size_t>> clear(domain::resident_id const& who,
                                                         domain::instant now, int limit) override;
    runtime::task<app::record_result<app::erasure_page>>
    list(app::erasure_question const& what) override;
    runtime::task<app::record_result<std::vector<domain::resident_id>>> uncleared() override;

private:
    domain::erasure_standing standing(std::string const& who) const;

    std::map<std::string, domain::erasure> asked_;
    std::vector<domain::erasure> withdrawn_;
    bool away_ = false;
};

} // namespace linli::tests
