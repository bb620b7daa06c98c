#include "adapters/wire/office_words.hpp"

#include <google/protobuf/util/time_util.h>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/office.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_id = 100;
constexpr std::size_t longest_name = 200;

std::string id(std::string const& text) {
    return clean_text(text, longest_id);
}

void write_user(app::account_record::listed_account const& each, v1::User& into) {
    auto const& who = each.who;
    into.set_user(who.user.value);
    into.set_name(shown_text(who.name));
    into.set_role(std::string(to_text(who.role)));
    into.set_area(shown_text(who.area.value));
    into.set_area_name(shown_text(each.area_name));
    into.set_site(shown_text(who.site.value));
    into.set_provider(shown_text(who.provider.value));
    into.set_worker(shown_text(who.worker.value));
    into.set_disabled(who.is_disabled);
    write_time(each.signed_in_at, &v1::User::mutable_signed_in_at, into);
    into.set_version(who.version);
}

} // namespace

std::optional<user_change> read_user_change(std::string_view json) {
    auto const message = read_body<v1::UserChange>(json);
    if (!message) return std::nullopt;
    auto const& user = message->user();
    user_change said;
    said.who.user = {id(user.user())};
    said.who.name = clean_text(user.name(), longest_name);
    said.who.area = {id(user.area())};
    said.who.site = {id(user.site())};
    said.who.provider = {id(user.provider())};
    said.who.worker = {id(user.worker())};
    said.who.version = user.version();
    said.role = id(user.role());
    return said;
}

std::optional<domain::instant> read_time(std::string_view text) {
    google::protobuf::Timestamp time;
    if (!google::protobuf::util::TimeUtil::FromString(std::string(text), &time))
        return std::nullopt;
    return read_instant(time);
}

std::string encode_users(app::account_office::page const& what,
                         app::account_office::question const& asked) {
    v1::UserPage message;
    for (auto const& each : what.accounts)
        write_user(each, *message.add_users());
    message.set_total(static_cast<std::uint32_t>(what.total));
    message.set_page(static_cast<std::uint32_t>(asked.page));
    message.set_per_page(static_cast<std::uint32_t>(asked.per_page));
    return bytes_of(message, form::json);
}

std::string encode_roles() {
    v1::Roles message;
    for (auto const& [role, name] : domain::names<domain::role>::table) {
        auto& into = *message.add_roles();
        into.set_name(std::string(name));
        for (auto const& [right, word] : domain::names<domain::right>::table)
            if (domain::may(role, right)) into.add_may(std::string(word));
    }
    return bytes_of(message, form::json);
}

std::string encode_new_password(domain::operator_id const& user,
                                app::account_office::entry const& what) {
    v1::NewPassword message;
    message.set_user(user.value);
    message.set_password(what.password);
    message.set_version(what.version);
    return bytes_of(message, form::json);
}

std::string encode_access_page(std::vector<app::account_record::logged> const& lines, bool more) {
    v1::AccessPage message;
    for (auto const& each : lines) {
        auto& into = *message.add_entries();
        into.set_line(static_cast<std::uint64_t>(each.line));
        write_time<v1::AccessEntry>(each.seen.at, &v1::AccessEntry::mutable_at, into);
        into.set_who(shown_text(each.seen.who.value));
        into.set_who_name(shown_text(each.who_name));
        into.set_what(shown_text(each.seen.what));
        into.set_subject(shown_text(each.seen.subject));
        into.set_why(shown_text(each.seen.why));
    }
    message.set_more(more);
    return bytes_of(message, form::json);
}

} // namespace linli::wire
