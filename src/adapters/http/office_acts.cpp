// Accounts, and who saw whom.
#include <algorithm>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/paging.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/office_words.hpp"
#include "app/report_period.hpp"

namespace linli::http {

namespace {

constexpr std::uint32_t most_users_a_page = 100;
constexpr int most_lines = 200;
constexpr std::size_t longest_words = 200;

api_reply refused(app::account_refusal const& why) {
    using reason = app::account_refusal::reason;
    switch (why.why) {
    case reason::unknown:
        return unknown();
    case reason::wrong:
        return problem(422, {.code = "wrong", .text = why.words, .field = why.field});
    case reason::taken:
        return problem(409, {.code = "taken", .field = why.field});
    case reason::stale:
        return problem(409, {.code = "stale"});
    case reason::yourself:
        return problem(409, {.code = "yourself"});
    case reason::last_administrator:
        return problem(409, {.code = "last_administrator"});
    case reason::away:
        break;
    }
    return away();
}

// As the database can take it.
std::string words(std::string_view query, std::string_view name) {
    return wire::clean_text(typed_parameter(query, name), longest_words);
}

domain::operator_id named_user(admitted const& request) {
    return {request.user};
}

api_task let_in(api_ports& on, admitted request, bool is_let_in) {
    auto whom = named_user(request);
    auto const done = co_await on.office.users.let_in(request.who.who, std::move(whom), is_let_in);
    if (!done) co_return refused(done.error());
    co_return json(wire::encode_done(*done));
}

// A time, or a local day: its beginning, or its end.
std::optional<domain::instant> time_in(std::string const& text, domain::minutes utc_offset,
                                       domain::instant app::report_period::*end) {
    if (auto const day = app::parse_period(text, utc_offset)) return (*day).*end;
    return wire::read_time(text);
}

using log_question = app::account_record::log_question;

// Nothing: `wrong` is no such parameter's value.
std::optional<log_question> log_question_in(office_ports const& on, admitted const& request,
                                            std::string& wrong) {
    auto const& query = request.what.query;
    log_question asked;
    asked.subject = words(query, "subject");
    asked.who = {words(query, "who")};
    asked.what = words(query, "what");
    auto const from = words(query, "from");
    auto const until = words(query, "until");
    asked.from = time_in(from, on.utc_offset, &app::report_period::from);
    asked.until = time_in(until, on.utc_offset, &app::report_period::until);
    auto const before = number<std::int64_t>(parameter(query, "before"));
    auto const limit = number<int>(parameter(query, "limit"));
    if (!from.empty() && !asked.from) wrong = "from";
    if (!until.empty() && !asked.until) wrong = "until";
    if (!before || *before < 0) wrong = "before";
    if (!limit || *limit < 0) wrong = "limit";
    if (!wrong.empty()) return std::nullopt;
    if (*before > 0) asked.before = *before;
    if (*limit > 0) asked.limit = std::min(*limit, most_lines);
    auto const& area = request.who.who.area;
    if (area != on.whole) asked.within = area;
    return asked;
}

} // namespace

api_task see_users(api_ports& on, admitted request) {
    auto const& query = request.what.query;
    auto const role = parameter(query, "role");
    auto const paging = paging_in(query, most_users_a_page);
    if (!paging) co_return wrong_field(paging.error());
    app::account_office::question asked;
    asked.words = words(query, "q");
    asked.role = domain::from_text<domain::role>(role);
    if (!role.empty() && !asked.role) co_return wrong_field("role");
    asked.page = paging->page;
    asked.per_page = paging->per_page;
    auto const found = co_await on.office.users.list(request.who.who, asked);
    if (!found) co_return away();
    co_return json(wire::encode_users(*found, asked));
}

api_task see_roles(api_ports&, admitted) {
    co_return json(wire::encode_roles());
}

api_task add_user(api_ports& on, admitted request) {
    auto said = wire::read_user_change(request.what.body);
    if (!said) co_return not_understood();
    auto const user = said->who.user;
    auto const made =
        co_await on.office.users.add(request.who.who, std::move(said->who), std::move(said->role));
    if (!made) co_return refused(made.error());
    co_return json(wire::encode_new_password(user, *made));
}

api_task change_user(api_ports& on, admitted request) {
    auto said = wire::read_user_change(request.what.body);
    if (!said) co_return not_understood();
    said->who.user = named_user(request);
    auto const done = co_await on.office.users.change(request.who.who, std::move(said->who),
                                                      std::move(said->role));
    if (!done) co_return refused(done.error());
    co_return json(wire::encode_done(*done));
}

api_task renew_password(api_ports& on, admitted request) {
    auto const user = named_user(request);
    auto const made = co_await on.office.users.renew_password(request.who.who, user);
    if (!made) co_return refused(made.error());
    co_return json(wire::encode_new_password(user, *made));
}

api_task disable_user(api_ports& on, admitted request) {
    return let_in(on, std::move(request), false);
}
api_task enable_user(api_ports& on, admitted request) {
    return let_in(on, std::move(request), true);
}

// Whoever looks stands in it, too.
api_task see_access_log(api_ports& on, admitted request) {
    std::string wrong;
    auto asked = log_question_in(on.office, request, wrong);
    if (!asked) co_return wrong_field(wrong);
    auto const limit = static_cast<std::size_t>(asked->limit);
    ++asked->limit; // is there one more?
    auto lines = co_await on.access_log.look_up(*asked);
    if (!lines) co_return away();
    bool const more = lines->size() > limit;
    if (more) lines->resize(limit);
    auto const& who = request.who.who;
    std::vector<app::seen_entry> rows;
    rows.push_back({on.clock.now(), who.user, "access_log",
                    asked->subject.empty() ? "area:" + who.area.value : asked->subject,
                    wire::clean_text(request.what.query, longest_words)});
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_access_page(*lines, more));
}

} // namespace linli::http
