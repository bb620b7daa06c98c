#include "adapters/postgres/personal.hpp"

#include <initializer_list>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace linli::postgres {

namespace {

namespace json = boost::json;

std::string written(std::initializer_list<std::pair<std::string_view, std::string const&>> fields) {
    json::object object;
    for (auto const& [key, value] : fields)
        if (!value.empty()) object[json::string_view(key.data(), key.size())] = value;
    return json::serialize(object);
}

json::object read(std::string_view text) {
    json::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !value.is_object()) return {};
    return std::move(value.get_object());
}

std::string field(json::object const& object, std::string_view key) {
    auto const* found = object.if_contains(json::string_view(key.data(), key.size()));
    auto const* text = found ? found->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string();
}

// "０" … "９" are EF BC 90 … EF BC 99.
std::string plain_digits(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto const rest = text.substr(at);
        bool const full_width = rest.size() >= 3 && rest.starts_with("\xEF\xBC") &&
                                rest[2] >= '\x90' && rest[2] <= '\x99';
        if (full_width) {
            plain += static_cast<char>('0' + (rest[2] - '\x90'));
            at += 2;
        } else {
            plain += text[at];
        }
    }
    return plain;
}

// Who writes the country leaves out the 0 of an area code. No area code begins with 400, 800 or
// 950, and what is shorter is a service's number. As in hotline/core/admission.hpp.
std::string with_area_code(std::string number) {
    bool const is_long = number.size() == 10 || number.size() == 11;
    bool const is_mobile = number.size() == 11 && number[0] == '1' && number[1] >= '3';
    if (!is_long || is_mobile) return number;
    for (std::string_view const none : {"0", "400", "800", "950"})
        if (number.starts_with(none)) return number;
    return '0' + number;
}

} // namespace

std::string to_json(home_personal const& t) {
    return written({{"door", t.door}, {"access_notes", t.access_notes}});
}

std::string to_json(resident_personal const& t) {
    return written({{"name", t.name},
                    {"phone", t.phone},
                    {"id_number", t.id_number},
                    {"notes", t.notes},
                    {"visit_code", t.visit_code}});
}

std::string to_json(contact_personal const& t) {
    return written({{"name", t.name}, {"phone", t.phone}, {"email", t.email}});
}

std::string to_json(site_personal const& t) {
    return written({{"duty_phone", t.duty_phone}, {"shift_leader", t.shift_leader}});
}

std::string to_json(worker_personal const& t) {
    return written({{"name", t.name}, {"phone", t.phone}});
}

std::string to_json(provider_personal const& t) {
    return written({{"phone", t.phone}});
}

std::string to_json(account_personal const& t) {
    return written({{"name", t.name}});
}

std::string to_json(complaint_personal const& t) {
    return written({{"complainer", t.complainer}, {"words", t.words}, {"answer", t.answer}});
}

std::string to_json(call_personal const& t) {
    return written({{"number", t.number}, {"reason", t.reason}});
}

std::string to_json(placed_call_personal const& t) {
    return written({{"number", t.number}, {"text", t.text}, {"noted", t.noted}});
}

template <>
complaint_personal from_json<complaint_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "complainer"), field(o, "words"), field(o, "answer")};
}

template <>
home_personal from_json<home_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "door"), field(o, "access_notes")};
}

template <>
resident_personal from_json<resident_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "name"), field(o, "phone"), field(o, "id_number"), field(o, "notes"),
            field(o, "visit_code")};
}

template <>
contact_personal from_json<contact_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "name"), field(o, "phone"), field(o, "email")};
}

template <>
site_personal from_json<site_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "duty_phone"), field(o, "shift_leader")};
}

template <>
worker_personal from_json<worker_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "name"), field(o, "phone")};
}

template <>
provider_personal from_json<provider_personal>(std::string_view text) {
    return {field(read(text), "phone")};
}

template <>
account_personal from_json<account_personal>(std::string_view text) {
    return {field(read(text), "name")};
}

template <>
call_personal from_json<call_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "number"), field(o, "reason")};
}

template <>
placed_call_personal from_json<placed_call_personal>(std::string_view text) {
    auto const o = read(text);
    return {field(o, "number"), field(o, "text"), field(o, "noted")};
}

std::string text_in_json(std::string_view text, std::string_view name) {
    return field(read(text), name);
}

std::string normalised_phone(std::string_view text) {
    std::string digits;
    for (char const c : plain_digits(text))
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
    for (std::string_view const country : {"+86", "0086"})
        if (digits.starts_with(country)) return with_area_code(digits.substr(country.size()));
    bool const is_longer = digits.size() == 12 || digits.size() == 13;
    if (is_longer && digits.starts_with("86")) return with_area_code(digits.substr(2));
    return digits;
}

std::string normalised_id_number(std::string_view text) {
    std::string number;
    for (char const c : plain_digits(text)) {
        if (c == ' ' || c == '-' || c == '\t') continue;
        number += c == 'x' ? 'X' : c;
    }
    return number;
}

lookup_digest phone_lookup(key_ring const& keys, std::string_view phone) {
    return keys.lookup_hmac("phone", normalised_phone(phone));
}

lookup_digest id_number_lookup(key_ring const& keys, std::string_view id_number) {
    return keys.lookup_hmac("id_number", normalised_id_number(id_number));
}

} // namespace linli::postgres
