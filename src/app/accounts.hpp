#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/clock.hpp"
#include "app/record.hpp"
#include "domain/right.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Somebody who may sign in. His name at the desk is his operator id in the record.
struct account {
    domain::operator_id user; // 1 to 40 of a-z 0-9 . _ -
    std::string name;         // as it is shown
    domain::role role = domain::role::operator_;
    domain::area_id area;         // his, with all below it
    domain::site_id site;         // the desk that he sits at; empty: none
    domain::provider_id provider; // of a provider's people
    domain::worker_id worker;
    bool is_disabled = false;
    std::uint32_t version = 0;

    bool operator==(account const&) const = default;
};

bool is_user_name(std::string_view text);

// What is wrong with an account, whatever the registry holds: the field (user, name, area,
// provider, worker) and why, in words. Nothing: it will do.
struct account_objection {
    std::string field;
    std::string why;
};
std::optional<account_objection> objection_to(account const& what);

// What is wrong with a password, in words with the remedy; nothing: it will do.
std::string objection_to_password(std::string_view password, account const& of);

// Where somebody stands in an installation, and since when.
struct signed_in {
    account who;
    domain::instant since;
    domain::instant expires_at;
    bool on_duty = false;       // 上岗: the sound of this session was heard
    std::string area_name = {}; // of his area, as the registry has it; empty: not imported
};

enum class sign_in_errc : std::uint8_t {
    wrong = 1, // user or password; no more is said
    too_often, // of this address or for this user: later again
    away,      // the database
};
[[noreturn]] void throw_exception_from_error(sign_in_errc const& e,
                                             boost::source_location const& at);

// What somebody was shown or asked for; one row each. They are kept for [keeping] looks_days, half
// a year at the least, and then let go (keeping).
struct seen_entry {
    domain::instant at;
    domain::operator_id who;
    std::string what; // card, phone, contact_phone, access_notes, id_number, evidence, export …
    std::string subject; // resident:R1, home:H1, worker:k1, user:li
    std::string why;     // alert or order id: what it was needed for; of a deed: what it changed

    bool operator==(seen_entry const&) const = default;
};

// Accounts, their sessions, and who saw whom. PostgreSQL in an installation, a twin in memory in
// tests. All calls may suspend; none throws for an outage.
class account_record {
public:
    virtual ~account_record() = default;

    struct stored_account {
        account who;
        std::string password_hash; // argon2id, in libsodium's text form
    };
    virtual runtime::task<record_result<std::optional<stored_account>>>
    find(domain::operator_id const& user) = 0;
    struct listed_account {
        account who;
        std::optional<domain::instant> signed_in_at; // last
        std::string area_name = {};
        std::vector<domain::area_id> areas = {}; // his and all that it lies in
    };
    // By name.
    virtual runtime::task<record_result<std::vector<listed_account>>> list() = 0;

    // How an account fits the registry. An area that isn't imported stands alone.
    struct standing {
        std::vector<domain::area_id> areas; // its own and all that it lies in
        bool has_area = false;
        bool has_site = false;
        bool has_provider = false;
        bool has_worker = false; // of that provider
        // Where the worker serves, else each of the company's: an area and all that it lies in;
        // empty, where no site says it. One place once.
        std::set<std::vector<domain::area_id>> serves;
    };
    virtual runtime::task<record_result<standing>> standing_of(account const& who) = 0;

    // What somebody does to an account, and the line of the access log that says so: both, or
    // neither. Sessions that end, end for whoever signs in meanwhile, too.
    struct deed {
        account who;               // as it shall be, with the version that was seen; 0: new
        std::string password_hash; // empty: as it was
        bool ends_sessions = false;
        bool takes_an_administrator = false; // it was one who may sign in, and won't be there
        seen_entry told;
    };
    // `stale`: it has moved on from that version; of a new one, there is such a user already.
    enum class deed_end : std::uint8_t { done, stale, last_administrator };
    virtual runtime::task<record_result<deed_end>> do_to_account(deed const& what) = 0;

