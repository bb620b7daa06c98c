#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/accounts.hpp"

namespace linli::tests {

// The twin of the accounts on PostgreSQL, in memory. Each call lets the loop run once before it
// does its work. One thread.
class memory_accounts final : public app::account_record {
public:
    void away(bool is_away) { away_ = is_away; }
    std::map<std::string, stored_session> const& sessions() const { return sessions_; }
    std::vector<app::seen_entry> const& log() const { return log_; }

    // As if it had always been there. Answers as the schema's checks would.
    runtime::task<app::record_result<void>> keep(app::account const& who,
                                                 std::string const& password_hash);

    // What is registered: an area with all that it lies in, its own first; where a subject is.
    std::map<domain::area_id, std::vector<domain::area_id>> areas;
    std::map<domain::area_id, std::string> area_names;
    std::set<std::string> sites, providers;
    std::set<std::string> workers; // "p1/k1"
    std::map<std::string, domain::area_id> area_of_subject;

    int times_moved() const { return times_moved_; }
    int times_looked_up() const { return times_looked_up_; }

    runtime::task<app::record_result<std::optional<stored_account>>>
    find(domain::operator_id const& user) override;
    runtime::task<app::record_result<std::vector<listed_account>>> list() override;
    runtime::task<app::record_result<standing>> standing_of(app::account const& who) override;
    runtime::task<app::record_result<deed_end>> do_to_account(deed const& what) override;
    runtime::task<app::record_result<void>> open_session(stored_session const& what) override;
    runtime::task<app::record_result<std::optional<std::pair<stored_session, app::account>>>>
    find_session(std::string const& token_digest) override;
    runtime::task<app::record_result<void>> move_session_on(std::string const& token_digest,
                                                            domain::instant last_used_at,
                                                            domain::instant expires_at) override;
    runtime::task<app::record_result<void>> be_on_duty(std::string const& token_digest,
                                                       bool is) override;
    runtime::task<app::record_result<std::vector<app::account>>>
    on_duty(domain::instant now) override;
    runtime::task<app::record_result<void>> end_session(std::string const& token_digest) override;
    runtime::task<app::record_result<std::size_t>> forget_sessions(domain::instant before) override;
    runtime::task<app::record_result<void>> saw(std::vector<app::seen_entry> const& what) override;
    runtime::task<app::record_result<std::vector<app::seen_entry>>>
    seen(std::string const& subject, domain::operator_id const& who, int limit) override;
    runtime::task<app::record_result<std::vector<logged>>>
    look_up(log_question const& asked) override;

private:
    app::record_result<void> write(app::account const& who, std::string const& password_hash);
    void write(app::seen_entry const& seen);
    std::vector<domain::area_id> around(domain::area_id const& area) const;
    bool is_older(std::size_t line, std::int64_t than) const;
    bool is_asked_for(std::size_t line, log_question const& asked) const;
    bool has_another_administrator(app::account const& his) const;

    struct kept {
        stored_account is;
        std::optional<domain::instant> signed_in_at;
    };
    std::map<domain::operator_id, kept> accounts_;
    std::map<std::string, stored_session> sessions_; // by the token's digest
    std::vector<app::seen_entry> log_;               // oldest first
    std::vector<domain::area_id> log_areas_;         // of each; empty: none that can be told
    bool away_ = false;
    int times_moved_ = 0;
    int times_looked_up_ = 0;
};

} // namespace linli::tests
