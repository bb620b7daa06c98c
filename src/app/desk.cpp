#include "app/desk.hpp"

#include <utility>

namespace linli::app {

runtime::task<desk::answer> desk::one(input what) {
    std::vector<input> batch;
    batch.push_back(std::move(what));
    auto done = co_await to_.run(std::move(batch));
    if (!done) co_return done.error();
    co_return done->front();
}

runtime::task<record_result<overview>> desk::look(int limit) {
    auto const now = time_.now();
    auto const local = now + utc_offset_;
    auto const midnight =
        domain::instant(std::chrono::floor<std::chrono::days>(local)) - utc_offset_;
    auto seen = co_await from_.look(now, midnight, limit);
    co_return seen;
}

runtime::task<record_result<std::vector<offer_line>>> desk::offers_of(domain::order_id id) {
    auto found = co_await from_.offers_of(id);
    co_return found;
}

runtime::task<desk::answer> desk::claim(domain::alert_id id, domain::operator_id who) {
    return one(alert_command{id, domain::claim{std::move(who)}});
}

runtime::task<desk::answer> desk::release(domain::alert_id id, domain::operator_id who) {
    return one(alert_command{id, domain::release{std::move(who)}});
}

runtime::task<desk::answer> desk::hand_over(domain::alert_id id, domain::operator_id who,
                                            domain::operator_id to, std::string next) {
    domain::hand_over giving{std::move(who), std::move(to), std::move(next)};
    return one(alert_command{id, std::move(giving)});
}

runtime::task<desk::answer> desk::shelve(domain::alert_id id, domain::operator_id who,
                                         domain::seconds how_long, std::string why) {
    domain::shelve aside{std::move(who), how_long, std::move(why)};
    return one(alert_command{id, std::move(aside)});
}

runtime::task<desk::answer> desk::shown(domain::alert_id id, domain::operator_id by) {
    return one(alert_command{id, domain::shown{std::move(by)}});
}

runtime::task<desk::answer> desk::note(domain::alert_id id, domain::operator_id who,
                                       std::string text) {
    return one(alert_command{id, domain::note{std::move(who), std::move(text)}});
}

runtime::task<desk::answer> desk::take_over(domain::alert_id id, domain::operator_id who,
                                            std::string why) {
    return one(alert_command{id, domain::take_over{std::move(who), std::move(why)}});
}

runtime::task<desk::answer> desk::handle(domain::alert_id id, domain::operator_id who,
                                         std::optional<std::uint32_t> if_signals) {
    return one(alert_command{id, domain::handle{std::move(who)}, if_signals});
}

runtime::task<desk::answer> desk::close(domain::alert_id id, domain::operator_id who,
                                        domain::disposition outcome, std::string text,
                                        std::optional<std::uint32_t> if_signals) {
    domain::close closing{std::move(who), outcome, std::move(text)};
    return one(alert_command{id, std::move(closing), if_signals});
}

runtime::task<desk::answer> desk::done_as_asked(domain::alert_id id, domain::operator_id who,
                                                domain::ask what, std::string text) {
    return one(alert_command{id, domain::done_as_asked{std::move(who), what, std::move(text)}});
}

runtime::task<desk::answer> desk::drill(domain::device_id device, domain::alert_kind kind,
                                        domain::operator_id who) {
    return one(start_drill{std::move(device), kind, std::move(who)});
}

runtime::task<desk::answer> desk::install(domain::device_id device, domain::operator_id who) {
    return one(start_installation{std::move(device), std::move(who)});
}

runtime::task<desk::answer> desk::cancel(domain::order_id id, domain::operator_id who,
                                         std::string why,
                                         std::optional<domain::order_state> if_state) {
    domain::cancel ending{{domain::actor_kind::operator_, std::move(who.value), {}}, {}, {}};
    if (!why.empty()) ending.why = to_text(domain::order_state::cancelled);
    ending.words = std::move(why);
    return one(order_command{id, std::move(ending), if_state});
}

runtime::task<desk::answer> desk::offer_to(domain::order_id id, domain::operator_id who,
                                           domain::worker_id worker,
                                           std::optional<domain::order_state> if_state) {
    domain::offer_to chosen{std::move(who), std::move(worker), {}, {}, {}};
    return one(order_command{id, std::move(chosen), if_state});
}

runtime::task<desk::answer> desk::reply_for(domain::offer_id id, domain::provider_id provider,
                                            domain::worker_id worker, domain::operator_id who,
                                            domain::reply_kind kind, std::string reason) {
    domain::reply said;
    said.offer = id;
    said.provider = std::move(provider);
    said.kind = kind;
    said.reason = std::move(reason);
    bool const names_who_goes =
        kind == domain::reply_kind::accept || kind == domain::reply_kind::assign;
    if (names_who_goes) said.worker = worker;
    said.by = {domain::actor_kind::operator_, std::move(who.value), std::move(worker.value)};
    return one(std::move(said));
}

runtime::task<desk::answer> desk::follow_up(domain::order_id id, domain::operator_id who,
                                            std::optional<int> rating, std::string text) {
    return one(order_command{id, domain::follow_up{std::move(who), rating, std::move(text)}});
}

runtime::task<desk::answer> desk::ring_back(domain::request_id id, domain::operator_id who,
                                            std::string text) {
    return one(close_request{id, std::move(who), std::move(text)});
}

runtime::task<desk::answer> desk::book(book_service what) {
    return one(std::move(what));
}

runtime::task<desk::answer> desk::move(move_booking what) {
    return one(std::move(what));
}

} // namespace linli::app
