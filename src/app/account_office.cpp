#include "app/account_office.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/account_deeds.hpp"

namespace linli::app {

void throw_exception_from_error(account_refusal const&, boost::source_location const&) {
    throw std::logic_error("a refused change of an account was taken for one");
}

namespace {

using reason = account_refusal::reason;
using listed_account = account_record::listed_account;

bool holds(std::string_view text, std::string_view words) {
    auto const is_same = [](char a, char b) {
        auto const small = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
        return small(a) == small(b);
    };
    // Not std::ranges::search: clang 14 can't compile its result.
    auto const found = std::search(text.begin(), text.end(), words.begin(), words.end(), is_same);
    return found != text.end() || words.empty();
}

bool take_role(std::string const& word, account& into) {
    auto const role = domain::from_text<domain::role>(word);
    if (role) into.role = *role;
    return role.has_value();
}

account_refusal wrong(char const* field, char const* words) {
    return {reason::wrong, field, words};
}

} // namespace

account_office::account_office(account_record& keeper, password_hashing& hashing,
                               accounts& signed_in, clock& time, settings with)
    : keeper_(keeper), hashing_(hashing), signed_in_(signed_in), time_(time),
      with_(std::move(with)) {}

bool account_office::has(account const& by, std::vector<domain::area_id> const& areas) const {
    return by.area == with_.whole || std::ranges::find(areas, by.area) != areas.end();
}

// Offers, doors and telephones are the company's wherever its people serve.
bool account_office::has_all(account const& by, account_record::standing const& at) const {
    return has(by, at.areas) &&
           std::ranges::all_of(at.serves, [&](auto const& areas) { return has(by, areas); });
}

runtime::task<record_result<account_office::page>> account_office::list(account by,
                                                                        question asked) {
    auto all = co_await keeper_.list();
    if (!all) co_return all.error();
    std::erase_if(*all, [&](listed_account const& each) {
        bool const is_meant =
            holds(each.who.user.value, asked.words) || holds(each.who.name, asked.words);
        return !has(by, each.areas) || !is_meant || (asked.role && each.who.role != *asked.role);
    });
    page found;
    found.total = all->size();
    auto const first = std::min((asked.page - 1) * asked.per_page, found.total);
    auto const end = std::min(first + asked.per_page, found.total);
    auto const from = std::make_move_iterator(all->begin());
    found.accounts.assign(from + static_cast<std::ptrdiff_t>(first),
                          from + static_cast<std::ptrdiff_t>(end));
    co_return found;
}

runtime::task<account_result<account_office::entry>> account_office::add(account by, account who,
                                                                         std::string role) {
    who.version = 0;
    who.is_disabled = false;
    if (!take_role(role, who)) co_return wrong("role", "no role");
    auto const may = co_await check(by, who);
    if (!may) co_return may.error();
    auto const found = co_await keeper_.find(who.user);
    if (!found) co_return account_refusal{reason::away};
    if (*found) co_return account_refusal{reason::taken, "user"};
    entry made;
    made.password = with_.make_password();
    auto hash = co_await hashing_.hash(made.password);
    auto what = adding(who, std::move(hash), {by.user, time_.now()});
    auto const version = co_await carry_out(std::move(what));
    if (!version && version.error().why == reason::stale)
        co_return account_refusal{reason::taken, "user"};
    if (!version) co_return version.error();
    made.version = *version;
    co_return made;
}

runtime::task<account_result<std::uint32_t>> account_office::change(account by, account who,
                                                                    std::string role) {
    auto const before = co_await his(by, who.user);
    if (!before) co_return before.error();
    if (!take_role(role, who)) co_return wrong("role", "no role");
    if (who.version != before->version) co_return account_refusal{reason::stale};
    who.is_disabled = before->is_disabled;
    bool const is_elsewhere = who.role != before->role || who.area != before->area;
    if (by.user == who.user && is_elsewhere) co_return account_refusal{reason::yourself};
    auto const may = co_await check(by, who);
    if (!may) co_return may.error();
    auto what = changing(*before, std::move(who), {by.user, time_.now()});
    auto done = co_await carry_out(std::move(what));
    co_return done;
}

runtime::task<account_result<account_office::entry>>
account_office::renew_password(account by, domain::operator_id whom) {
    auto const found = co_await his(by, std::move(whom));
    if (!found) co_return found.error();
    entry made;
    made.password = with_.make_password();
    auto hash = co_await hashing_.hash(made.password);
    auto what = giving_password(*found, std::move(hash), {by.user, time_.now()});
    auto const version = co_await carry_out(std::move(what));
    if (!version) co_return version.error();
    made.version = *version;
    co_return made;
}

runtime::task<account_result<std::uint32_t>>
account_office::let_in(account by, domain::operator_id whom, bool is_let_in) {
    if (!is_let_in && by.user == whom) co_return account_refusal{reason::yourself};
    auto const found = co_await his(by, std::move(whom));
    if (!found) co_return found.error();
    if (found->is_disabled != is_let_in) co_return found->version; // as it is already
    auto what = letting_in(*found, is_let_in, {by.user, time_.now()});
    auto done = co_await carry_out(std::move(what));
    co_return done;
}

// One that lies in the administrator's area.
runtime::task<account_result<account>> account_office::his(account by, domain::operator_id whom) {
    if (!is_user_name(whom.value)) co_return account_refusal{reason::unknown};
    auto const found = co_await keeper_.find(whom);
    if (!found) co_return account_refusal{reason::away};
    if (!*found) co_return account_refusal{reason::unknown};
    auto const at = co_await keeper_.standing_of((*found)->who);
    if (!at) co_return account_refusal{reason::away};
    if (!has_all(by, *at)) co_return account_refusal{reason::unknown};
    co_return (*found)->who;
}

// By itself, by the registry, and by whoever gives it its work.
runtime::task<account_result<void>> account_office::check(account by, account who) {
    if (auto const objection = objection_to(who))
        co_return account_refusal{reason::wrong, objection->field, objection->why};
    auto const at = co_await keeper_.standing_of(who);
    if (!at) co_return account_refusal{reason::away};
    if (!at->has_area || !has(by, at->areas)) co_return wrong("area", "no area of yours");
    if (!who.site.empty() && !at->has_site) co_return wrong("site", "no site of the registry");
    if (!who.provider.empty() && !at->has_provider)
        co_return wrong("provider", "no provider of the registry");
    if (!who.worker.empty() && !at->has_worker)
        co_return wrong("worker", "no worker of that provider");
    if (!has_all(by, *at))
        co_return wrong(who.worker.empty() ? "provider" : "worker",
                        "serves outside your area: an administrator of all of it appoints here");
    co_return account_result<void>();
}

runtime::task<account_result<std::uint32_t>> account_office::carry_out(account_record::deed what) {
    auto const done = co_await keeper_.do_to_account(what);
    if (!done) co_return account_refusal{reason::away};
    switch (*done) {
    case account_record::deed_end::stale:
        co_return account_refusal{reason::stale};
    case account_record::deed_end::last_administrator:
        co_return account_refusal{reason::last_administrator};
    case account_record::deed_end::done:
        break;
    }
    signed_in_.account_changed();
    co_return what.who.version + 1;
}

} // namespace linli::app
