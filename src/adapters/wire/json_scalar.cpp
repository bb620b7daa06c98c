#include "adapters/wire/json_scalar.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

namespace linli::wire {

namespace {

namespace pb = google::protobuf;

template <class Number>
std::optional<Number> parse(std::string_view text) {
    Number value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// 85.0 and 85.4 are 85; what Integer can't hold is nothing.
template <class Integer>
std::optional<Integer> from_double(double value) {
    auto const whole = std::trunc(value);
    auto const above = std::ldexp(1.0, std::numeric_limits<Integer>::digits);
    if (!(whole >= static_cast<double>(std::numeric_limits<Integer>::min()) && whole < above))
        return std::nullopt;
    return static_cast<Integer>(whole);
}

template <class Integer>
struct to_integer {
    std::optional<Integer> operator()(std::monostate) const { return std::nullopt; }
    std::optional<Integer> operator()(bool) const { return std::nullopt; }
    std::optional<Integer> operator()(std::int64_t value) const {
        if (!std::in_range<Integer>(value)) return std::nullopt;
        return static_cast<Integer>(value);
    }
    std::optional<Integer> operator()(std::uint64_t value) const {
        if (!std::in_range<Integer>(value)) return std::nullopt;
        return static_cast<Integer>(value);
    }
    std::optional<Integer> operator()(double value) const { return from_double<Integer>(value); }
    std::optional<Integer> operator()(std::string_view text) const {
        if (auto const exact = parse<Integer>(text)) return exact;
        auto const rough = parse<double>(text);
        return rough ? from_double<Integer>(*rough) : std::nullopt;
    }
};

struct to_double {
    std::optional<double> operator()(std::monostate) const { return std::nullopt; }
    std::optional<double> operator()(bool) const { return std::nullopt; }
    std::optional<double> operator()(std::int64_t v) const { return static_cast<double>(v); }
    std::optional<double> operator()(std::uint64_t v) const { return static_cast<double>(v); }
    std::optional<double> operator()(double value) const { return value; }
    std::optional<double> operator()(std::string_view text) const { return parse<double>(text); }
};

std::optional<bool> to_bool(json_scalar const& value) {
    if (auto const* is = std::get_if<bool>(&value)) return *is;
    auto const* text = std::get_if<std::string_view>(&value);
    if (text && *text == "true") return true;
    if (text && *text == "false") return false;
    auto const number = std::visit(to_integer<std::int64_t>{}, value);
    if (!number) return std::nullopt;
    return *number != 0;
}

std::string upper(std::string_view word) {
    std::string text(word);
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

// "SIGNAL_KIND_" of "SIGNAL_KIND_UNSPECIFIED", which each of our enumerations has.
std::string prefix_of(pb::EnumDescriptor const& names) {
    auto const& first = names.value(0)->name();
    return first.substr(0, first.size() - std::string_view("UNSPECIFIED").size());
}

pb::EnumValueDescriptor const* enum_value(pb::EnumDescriptor const& names,
                                          json_scalar const& value) {
    if (auto const* text = std::get_if<std::string_view>(&value)) {
        auto const word = upper(*text);
        if (auto const* named = names.FindValueByName(word)) return named;
        if (auto const* named = names.FindValueByName(prefix_of(names) + word)) return named;
    }
    auto const number = std::visit(to_integer<std::int32_t>{}, value);
    return number ? names.FindValueByNumber(*number) : nullptr;
}

bool set_timestamp(pb::Message& message, pb::FieldDescriptor const& field,
                   json_scalar const& value) {
    // Any other message is an object; protobuf throws when it is given a time.
    if (field.message_type() != pb::Timestamp::descriptor()) return false;
    auto const* text = std::get_if<std::string_view>(&value);
    pb::Timestamp parsed;
    if (!text || !pb::util::TimeUtil::FromString(std::string(*text), &parsed)) return false;
    message.GetReflection()->MutableMessage(&message, &field)->CopyFrom(parsed);
    return true;
}

} // namespace

bool set_field(pb::Message& message, pb::FieldDescriptor const& field, json_scalar const& value) {
    if (std::holds_alternative<std::monostate>(value)) return true; // null is "not told"
    if (field.is_repeated()) return false;                          // a list is wanted
    auto const& access = *message.GetReflection();
    auto const put = [&](auto const& read, auto setter) {
        if (read) (access.*setter)(&message, &field, *read);
        return read.has_value();
    };
    switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_UINT32:
        return put(std::visit(to_integer<std::uint32_t>{}, value), &pb::Reflection::SetUInt32);
    case pb::FieldDescriptor::CPPTYPE_UINT64:
        return put(std::visit(to_integer<std::uint64_t>{}, value), &pb::Reflection::SetUInt64);
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        return put(std::visit(to_double{}, value), &pb::Reflection::SetDouble);
    case pb::FieldDescriptor::CPPTYPE_BOOL:
        return put(to_bool(value), &pb::Reflection::SetBool);
    case pb::FieldDescriptor::CPPTYPE_ENUM: {
        auto const* named = enum_value(*field.enum_type(), value);
        if (named) access.SetEnum(&message, &field, named);
        return named != nullptr;
    }
    case pb::FieldDescriptor::CPPTYPE_STRING: {
        auto const* text = std::get_if<std::string_view>(&value);
        if (text) access.SetString(&message, &field, std::string(*text));
        return text != nullptr;
    }
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return set_timestamp(message, field, value);
    case pb::FieldDescriptor::CPPTYPE_INT32:
    case pb::FieldDescriptor::CPPTYPE_INT64:
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
        return false; // none of our messages has any
    }
    return false;
}

} // namespace linli::wire
