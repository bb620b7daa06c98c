#include "adapters/wire/erasure_words.hpp"

#include <fmt/core.h>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/office.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_word = 50;

std::string day_text(std::chrono::sys_days at) {
    std::chrono::year_month_day const day(at);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

void write_erasure(domain::erasure const& what, v1::Erasure& into) {
    using message = v1::Erasure;
    into.set_resident(shown_text(what.resident.value));
    into.set_state(std::string(to_text(state_of(what))));
    into.set_reason(std::string(to_text(what.why)));
    if (what.wished_on) into.set_wished_on(day_text(*what.wished_on));
    into.set_asked_by(shown_text(what.asked_by.value));
    write_time<message>(what.asked_at, &message::mutable_asked_at, into);
    into.set_confirmed_by(shown_text(what.confirmed_by.value));
    write_time(what.erased_at, &message::mutable_erased_at, into);
    write_time(what.cleared_at, &message::mutable_cleared_at, into);
    if (!what.withdrawn) return;
    into.set_withdrawn_by(shown_text(what.withdrawn->by.value));
    write_time<message>(what.withdrawn->at, &message::mutable_withdrawn_at, into);
    into.set_withdrawn_why(std::string(to_text(what.withdrawn->why)));
}

} // namespace

std::optional<erasure_ask> read_erasure_ask(std::string_view json) {
    auto const message = read_body<v1::ErasureAsk>(json);
    if (!message) return std::nullopt;
    return erasure_ask{clean_text(message->reason(), longest_word),
                       clean_text(message->wished_on(), longest_word)};
}

std::optional<std::string> read_erasure_withdrawal(std::string_view json) {
    auto const message = read_body<v1::ErasureWithdrawal>(json);
    if (!message) return std::nullopt;
    return clean_text(message->why(), longest_word);
}

std::string encode_erasures(app::erasure_page const& page, app::erasure_question const& asked) {
    v1::ErasurePage message;
    for (auto const& each : page.all)
        write_erasure(each, *message.add_erasures());
    message.set_total(page.total);
    message.set_page(asked.page);
    message.set_per_page(asked.per_page);
    return bytes_of(message, form::json);
}

std::string encode_erasure_standing(erasure_seen const& what, app::erasure_times const& kept) {
    v1::ErasureStanding message;
    message.set_resident(shown_text(what.who.value));
    if (what.now.asked) write_erasure(*what.now.asked, *message.mutable_asked());
    for (auto const& each : what.now.obstacles) {
        auto& into = *message.add_obstacles();
        into.set_what(std::string(to_text(each.what)));
        into.set_which(shown_text(each.which));
    }
    for (auto const& each : what.before)
        write_erasure(each, *message.add_before());
    for (auto const each : goes_of(what.now)) {
        auto& into = *message.add_goes();
        into.set_what(std::string(to_text(each)));
        into.set_at_once(goes_at_once(each));
    }
    for (auto const each : stays_of(what.now)) {
        auto& into = *message.add_stays();
        into.set_what(std::string(to_text(each)));
        auto const days = kept.find(each);
        if (days != kept.end()) into.set_days(static_cast<std::uint32_t>(days->second.count()));
    }
    return bytes_of(message, form::json);
}

} // namespace linli::wire
