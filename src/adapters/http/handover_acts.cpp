// The end of a shift: what somebody still holds, and who goes on with it. Nobody goes off duty
// while she holds work (field-rules 25).
#include "adapters/http/handover_acts.hpp"

#include <algorithm>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/wire/console_encoding.hpp"

namespace linli::http {

namespace {

using app::account;

// Of those on duty: who may claim, and whose area the line lies in.
std::vector<account> successors(std::vector<account> const& on_duty, account const& who,
                                std::vector<app::work_line> const& lines) {
    std::vector<account> able;
    for (auto const& each : on_duty) {
        bool const covers_all =
            std::ranges::all_of(lines, [&](auto const& line) { return lies_in(line, each.area); });
        if (each.user != who.user && domain::may(each.role, domain::right::claim) && covers_all)
            able.push_back(each);
    }
    return able;
}

} // namespace

runtime::task<std::optional<api_reply>> kept_by_work(api_ports& on,
                                                     domain::operator_id const& who) {
    auto const held = co_await on.reading.held_by(who);
    if (!held) co_return away();
    if (!held->empty()) co_return problem(409, {.code = "holding"});
    co_return std::nullopt;
}

api_task see_handover(api_ports& on, admitted request) {
    auto const& who = request.who.who;
    auto const held = co_await on.reading.held_by(who.user);
    if (!held) co_return away();
    auto lines = co_await on.reading.lines(*held);
    if (!lines) co_return away();
    auto const on_duty = co_await on.access_log.on_duty(on.clock.now());
    if (!on_duty) co_return away();
    std::ranges::sort(*lines, {}, [](auto const& line) { return line.id(); });
    std::vector<std::string> encoded;
    for (auto const& line : *lines)
        encoded.push_back(wire::encode_line(line));
    co_return json(wire::encode_handover(encoded, successors(*on_duty, who, *lines)));
}

runtime::task<app::record_result<bool>> could_go_on(api_ports& on, admitted const& request,
                                                    std::string const& user) {
    auto const on_duty = co_await on.access_log.on_duty(on.clock.now());
    if (!on_duty) co_return on_duty.error();
    std::vector<app::work_line> const lines{*request.line};
    auto const able = successors(*on_duty, request.who.who, lines);
    co_return std::ranges::any_of(able, [&](auto const& each) { return each.user.value == user; });
}

} // namespace linli::http
