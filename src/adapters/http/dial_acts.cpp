// Click to dial: the telephone system rings her seat, then whom she wants to speak to. Who was rung
// by whom is written down before anybody rings, as a look at the number is.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/call_seeing.hpp"
#include "adapters/http/dialled_number.hpp"
#include "adapters/http/masked_on_card.hpp"

namespace linli::http {

namespace {

bool is_telephone(std::string const& field) {
    return field == "phone" || field == "contact_phone" || field == "worker_phone";
}

api_task ring(api_ports& on, admitted request, std::string number,
              std::vector<app::seen_entry> rows) {
    auto digits = dialled_number(number);
    if (digits.empty()) co_return wrong_field("field");
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    auto const& user = request.who.who.user;
    auto key = request.what.idempotency_key.empty()
                   ? std::to_string(on.clock.now().time_since_epoch().count())
                   : request.what.idempotency_key;
    app::dialling wanted{user.value + '.' + key, user, std::move(digits), to_string(request.id)};
    auto const came = co_await on.telephone->dials->dial(std::move(wanted));
    switch (came) {
    case app::dialled::accepted:
        co_return json(wire::encode_done(version_of(*request.line, request.id)));
    case app::dialled::refused:
        co_return problem(409, {.code = "telephone_refused"});
    case app::dialled::unreachable:
        break;
    }
    co_return problem(502, {.code = "telephone_unreachable"});
}

bool can_dial(api_ports& on) {
    return on.telephone && on.telephone->dials;
}

} // namespace

api_task dial(api_ports& on, admitted request) {
    if (!can_dial(on)) co_return no_telephone();
    auto const asked = wire::read_command(request.what.body);
    if (!asked) co_return not_understood();
    if (!is_telephone(asked->field)) co_return wrong_field("field");
    auto const card = co_await card_of(on, request);
    if (!card) co_return away();
    if (!*card) co_return unknown();
    auto found = masked_on(**card, *asked);
    if (!found) co_return wrong_field("field");
    std::vector<app::seen_entry> rows;
    rows.push_back({on.clock.now(), request.who.who.user, asked->field, found->subject,
                    to_string(request.id)});
    auto answer = co_await ring(on, std::move(request), std::move(found->text), std::move(rows));
    co_return answer;
}

api_task dial_call(api_ports& on, admitted request) {
    if (!can_dial(on)) co_return no_telephone();
    auto rows = seeing_of_call(request, on.clock.now());
    auto number = request.line->call->what.number;
    auto answer = co_await ring(on, std::move(request), std::move(number), std::move(rows));
    co_return answer;
}

} // namespace linli::http