    // A session is known by the digest of its token, never by the token.
    struct stored_session {
        std::string token_digest;
        domain::operator_id user;
        domain::instant since;
        domain::instant expires_at;
        domain::instant last_used_at;
        bool on_duty = false;
        std::string area_name = {}; // only read: of the account's area
    };
    // `conflict`: there is no such account.
    virtual runtime::task<record_result<void>> open_session(stored_session const& what) = 0;
    // With the account as it is now; nothing if there is none, or its account is disabled.
    virtual runtime::task<record_result<std::optional<std::pair<stored_session, account>>>>
    find_session(std::string const& token_digest) = 0;
    // Each changes its own part of a session, so that one can't undo the other. A session that has
    // ended stays ended; its times never go back.
    virtual runtime::task<record_result<void>> move_session_on(std::string const& token_digest,
                                                               domain::instant last_used_at,
                                                               domain::instant expires_at) = 0;
    virtual runtime::task<record_result<void>> be_on_duty(std::string const& token_digest,
                                                          bool is) = 0;
    // Who is on duty now, by a session that hasn't ended, by name.
    virtual runtime::task<record_result<std::vector<account>>> on_duty(domain::instant now) = 0;
    virtual runtime::task<record_result<void>> end_session(std::string const& token_digest) = 0;
    // Those that ended before; answers how many.
    virtual runtime::task<record_result<std::size_t>> forget_sessions(domain::instant before) = 0;

    virtual runtime::task<record_result<void>> saw(std::vector<seen_entry> const& what) = 0;
    // Newest first. Empty subject or who: of all.
    virtual runtime::task<record_result<std::vector<seen_entry>>>
    seen(std::string const& subject, domain::operator_id const& who, int limit) = 0;

    struct log_question {
        std::string subject = {}; // empty: of all, as in each of the next
        domain::operator_id who = {};
        std::string what = {};
        std::optional<domain::instant> from = {};
        std::optional<domain::instant> until = {};  // without it
        std::optional<std::int64_t> before = {};    // what is older than that line
        std::optional<domain::area_id> within = {}; // only what is known to lie in that area
        int limit = 50;
    };
    struct logged {
        std::int64_t line = 0;
        seen_entry seen;
        std::string who_name;
    };
    // Newest first.
    virtual runtime::task<record_result<std::vector<logged>>>
    look_up(log_question const& asked) = 0;
};

// Slow by intent: argon2id. On threads of its own, a few at once, so that a crowd of guesses takes
// neither the loop nor the memory. Who else waits, its caller bounds.
class password_hashing {
public:
    virtual ~password_hashing() = default;
    virtual runtime::task<std::string> hash(std::string password) = 0;
    // An empty hash takes as long and is never right: nobody learns which users there are.
    virtual runtime::task<bool> fits(std::string password, std::string hash) = 0;
};

// 256 random bits in base64url, 43 characters; and what is stored in their place.
struct token_source {
    std::function<std::string()> make;
    std::function<std::string(std::string const& token)> digest;
};

// Who somebody is. Failures are counted for (user, address) and for an address, in memory; an
// address from which a user has signed in before is never locked by failures from elsewhere, so
// that nobody can lock out the desk by guessing. An address is what its caller takes for one party:
// of IPv6 the first 64 bits. On one loop; all is bounded.
class accounts {
public:
    struct limits {
        domain::duration session{domain::seconds(12 * 3600)}; // from the last use, a shift
        domain::duration longest{domain::seconds(16 * 3600)}; // from the beginning
    };

    accounts(account_record& keeper, password_hashing& hashing, clock& time, token_source tokens,
             limits with);
    accounts(accounts const&) = delete;
    accounts& operator=(accounts const&) = delete;
    ~accounts();

    struct opened {
        std::string token; // 256 bits, base64url; told once
        signed_in session;
    };
    runtime::task<boost::system::result<opened, sign_in_errc>>
    sign_in(domain::operator_id user, std::string password, std::string address);
    // From memory for a few seconds; a use of the session moves its end on, once a minute.
    runtime::task<record_result<std::optional<signed_in>>> find(std::string token);
    runtime::task<record_result<void>> sign_out(std::string token);
    runtime::task<record_result<void>> be_on_duty(std::string token, bool is);

    runtime::task<record_result<void>> saw(std::vector<seen_entry> what);

    // Somebody's account is another now: no session is told from memory any more.
    void account_changed();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace linli::app
