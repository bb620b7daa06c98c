#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/accounts.hpp"
#include "app/clock.hpp"
#include "runtime/task.hpp"

namespace linli::app {

struct account_refusal {
    enum class reason : std::uint8_t {
        unknown = 1,        // or not of that administrator's area: no more is said
        wrong,              // `field`
        taken,              // there is such a user already
        stale,              // somebody else has changed it meanwhile
        yourself,           // nobody takes his own work from himself
        last_administrator, // nobody would be left who could give it back
        away,               // the database
    };
    reason why = reason::away;
    std::string field = {};
    std::string words = {};
};
[[noreturn]] void throw_exception_from_error(account_refusal const& e,
                                             boost::source_location const& at);

template <class T>
using account_result = boost::system::result<T, account_refusal>;

// Administrators and the accounts of their areas. Each deed stands in the access log, or it isn't
// done. What is not in an administrator's area isn't there.
class account_office {
public:
    struct settings {
        domain::area_id whole; // who has this area has also what lies in none that is known
        std::function<std::string()> make_password;
    };
    account_office(account_record& keeper, password_hashing& hashing, accounts& signed_in,
                   clock& time, settings with);

    struct question {
        std::string words; // in the user or the name
        std::optional<domain::role> role;
        std::size_t page = 1;
        std::size_t per_page = 50;
    };
    struct page {
        std::vector<account_record::listed_account> accounts; // by user
        std::size_t total = 0;
    };
    runtime::task<record_result<page>> list(account by, question asked);

    struct entry {
        std::string password; // told once
        std::uint32_t version = 0;
    };
    // `role` in words; what stands in the account is passed over.
    runtime::task<account_result<entry>> add(account by, account who, std::string role);
    runtime::task<account_result<entry>> renew_password(account by, domain::operator_id whom);
    // As it shall be, but for what letting in and passwords are for; with the version that was
    // seen.
    runtime::task<account_result<std::uint32_t>> change(account by, account who, std::string role);
    runtime::task<account_result<std::uint32_t>> let_in(account by, domain::operator_id whom,
                                                        bool is_let_in);

private:
    runtime::task<account_result<account>> his(account by, domain::operator_id whom);
    runtime::task<account_result<void>> check(account by, account who);
    runtime::task<account_result<std::uint32_t>> carry_out(account_record::deed what);
    bool has(account const& by, std::vector<domain::area_id> const& areas) const;
    bool has_all(account const& by, account_record::standing const& at) const;

    account_record& keeper_;
    password_hashing& hashing_;
    accounts& signed_in_;
    clock& time_;
    settings with_;
};

} // namespace linli::app
