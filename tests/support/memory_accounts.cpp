#include "support/memory_accounts.hpp"

#include <algorithm>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;

namespace {

// The schema's own checks.
bool passes_checks(app::account const& a) {
    bool const is_worker = a.role == domain::role::worker;
    bool const of_a_provider = is_worker || a.role == domain::role::provider_manager;
    return app::is_user_name(a.user.value) && (!of_a_provider || !a.provider.empty()) &&
           (!is_worker || !a.worker.empty());
}

} // namespace

runtime::task<record_result<std::optional<memory_accounts::stored_account>>>
memory_accounts::find(domain::operator_id const& user) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = accounts_.find(user);
    if (at == accounts_.end()) co_return std::nullopt;
    co_return at->second.is;
}

runtime::task<record_result<std::vector<memory_accounts::listed_account>>> memory_accounts::list() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<listed_account> all;
    for (auto const& [user, each] : accounts_)
        all.push_back({each.is.who, each.signed_in_at});
    co_return all;
}

runtime::task<record_result<void>> memory_accounts::keep(app::account const& who,
                                                         std::string const& password_hash) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = accounts_.find(who.user);
    bool const is_new = who.version == 0;
    if (is_new != (at == accounts_.end())) co_return record_errc::conflict;
    if (!is_new && at->second.is.who.version != who.version) co_return record_errc::conflict;
    if (!passes_checks(who) || (is_new && password_hash.empty())) co_return record_errc::bad_data;
    auto& mine = accounts_[who.user];
    mine.is.who = who;
    ++mine.is.who.version;
    if (!password_hash.empty()) mine.is.password_hash = password_hash;
    co_return record_result<void>();
}

runtime::task<record_result<void>> memory_accounts::open_session(stored_session const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = accounts_.find(what.user);
    if (at == accounts_.end()) co_return record_errc::conflict;
    sessions_[what.token_digest] = what;
    at->second.signed_in_at = what.since;
    co_return record_result<void>();
}

runtime::task<
    record_result<std::optional<std::pair<app::account_record::stored_session, app::account>>>>
memory_accounts::find_session(std::string const& token_digest) {
    co_await let_others_run();
    ++times_looked_up_;
    if (away_) co_return record_errc::away;
    auto const at = sessions_.find(token_digest);
    if (at == sessions_.end()) co_return std::nullopt;
    auto const& who = accounts_.at(at->second.user).is.who;
    if (who.is_disabled) co_return std::nullopt;
    co_return std::pair(at->second, who);
}

runtime::task<record_result<void>> memory_accounts::move_session_on(std::string const& token_digest,
                                                                    domain::instant last_used_at,
                                                                    domain::instant expires_at) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    ++times_moved_;
    if (auto const at = sessions_.find(token_digest); at != sessions_.end()) {
        at->second.last_used_at = std::max(at->second.last_used_at, last_used_at);
        at->second.expires_at = std::max(at->second.expires_at, expires_at);
    }
    co_return record_result<void>();
}

runtime::task<record_result<void>> memory_accounts::be_on_duty(std::string const& token_digest,
                                                               bool is) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (auto const at = sessions_.find(token_digest); at != sessions_.end())
        at->second.on_duty = is;
    co_return record_result<void>();
}

runtime::task<record_result<std::vector<app::account>>>
memory_accounts::on_duty(domain::instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::account> all;
    for (auto const& [user, kept] : accounts_) {
        bool const is = std::ranges::any_of(sessions_, [&, &user = user](auto const& each) {
            auto const& s = each.second;
            return s.user == user && s.on_duty && s.expires_at > now;
        });
        if (is && !kept.is.who.is_disabled) all.push_back(kept.is.who);
    }
    co_return all;
}

runtime::task<record_result<void>> memory_accounts::end_session(std::string const& token_digest) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    sessions_.erase(token_digest);
    co_return record_result<void>();
}

runtime::task<record_result<void>> memory_accounts::end_sessions(domain::operator_id const& user) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::erase_if(sessions_, [&](auto const& each) { return each.second.user == user; });
    co_return record_result<void>();
}

runtime::task<record_result<std::size_t>> memory_accounts::forget_sessions(domain::instant before) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const is_old = [&](auto const& each) { return each.second.expires_at < before; };
    co_return std::erase_if(sessions_, is_old);
}

runtime::task<record_result<void>> memory_accounts::saw(std::vector<app::seen_entry> const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    log_.insert(log_.end(), what.begin(), what.end());
    co_return record_result<void>();
}

runtime::task<record_result<std::vector<app::seen_entry>>>
memory_accounts::seen(std::string const& subject, domain::operator_id const& who, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::seen_entry> found;
    for (auto each = log_.rbegin(); each != log_.rend(); ++each)
        if ((subject.empty() || each->subject == subject) && (who.empty() || each->who == who))
            found.push_back(*each);
    std::ranges::stable_sort(found, std::greater{}, &app::seen_entry::at);
    if (static_cast<int>(found.size()) > limit) found.resize(static_cast<std::size_t>(limit));
    co_return found;
}

} // namespace linli::tests
