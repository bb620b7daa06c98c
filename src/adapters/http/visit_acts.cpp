// What a worker leaves to prove his visit, his call for help, and who looks at the proofs.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/wire/visit_words.hpp"

namespace linli::http {

namespace {

app::own_scope scope_of(app::signed_in const& who) {
    return {who.who.provider, who.who.worker};
}

api_reply told(app::visit_proofs::answer const& came) {
    using end = app::proof_record::end;
    if (came.refused) return unknown();
    switch (came.stands.how) {
    case end::kept:
        return json(wire::encode_proof_taken(came.stands.what.holds));
    case end::no_code:
        return problem(409, {.code = "no_code"});
    case end::enough:
        return problem(409, {.code = "enough"});
    case end::no_home:
        return unknown();
    }
    return unknown();
}

} // namespace

api_task take_proof(api_ports& on, admitted request) {
    auto given = wire::read_visit_proof(request.what.body);
    if (!given) co_return not_understood();
    given->what.offer = domain::offer_id{request.id};
    auto const& what = given->what;
    if (auto const field = objection_to(what.what, given->picture, given->code, what.note))
        co_return wrong_field(std::string(*field));
    auto whose = scope_of(request.who);
    auto const now = on.clock.now();
    auto const came = co_await on.proofs.give(std::move(whose), std::move(*given), now);
    if (!came) co_return away();
    co_return told(*came);
}

api_task take_own_sos(api_ports& on, admitted request) {
    auto const said = wire::read_own_sos(request.what.body);
    if (!said) co_return not_understood();
    app::worker_sos what;
    what.worker = request.who.who.worker;
    what.event = domain::make_own_sos_event(what.worker, said->id);
    what.happened_at = said->happened_at;
    what.fix = said->fix;
    auto const came = co_await on.own.call_for_help(std::move(what));
    if (!came) co_return away();
    if (came->set_aside) co_return problem(422, {.code = "set_aside"});
    co_return json(wire::encode_done(0));
}

// Nobody gets a number whose asking could not be written down.
api_task see_own_contacts(api_ports& on, admitted request) {
    auto whose = scope_of(request.who);
    domain::offer_id const offer{request.id};
    auto const found = co_await on.own.contacts(std::move(whose), offer);
    if (!found) co_return away();
    if (!*found) co_return problem(409, {.code = "out_of_turn"});
    std::vector<app::seen_entry> rows;
    for (auto const& each : **found)
        rows.push_back({on.clock.now(), request.who.who.user, "contact_phone",
                        "resident:" + each.resident.value, to_string(request.id)});
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_contacts(**found));
}

// Ids, times and digests: whom they show, says only a picture.
api_task see_proofs(api_ports& on, admitted request) {
    domain::order_id const order{request.id};
    auto const found = co_await on.kept_proofs.of_order(order);
    if (!found) co_return away();
    co_return json(wire::encode_proofs(*found));
}

api_task see_proof_picture(api_ports& on, admitted request) {
    auto const id = domain::parse_uuid(request.key);
    if (!id) co_return wrong_field("key");
    domain::order_id const order{request.id};
    domain::proof_id const proof{*id};
    auto found = co_await on.kept_proofs.picture(order, proof);
    if (!found) co_return away();
    if (!*found) co_return unknown();
    auto& picture = **found;
    std::vector<app::seen_entry> rows;
    rows.push_back({on.clock.now(), request.who.who.user, "visit_picture", picture.whose,
                    to_string(request.id)});
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    api_reply reply{200, std::move(picture.bytes)};
    reply.content_type = picture.type;
    auto const ending = picture.type == "image/png" ? ".png" : ".jpg";
    reply.headers.emplace_back("Content-Disposition",
                               "attachment; filename=\"" + to_string(*id) + ending + '"');
    co_return reply;
}

} // namespace linli::http
