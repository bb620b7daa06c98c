// Life services: what can be booked, for whom, and what is booked.
#include <algorithm>
#include <utility>

#include "adapters/files/registry_sheets.hpp"
#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/desk_answers.hpp"
#include "adapters/http/paging.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/booking_words.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/content_digest.hpp"
#include "adapters/wire/office_words.hpp"

namespace linli::http {

namespace {

using domain::sheet;

constexpr std::size_t longest_words = 200;
constexpr std::uint32_t most_people = 8; // a dialog's list

std::string words_in(std::string_view query, std::string_view name) {
    return wire::clean_text(typed_parameter(query, name), longest_words);
}

// A cell of a resident's row, by its column.
std::string cell(app::registry_record const& of, std::string_view column) {
    auto const& columns = files::sheet_of(sheet::residents).columns;
    if (of.rows.empty()) return {};
    auto const& row = of.rows.front();
    for (std::size_t at = 0; at < columns.size() && at < row.size(); ++at)
        if (columns[at].name == column) return row[at];
    return {};
}

// Everybody's bookings since the beginning would be a list that nobody reads to its end.
constexpr std::chrono::days usual_past{31};

// Nothing: `wrong` is no such parameter's value.
std::optional<app::booking_question> question_in(admitted const& request, domain::instant now,
                                                 std::string& wrong) {
    auto const& query = request.what.query;
    app::booking_question asked{request.who.who.area};
    asked.resident = {words_in(query, "resident")};
    asked.with_ended = parameter(query, "ended") == "yes";
    for (auto const& [name, into] : {std::pair{"from", &app::booking_question::from},
                                     {"until", &app::booking_question::until}}) {
        auto const text = words_in(query, name);
        if (text.empty()) continue;
        asked.*into = wire::read_time(text);
        if (!(asked.*into)) wrong = name;
    }
    if (asked.with_ended && asked.resident.empty() && !asked.from) asked.from = now - usual_past;
    auto const paging = paging_in(query, app::most_bookings_a_page);
    if (!paging) wrong = paging.error();
    if (!wrong.empty()) return std::nullopt;
    asked.page = paging->page;
    asked.per_page = paging->per_page;
    return asked;
}

// The field that is wrong: "" if the window can be kept.
std::string wrong_in_window(std::optional<domain::instant> const& from,
                            std::optional<domain::instant> const& until, domain::instant now) {
    if (!from) return "from";
    if (!until) return "until";
    switch (domain::fault_of_window(*from, *until, now)) {
    case domain::window_fault::from:
        return "from";
    case domain::window_fault::until:
        return "until";
    case domain::window_fault::none:
        break;
    }
    return "";
}

// One for each booking: the caller's own key makes the same one again, also after a restart.
domain::event_id event_for(api_ports& on, admitted const& request) {
    auto const& key = request.what.idempotency_key;
    if (key.empty())
        return domain::make_booking_event(to_string(on.services.ids.next(on.clock.now())));
    domain::device_id const desk{std::string(domain::desk)};
    auto const named = wire::event_id_by_name(desk, request.who.who.user.value + '\n' + key);
    return domain::make_booking_event(named.value.substr(named.value.rfind(':') + 1));
}

// The request that it answers must be the resident's, and in her area.
runtime::task<std::optional<api_reply>> fault_of_request(api_ports& on, admitted const& request,
                                                         domain::uuid id,
                                                         app::registry_record const& whose) {
    std::vector<domain::uuid> const wanted{id};
    auto const lines = co_await on.reading.lines(wanted);
    if (!lines) co_return away();
    bool const is_there =
        !lines->empty() && lines->front().request && lies_in(lines->front(), request.who.who.area);
    if (!is_there) co_return unknown();
    auto const& asked = *lines->front().request;
    bool const is_his =
        asked.about.id == whose.key && asked.about.kind == domain::subject_kind::resident;
    if (!is_his && asked.home.value != cell(whose, "home")) co_return wrong_field("resident");
    co_return std::nullopt;
}

runtime::task<api_reply> booked(api_ports& on, domain::event_id event, app::desk::answer came) {
    if (!came) co_return away();
    if (came->set_aside) co_return problem(422, {.code = "set_aside"});
    if (came->refused == domain::refusal::unknown) co_return unknown();
    if (came->refused) co_return problem(409, {.code = std::string(to_text(*came->refused))});
    auto const made = co_await on.services.bookings.made_by(event);
    if (!made || !*made) co_return away(); // it is made: the same key finds it
    co_return json(wire::encode_booking(**made));
}

// A name or a number that finds somebody tells that it is his.
std::vector<app::seen_entry> found_by_words(admitted const& request, app::registry_page const& page,
                                            domain::instant now) {
    std::vector<app::seen_entry> rows;
    for (auto const& each : page.records)
        rows.push_back({now, request.who.who.user, "search", "resident:" + each.key, "booking"});
    return rows;
}

} // namespace

api_task see_catalogue(api_ports& on, admitted) {
    co_return json(wire::encode_catalogue(on.services.catalogue));
}

api_task see_bookings(api_ports& on, admitted request) {
    std::string wrong;
    auto const asked = question_in(request, on.clock.now(), wrong);
    if (!asked) co_return wrong_field(wrong);
    auto const page = co_await on.services.bookings.list(*asked);
    if (!page) co_return away();
    co_return json(wire::encode_bookings(*page, *asked));
}

api_task see_bookable(api_ports& on, admitted request) {
    app::registry_question asked;
    asked.sheet = sheet::residents;
    asked.words = words_in(request.what.query, "q");
    asked.per_page = most_people;
    std::vector<wire::bookable_person> people;
    if (asked.words.empty()) co_return json(wire::encode_people(people));
    auto const page = co_await on.registry.page(request.who.who, asked);
    if (!page) co_return away();
    auto rows = found_by_words(request, *page, on.clock.now());
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    for (auto const& each : page->records)
        people.push_back({each.key, cell(each, "name"), cell(each, "phone"), cell(each, "home"),
                          cell(each, "status")});
    co_return json(wire::encode_people(people));
}

api_task book(api_ports& on, admitted request) {
    auto said = wire::read_new_booking(request.what.body);
    if (!said) co_return not_understood();
    if (said->resident.empty()) co_return wrong_field("resident");
    auto const* service = domain::find_bookable(on.services.catalogue, {said->service});
    if (!service) co_return wrong_field("service");
    auto const wrong = wrong_in_window(said->from, said->until, on.clock.now());
    if (!wrong.empty()) co_return wrong_field(wrong);
    auto const asked = domain::parse_uuid(said->request);
    if (!asked && !said->request.empty()) co_return wrong_field("request");
    auto const whose =
        co_await on.registry.record(request.who.who, sheet::residents, said->resident, false);
    if (!whose) co_return away();
    if (!*whose || (*whose)->rows.empty()) co_return unknown();
    if (asked) {
        auto fault = co_await fault_of_request(on, request, *asked, **whose);
        if (fault) co_return std::move(*fault);
    }
    app::book_service what;
    what.event = event_for(on, request);
    what.resident = {said->resident};
    if (asked) what.request = domain::request_id{*asked};
    what.what = *service;
    what.from = *said->from;
    what.until = *said->until;
    what.words = std::move(said->words);
    what.who = request.who.who.user;
    auto event = what.event;
    auto came = co_await on.desk.book(std::move(what));
    auto reply = co_await booked(on, std::move(event), std::move(came));
    co_return reply;
}

api_task move_booking(api_ports& on, admitted request) {
    auto said = wire::read_booking_move(request.what.body);
    if (!said) co_return not_understood();
    auto const wrong = wrong_in_window(said->from, said->until, on.clock.now());
    if (!wrong.empty()) co_return wrong_field(wrong);
    if (said->text.empty()) co_return wrong_field("text", "needs_reason");
    auto const seen = domain::from_text<domain::order_state>(said->if_state);
    if (!seen && !said->if_state.empty()) co_return wrong_field("state");
    app::move_booking what;
    what.id = domain::order_id{request.id};
    what.who = request.who.who.user;
    what.from = *said->from;
    what.until = *said->until;
    what.why = std::move(said->text);
    what.if_state = seen;
    auto came = co_await on.desk.move(std::move(what));
    auto reply = co_await told(on, std::move(request), std::move(came));
    co_return reply;
}

api_task cancel_booking(api_ports& on, admitted request) {
    auto const said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    if (said->text.empty()) co_return wrong_field("text", "needs_reason");
    bool const is_booked = std::ranges::any_of(
        request.line->orders, [&](auto const& o) { return o.id.value == request.id && o.booked; });
    if (!is_booked) co_return unknown();
    auto reply = co_await cancel(on, std::move(request));
    co_return reply;
}

} // namespace linli::http
