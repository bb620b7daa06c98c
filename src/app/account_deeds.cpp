#include "app/account_deeds.hpp"

#include <tuple>
#include <utility>

namespace linli::app {

namespace {

using deed = account_record::deed;

bool administers(account const& a) {
    return a.role == domain::role::administrator && !a.is_disabled;
}

deed done_to(account const& before, account after, char const* what, doer const& by) {
    deed d;
    d.takes_an_administrator =
        administers(before) && (!administers(after) || after.area != before.area);
    d.told = {by.now, by.who, what, "user:" + after.user.value, {}};
    d.who = std::move(after);
    return d;
}

void say(std::string& all, char const* field, std::string_view before, std::string_view after) {
    if (before == after) return;
    if (!all.empty()) all += ", ";
    all += std::string(field) + ' ' + std::string(before) + " > " + std::string(after);
}

std::string differences(account const& before, account const& after) {
    std::string all;
    say(all, "role", to_text(before.role), to_text(after.role));
    say(all, "area", before.area.value, after.area.value);
    say(all, "site", before.site.value, after.site.value);
    say(all, "provider", before.provider.value, after.provider.value);
    say(all, "worker", before.worker.value, after.worker.value);
    if (before.name != after.name) all += all.empty() ? "name" : ", name";
    return all;
}

// Then his open pages stand on what he was, and only a new sign-in brings what he is.
bool sees_something_else(account const& before, account const& after) {
    auto const seen = [](account const& a) {
        return std::tie(a.role, a.area, a.site, a.provider, a.worker);
    };
    return seen(before) != seen(after);
}

} // namespace

deed adding(account const& who, std::string hash, doer const& by) {
    auto d = done_to({}, who, "user_added", by);
    d.told.why = "role " + std::string(to_text(who.role)) + ", area " + who.area.value;
    d.password_hash = std::move(hash);
    return d;
}

deed changing(account const& before, account after, doer const& by) {
    auto d = done_to(before, std::move(after), "user_changed", by);
    d.told.why = differences(before, d.who);
    d.ends_sessions = sees_something_else(before, d.who);
    return d;
}

deed giving_password(account const& whom, std::string hash, doer const& by) {
    auto d = done_to(whom, whom, "user_password", by);
    d.password_hash = std::move(hash);
    d.ends_sessions = true;
    return d;
}

deed letting_in(account const& whom, bool is_let_in, doer const& by) {
    auto after = whom;
    after.is_disabled = !is_let_in;
    auto d = done_to(whom, std::move(after), is_let_in ? "user_enabled" : "user_disabled", by);
    d.ends_sessions = !is_let_in;
    return d;
}

} // namespace linli::app
