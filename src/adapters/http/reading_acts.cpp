// What is read: the live feed, cards, evidence, and what is masked on a card.
#include <algorithm>
#include <map>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/live_pages.hpp"
#include "adapters/http/masked_on_card.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/console_encoding.hpp"
#include "adapters/wire/console_words.hpp"

namespace linli::http {

namespace {

constexpr std::chrono::seconds longest_poll{25};
constexpr int looks_at_once = 1000;
constexpr int most_follow_ups = 200;

// One row for each whom it shows.
std::vector<app::seen_entry> shown(app::alert_card const& card, admitted const& to,
                                   std::string const& what, domain::instant now) {
    std::vector<app::seen_entry> rows;
    auto const add = [&](std::string subject) {
        rows.push_back({now, to.who.who.user, what, std::move(subject), to_string(to.id)});
    };
    for (auto const& each : card.residents)
        add("resident:" + each.what.id.value);
    if (card.worker) add("worker:" + card.worker->id.value);
    if (card.home) add("home:" + card.home->id.value);
    if (rows.empty())
        add(to_string(to.line->alert ? to.line->alert->about : to.line->request->about));
    return rows;
}

// Who looked at somebody for that line: all of them, however often others did for other reasons.
runtime::task<app::record_result<std::vector<app::seen_entry>>>
looks_for(api_ports& on, std::string subject, std::string why) {
    app::account_record::log_question asked;
    asked.subject = std::move(subject);
    asked.limit = looks_at_once;
    std::vector<app::seen_entry> all;
    for (;;) {
        auto const page = co_await on.access_log.look_up(asked);
        if (!page) co_return page.error();
        for (auto const& each : *page)
            if (each.seen.why == why) all.push_back(each.seen);
        if (std::ssize(*page) < looks_at_once) co_return all;
        asked.before = page->back().line;
    }
}

// What lines() gives has no order.
using encoded_lines = std::map<domain::uuid, std::string>;
runtime::task<app::record_result<encoded_lines>> encoded(api_ports& on,
                                                         std::vector<domain::uuid> ids) {
    auto const lines = co_await on.reading.lines(ids);
    if (!lines) co_return lines.error();
    encoded_lines all;
    for (auto const& line : *lines)
        all.emplace(line.id(), wire::encode_line(line));
    co_return all;
}

bool may_read_restricted(admitted const& request) {
    return domain::may(request.who.who.role, domain::right::see_restricted);
}

// Nobody sees a card whose seeing could not be written down.
api_task see_card(api_ports& on, admitted request) {
    auto const card = co_await card_of(on, request);
    if (!card) co_return away();
    if (!*card) co_return unknown();
    auto text = co_await on.encode_card(**card, may_read_restricted(request));
    if (!text) co_return away();
    auto rows = shown(**card, request, "card", on.clock.now());
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(std::move(*text));
}

} // namespace

api_task poll_live(api_ports& on, admitted request) {
    auto const& query = request.what.query;
    auto const after = number<std::uint64_t>(parameter(query, "after"));
    auto const wait = number<unsigned>(parameter(query, "wait"));
    if (!after) co_return wrong_field("after");
    if (!wait) co_return wrong_field("wait");
    std::string epoch(parameter(query, "epoch").substr(0, 100));
    auto const most = std::min(longest_poll, std::chrono::seconds(*wait));
    auto text = co_await on.live.poll(std::move(epoch), *after, request.who.who.area, most);
    co_return json(std::move(text));
}

api_task take_painted(api_ports& on, admitted request) {
    auto const alerts = wire::read_painted(request.what.body);
    if (!alerts) co_return not_understood();
    on.live.have_painted(request.who, *alerts);
    co_return api_reply{204, {}};
}

api_task see_alert(api_ports& on, admitted request) {
    return see_card(on, std::move(request));
}
api_task see_request(api_ports& on, admitted request) {
    return see_card(on, std::move(request));
}

// In the order of their times.
api_task see_follow_ups(api_ports& on, admitted request) {
    auto const waiting = co_await on.reading.to_follow_up(request.who.who.area, most_follow_ups);
    if (!waiting) co_return away();
    auto const lines = co_await encoded(on, waiting->next);
    if (!lines) co_return away();
    std::vector<std::string> sorted;
    for (auto const& id : waiting->next)
        if (auto const line = lines->find(id); line != lines->end()) sorted.push_back(line->second);
    co_return json(wire::encode_follow_ups(sorted, waiting->count));
}

// In the order of their times.
api_task see_unfinished(api_ports& on, admitted request) {
    auto const waiting = co_await on.reading.unfinished_in(request.who.who.area, most_follow_ups);
    if (!waiting) co_return away();
    std::vector<domain::uuid> alerts;
    for (auto const& each : waiting->next)
        alerts.push_back(each.alert);
    auto const lines = co_await encoded(on, std::move(alerts));
    if (!lines) co_return away();
    std::vector<std::pair<app::unfinished_visit, std::string>> sorted;
    for (auto const& each : waiting->next)
        if (auto const line = lines->find(each.alert); line != lines->end())
            sorted.emplace_back(each, line->second);
    co_return json(wire::encode_unfinished(sorted, waiting->count));
}

// With who saw whom for it, as it was before this look.
api_task see_evidence(api_ports& on, admitted request) {
    auto const card = co_await card_of(on, request);
    if (!card) co_return away();
    if (!*card) co_return unknown();
    auto rows = shown(**card, request, "evidence", on.clock.now());
    std::vector<app::seen_entry> seen;
    for (auto const& row : rows) {
        auto const looks = co_await looks_for(on, row.subject, row.why);
        if (!looks) co_return away();
        seen.insert(seen.end(), looks->begin(), looks->end());
    }
    auto const signals = co_await on.reading.signals_of(request.id);
    if (!signals) co_return away();
    auto const text = co_await on.encode_card(**card, may_read_restricted(request));
    if (!text) co_return away();
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_evidence(*text, seen, *signals));
}

api_task reveal(api_ports& on, admitted request) {
    auto const asked = wire::read_command(request.what.body);
    if (!asked) co_return not_understood();
    auto const card = co_await card_of(on, request);
    if (!card) co_return away();
    if (!*card) co_return unknown();
    auto found = masked_on(**card, *asked);
    if (!found) co_return wrong_field("field");
    std::vector<app::seen_entry> rows;
    rows.push_back({on.clock.now(), request.who.who.user, asked->field, found->subject,
                    to_string(request.id)});
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_revealed(found->text));
}

api_task see_note_templates(api_ports& on, admitted) {
    co_return json(wire::encode_note_templates(on.note_templates));
}

} // namespace linli::http
