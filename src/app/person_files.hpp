#pragma once

#include <optional>
#include <string>

#include "app/accounts.hpp"
#include "app/person_file.hpp"
#include "app/record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// PostgreSQL in an installation. Nothing: there is no such resident.
class person_reading {
public:
    virtual ~person_reading() = default;
    virtual runtime::task<record_result<std::optional<person_file>>>
    read(domain::resident_id const& who, domain::instant now, int most_rows) = 0;
};

// Whoever hands it out is written down first, as for a look at a telephone number.
class person_files {
public:
    person_files(person_reading& from, account_record& looks, clock& time)
        : from_(from), looks_(looks), time_(time) {}

    struct wish {
        domain::resident_id who;
        domain::operator_id by;
        std::string why;        // ids and codes
        int most_rows = 20'000; // of a section
    };
    runtime::task<record_result<std::optional<person_file>>> make(wish what);

private:
    person_reading& from_;
    account_record& looks_;
    clock& time_;
};

} // namespace linli::app
