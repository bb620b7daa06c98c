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
        all.push_back({each.is.who, each.signed_in_at, {}, around(each.is.who.area)});
    co_return all;
}

runtime::task<record_result<void>> memory_accounts::keep(app::account const& who,
                                                         std::string const& password_hash) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return write(who, password_hash);
}

record_result<void> memory_accounts::write(app::account const& who,
                                           std::string const& password_hash) {
    auto const at = accounts_.find(who.user);
    bool const is_new = who.version == 0;
    if (is_new != (at == accounts_.end())) return record_errc::conflict;
    if (!is_new && at->second.is.who.version != who.version) return record_errc::conflict;
    if (!passes_checks(who) || (is_new && password_hash.empty())) return record_errc::bad_data;
    auto& mine = accounts_[who.user];
    mine.is.who = who;
    ++mine.is.who.version;
    if (!password_hash.empty()) mine.is.password_hash = password_hash;
    return {};
}

runtime::task<record_result<memory_accounts::standing>>
memory_accounts::standing_of(app::account const& who) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    standing s;
    s.areas = around(who.area);
    s.has_area = areas.contains(who.area);
    s.has_site = sites.contains(who.site.value);
    s.has_provider = providers.contains(who.provider.value);
    s.has_worker = workers.contains(who.provider.value + '/' + who.worker.value);
    for (auto const& each : workers) {
        auto const worker = each.substr(each.find('/') + 1);
        bool const is_his = who.worker.empty() || who.worker.value == worker;
        if (each != who.provider.value + '/' + worker || !is_his) continue;
        auto const at = area_of_subject.find("worker:" + worker);
        s.serves.insert(at == area_of_subject.end() ? std::vector<domain::area_id>()
                                                    : around(at->second));
    }
    co_return s;
}

runtime::task<record_result<memory_accounts::deed_end>>
memory_accounts::do_to_account(deed const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = accounts_.find(what.who.user);
    if (what.takes_an_administrator && at != accounts_.end() &&
        !has_another_administrator(at->second.is.who))
        co_return deed_end::last_administrator;
    auto const done = write(what.who, what.password_hash);
    if (!done && done.error() == record_errc::conflict) co_return deed_end::stale;
    if (!done) co_return done.error();
    if (what.ends_sessions)
        std::erase_if(sessions_,
                      [&](auto const& each) { return each.second.user == what.who.user; });
    write(what.told);
    co_return deed_end::done;
}

std::vector<domain::area_id> memory_accounts::around(domain::area_id const& area) const {
    auto const at = areas.find(area);
    return at == areas.end() ? std::vector{area} : at->second;
}

bool memory_accounts::has_another_administrator(app::account const& his) const {
    auto const wide = around(his.area);
    return std::ranges::any_of(accounts_, [&](auto const& each) {
        auto const& who = each.second.is.who;
        return who.user != his.user && who.role == domain::role::administrator &&
               !who.is_disabled && std::ranges::find(wide, who.area) != wide.end();
    });
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
    auto session = at->second;
    auto const named = area_names.find(who.area);
    session.area_name = named == area_names.end() ? std::string() : named->second;
    co_return std::pair(std::move(session), who);
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
    for (auto const& [user, of] : accounts_) {
        bool const is_on_duty = std::ranges::any_of(sessions_, [&, &user = user](auto const& each) {
            auto const& s = each.second;
            return s.user == user && s.on_duty && s.expires_at > now;
        });
        if (is_on_duty && !of.is.who.is_disabled) all.push_back(of.is.who);
    }
    co_return all;
}

runtime::task<record_result<void>> memory_accounts::end_session(std::string const& token_digest) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    sessions_.erase(token_digest);
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
    for (auto const& each : what)
        write(each);
    co_return record_result<void>();
}

void memory_accounts::write(app::seen_entry const& seen) {
    auto const at = area_of_subject.find(seen.subject);
    constexpr std::string_view of_user = "user:";
    domain::area_id area;
    if (at != area_of_subject.end()) area = at->second;
    if (seen.subject.starts_with(of_user))
        if (auto const his = accounts_.find({seen.subject.substr(of_user.size())});
            his != accounts_.end())
            area = his->second.is.who.area;
    constexpr std::string_view of_area = "area:";
    if (seen.subject.starts_with(of_area))
        area = {seen.subject.substr(of_area.size(), seen.subject.find('/') - of_area.size())};
    log_.push_back(seen);
    log_areas_.push_back(std::move(area));
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

bool memory_accounts::is_older(std::size_t line, std::int64_t than) const {
    if (than < 1 || than > std::ssize(log_)) return false;
    auto const other = static_cast<std::size_t>(than) - 1;
    return std::pair(log_[line].at, line) < std::pair(log_[other].at, other);
}

bool memory_accounts::is_asked_for(std::size_t line, log_question const& asked) const {
    auto const& each = log_[line];
    if (!asked.subject.empty() && each.subject != asked.subject) return false;
    if (!asked.who.empty() && each.who != asked.who) return false;
    if (!asked.what.empty() && each.what != asked.what) return false;
    if (asked.from && each.at < *asked.from) return false;
    if (asked.until && each.at >= *asked.until) return false;
    if (asked.before && !is_older(line, *asked.before)) return false;
    if (!asked.within) return true;
    auto const& area = log_areas_[line];
    auto const wide = around(area);
    return areas.contains(area) && std::ranges::find(wide, *asked.within) != wide.end();
}

runtime::task<record_result<std::vector<memory_accounts::logged>>>
memory_accounts::look_up(log_question const& asked) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<logged> found;
    for (std::size_t i = log_.size(); i-- > 0;) {
        if (!is_asked_for(i, asked)) continue;
        auto const who = accounts_.find(log_[i].who);
        found.push_back({static_cast<std::int64_t>(i) + 1, log_[i],
                         who == accounts_.end() ? "" : who->second.is.who.name});
    }
    auto const when = [](logged const& each) { return each.seen.at; };
    std::ranges::stable_sort(found, std::greater{}, when);
    if (std::ssize(found) > asked.limit) found.resize(static_cast<std::size_t>(asked.limit));
    co_return found;
}

} // namespace linli::tests
