// The registry: its sheets and records, and sheets as files. Which sheets a role has to do with is
// asked here; what lies in whose area, the registry itself knows.
#include <utility>

#include "adapters/files/registry_sheets.hpp"
#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/paging.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/registry_encoding.hpp"

namespace linli::http {

namespace {

using domain::sheet;
using seen_rows = std::vector<app::seen_entry>;

constexpr std::size_t longest_word = 200;

// A value as text that the database can take; nothing if it isn't there.
std::string word_in(std::string_view query, std::string_view name) {
    auto const plain = unescaped(parameter(query, name), true);
    return plain ? wire::clean_text(*plain, longest_word) : std::string();
}

// The question, or the parameter that is wrong.
boost::system::result<app::registry_question, std::string>
question_in(std::string_view query, sheet which, domain::role who) {
    auto const& form = files::sheet_of(which);
    app::registry_question asked{which, word_in(query, "q"), {word_in(query, "area")}};
    for (auto const& each : form.columns) {
        auto value = word_in(query, each.name);
        bool const is_filter = !each.is_personal() && each.name != "area";
        if (!is_filter || value.empty()) continue;
        if (!may_see(who, each)) return each.name; // the answer would tell what isn't shown
        asked.equal[each.name] = std::move(value);
    }
    if (auto owner = word_in(query, "owner"); !owner.empty())
        asked.equal[form.key()] = std::move(owner);
    auto const paging = paging_in(query, app::most_per_page);
    if (!paging) return paging.error();
    asked.page = paging->page;
    asked.per_page = paging->per_page;
    return asked;
}

// As the access log names whom something was about.
std::string subject_of(sheet which, std::string const& key) {
    auto const& form = files::sheet_of(which);
    auto const about = form.is_owned ? *form.columns.front().refers_to : which;
    auto const plural = to_text(about);
    return std::string(plural.substr(0, plural.size() - 1)) + ':' + key; // residents: resident:R1
}

// A name or a number that finds somebody tells that it is his: each who was found so.
seen_rows found_by_words(admitted const& request, app::registry_question const& asked,
                         app::registry_page const& page, domain::instant now) {
    seen_rows rows;
    bool const is_of_people = asked.sheet == sheet::residents || asked.sheet == sheet::contacts;
    if (asked.words.empty() || !is_of_people) return rows;
    for (auto const& each : page.records)
        rows.push_back({now, request.who.who.user, "search", subject_of(asked.sheet, each.key),
                        "registry:" + std::string(to_text(asked.sheet))});
    return rows;
}

wire::told_sheet told_to(admitted const& request, sheet which) {
    return {files::sheet_of(which), request.who.who.role};
}

api_reply answer_to(wire::told_sheet const& sheet, app::registry_changed const& what) {
    if (auto const* record = std::get_if<app::registry_record>(&what))
        return json(wire::encode_registry_record(sheet, *record));
    if (auto const* wrong = std::get_if<app::registry_mistakes>(&what))
        return {422, wire::encode_registry_mistakes(*wrong)};
    auto const* stale = std::get_if<app::registry_stale>(&what);
    if (!stale) return unknown();
    wire::problem why{.code = "stale"};
    if (stale->last) {
        why.holder = stale->last->by.value;
        why.text = stale->last->by_name;
        why.did = "changed";
        why.at = stale->last->at;
    }
    return problem(409, why);
}

} // namespace

api_task see_sheets(api_ports&, admitted request) {
    auto const role = request.who.who.role;
    std::vector<wire::told_sheet> sheets;
    for (auto const& each : files::registry_sheets())
        if (domain::may_see(role, each.which)) sheets.push_back({each, role});
    co_return json(wire::encode_registry_sheets(sheets));
}

api_task see_sheet(api_ports& on, admitted request) {
    auto const which = domain::from_text<sheet>(request.sheet);
    if (!which) co_return unknown();
    if (!domain::may_see(request.who.who.role, *which)) co_return forbidden();
    auto const asked = question_in(request.what.query, *which, request.who.who.role);
    if (!asked) co_return wrong_field(asked.error());
    auto const page = co_await on.registry.page(request.who.who, *asked);
    if (!page) co_return away();
    auto rows = found_by_words(request, *asked, *page, on.clock.now());
    if (!rows.empty()) {
        auto const logged = co_await on.accounts.saw(std::move(rows));
        if (!logged) co_return away();
    }
    co_return json(wire::encode_registry_page(told_to(request, *which), *page, *asked));
}

api_task see_record(api_ports& on, admitted request) {
    auto const which = domain::from_text<sheet>(request.sheet);
    if (!which || request.key.empty()) co_return unknown();
    if (!domain::may_see(request.who.who.role, *which)) co_return forbidden();
    auto const found = co_await on.registry.record(request.who.who, *which, request.key, false);
    if (!found) co_return away();
    if (!*found) co_return unknown();
    co_return json(wire::encode_registry_record(told_to(request, *which), **found));
}

api_task reveal_record(api_ports& on, admitted request) {
    auto const which = domain::from_text<sheet>(request.sheet);
    if (!which || request.key.empty()) co_return unknown();
    if (!domain::may_change(request.who.who.role, *which)) co_return forbidden();
    auto const found = co_await on.registry.record(request.who.who, *which, request.key, true);
    if (!found) co_return away();
    if (!*found) co_return unknown();
    seen_rows rows;
    rows.push_back({on.clock.now(), request.who.who.user, "record", subject_of(*which, request.key),
                    "registry:" + request.sheet});
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_registry_record(told_to(request, *which), **found));
}

api_task change_record(api_ports& on, admitted request) {
    auto const which = domain::from_text<sheet>(request.sheet);
    if (!which || request.key.empty()) co_return unknown();
    if (!domain::may_change(request.who.who.role, *which)) co_return forbidden();
    auto change = wire::read_registry_change(request.what.body);
    if (!change) co_return not_understood();
    change->sheet = *which;
    change->key = request.key;
    auto const done = co_await on.registry.change(request.who.who, *change);
    if (!done && done.error() == app::record_errc::bad_data) co_return wrong_field("rows");
    if (!done) co_return away();
    co_return answer_to(told_to(request, *which), *done);
}

api_task export_sheet(api_ports& on, admitted request) {
    auto const which = domain::from_text<sheet>(request.sheet);
    if (!which) co_return unknown();
    auto const& who = request.who.who;
    bool const in_clear = parameter(request.what.query, "personal") == "yes";
    bool const may =
        in_clear ? domain::may_change(who.role, *which) : domain::may_see(who.role, *which);
    if (!may) co_return forbidden();
    if (in_clear) {
        seen_rows rows;
        // Of an area, so that its own auditor sees it, too.
        auto subject = "area:" + who.area.value + "/sheet:" + request.sheet;
        rows.push_back({on.clock.now(), who.user, "export", std::move(subject), who.area.value});
        auto const logged = co_await on.accounts.saw(std::move(rows));
        if (!logged) co_return away();
    }
    auto made = co_await on.registry.file(who, *which, in_clear);
    if (!made) co_return away();
    auto reply = json(std::move(made->text));
    bool const is_table = made->name.ends_with(".csv");
    reply.content_type = is_table ? "text/csv; charset=utf-8" : "application/geo+json";
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + made->name + '"');
    co_return reply;
}

} // namespace linli::http
