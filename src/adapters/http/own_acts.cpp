// What a worker's page asks for and says: his own offers, or those of all his provider's people.
#include <algorithm>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/own_work_encoding.hpp"
#include "adapters/wire/reply_reading.hpp"

namespace linli::http {

namespace {

constexpr std::chrono::seconds longest_wait{25};
constexpr std::size_t most_known = 20;
constexpr std::size_t longest_etag = 64; // what is longer is none of ours, and is news again

// Whoever goes himself sees his own; who manages a provider's people sees theirs.
app::own_scope scope_of(app::signed_in const& who) {
    app::own_scope whose{who.who.provider, {}};
    if (who.who.role == domain::role::worker) whose.worker = who.who.worker;
    return whose;
}

// "id.id"; what is no id is passed over, and what is too many.
std::vector<domain::offer_id> offers_in(std::string_view list) {
    std::vector<domain::offer_id> all;
    while (!list.empty() && all.size() < most_known) {
        auto const stop = std::min(list.find('.'), list.size());
        if (auto const id = domain::parse_uuid(list.substr(0, stop))) all.push_back({*id});
        list.remove_prefix(std::min(stop + 1, list.size()));
    }
    return all;
}

// Of an offer that isn't the company's there is nothing, as of one that isn't there.
api_reply none_to_name(app::own_work::people const& found) {
    return found.is_offered ? problem(409, {.code = "out_of_turn"}) : unknown();
}

} // namespace

api_task see_own_offers(api_ports& on, admitted request) {
    auto const& query = request.what.query;
    auto const wait = number<unsigned>(parameter(query, "wait"));
    if (!wait) co_return wrong_field("wait");
    auto const most = std::min(longest_wait, std::chrono::seconds(*wait));
    auto const until = on.clock.now() + most;
    std::string seen(parameter(query, "seen").substr(0, longest_etag));
    auto known = offers_in(parameter(query, "known"));
    auto whose = scope_of(request.who);
    auto const found =
        co_await on.own.look(std::move(whose), std::move(known), std::move(seen), until);
    if (!found) co_return away();
    co_return json(wire::encode_own_work(*found));
}

api_task take_own_reply(api_ports& on, admitted request) {
    auto whose = scope_of(request.who);
    auto said = wire::read_provider_reply(whose.provider, request.what.body, "application/json");
    if (!said.what || said.what->offer.value != request.id)
        co_return not_understood();
    // What a manager says is his provider's word; his name stands with it.
    if (whose.worker.empty()) said.what->by.who = request.who.who.user.value;
    auto const came = co_await on.own.say(std::move(whose), std::move(*said.what));
    if (!came) co_return away();
    if (came->set_aside) co_return problem(422, {.code = "set_aside"});
    if (came->refused == domain::refusal::unknown) co_return unknown();
    if (came->refused) co_return problem(409, {.code = std::string(to_text(*came->refused))});
    co_return json(wire::encode_done(0));
}

api_task see_own_workers(api_ports& on, admitted request) {
    auto whose = scope_of(request.who);
    domain::offer_id const offer{request.id};
    auto const found = co_await on.own.people_for(std::move(whose), offer);
    if (!found) co_return away();
    if (!found->may_be_named) co_return none_to_name(*found);
    co_return json(wire::encode_own_workers(found->all));
}

// Nobody gets a number whose asking could not be written down.
api_task reveal_own_worker(api_ports& on, admitted request) {
    auto whose = scope_of(request.who);
    domain::offer_id const offer{request.id};
    auto const found = co_await on.own.people_for(std::move(whose), offer);
    if (!found) co_return away();
    if (!found->may_be_named) co_return none_to_name(*found);
    auto const is_meant = [&](auto const& each) { return each.who.id.value == request.key; };
    auto const him = std::find_if(found->all.begin(), found->all.end(), is_meant);
    if (him == found->all.end()) co_return unknown();
    std::vector<app::seen_entry> rows;
    rows.push_back({on.clock.now(), request.who.who.user, "worker_phone", "worker:" + request.key,
                    to_string(request.id)});
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_revealed(him->phone));
}

} // namespace linli::http
