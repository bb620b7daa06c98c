#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "adapters/wire/message_fields.hpp"

namespace linli::wire {

namespace {

namespace pb = google::protobuf;
using format = pb::internal::WireFormatLite;

// Lists are of messages only: protobuf ends the program when a list is set like a value.
bool is_list_of_values(pb::FieldDescriptor const& field) {
    return field.is_repeated() && field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE;
}

bool set_number(pb::Message& message, pb::FieldDescriptor const& field, std::uint64_t number) {
    auto const& access = *message.GetReflection();
    switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_UINT64:
        access.SetUInt64(&message, &field, number);
        break;
    case pb::FieldDescriptor::CPPTYPE_INT64:
        access.SetInt64(&message, &field, static_cast<std::int64_t>(number));
        break;
    case pb::FieldDescriptor::CPPTYPE_UINT32:
        access.SetUInt32(&message, &field, static_cast<std::uint32_t>(number));
        break;
    case pb::FieldDescriptor::CPPTYPE_INT32:
        access.SetInt32(&message, &field, static_cast<std::int32_t>(number));
        break;
    case pb::FieldDescriptor::CPPTYPE_BOOL:
        access.SetBool(&message, &field, number != 0);
        break;
    case pb::FieldDescriptor::CPPTYPE_ENUM:
        access.SetEnumValue(&message, &field, static_cast<int>(number));
        break;
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
    case pb::FieldDescriptor::CPPTYPE_STRING:
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return false;
    }
    return true;
}

bool set_bits(pb::Message& message, pb::FieldDescriptor const& field, std::uint64_t bits) {
    if (field.cpp_type() != pb::FieldDescriptor::CPPTYPE_DOUBLE) return false;
    message.GetReflection()->SetDouble(&message, &field, std::bit_cast<double>(bits));
    return true;
}

bool set_bytes(pb::Message& message, pb::FieldDescriptor const& field, std::string_view bytes) {
    auto const& access = *message.GetReflection();
    if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING) {
        access.SetString(&message, &field, std::string(bytes));
        return true;
    }
    if (field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) return false;
    auto* inner = field.is_repeated() ? access.AddMessage(&message, &field)
                                      : access.MutableMessage(&message, &field);
    return read_protobuf(bytes, *inner).whole;
}

// The bytes of a length-delimited field; as many as there are if its end is missing.
struct delimited {
    std::string_view bytes;
    bool whole = false;
};

delimited next_bytes(std::string_view all, pb::io::CodedInputStream& in) {
    std::uint32_t length = 0;
    if (!in.ReadVarint32(&length)) return {};
    auto const rest = all.substr(static_cast<std::size_t>(in.CurrentPosition()));
    if (length > rest.size()) {
        in.Skip(static_cast<int>(rest.size()));
        return {rest, false};
    }
    in.Skip(static_cast<int>(length));
    return {rest.substr(0, length), true};
}

enum class ending : std::uint8_t { good, damaged, broken_off };

ending read_field(pb::Message& message, pb::FieldDescriptor const& field, std::uint32_t tag,
                  std::string_view all, pb::io::CodedInputStream& in) {
    auto const as_told = [](bool taken) { return taken ? ending::good : ending::damaged; };
    std::uint64_t number = 0;
    switch (format::GetTagWireType(tag)) {
    case format::WIRETYPE_VARINT:
        if (!in.ReadVarint64(&number)) return ending::broken_off;
        return as_told(set_number(message, field, number));
    case format::WIRETYPE_FIXED64:
        if (!in.ReadLittleEndian64(&number)) return ending::broken_off;
        return as_told(set_bits(message, field, number));
    case format::WIRETYPE_LENGTH_DELIMITED: {
        auto const found = next_bytes(all, in);
        bool const taken = set_bytes(message, field, found.bytes);
        return found.whole ? as_told(taken) : ending::broken_off;
    }
    case format::WIRETYPE_START_GROUP:
    case format::WIRETYPE_END_GROUP:
    case format::WIRETYPE_FIXED32:
        return format::SkipField(&in, tag) ? ending::damaged : ending::broken_off;
    }
    return ending::broken_off;
}

} // namespace

reading read_protobuf(std::string_view payload, pb::Message& into) {
    reading result;
    auto const size = std::min<std::size_t>(payload.size(), std::numeric_limits<int>::max());
    pb::io::CodedInputStream in(reinterpret_cast<std::uint8_t const*>(payload.data()),
                                static_cast<int>(size));
    while (auto const tag = in.ReadTag()) {
        auto const* field = into.GetDescriptor()->FindFieldByNumber(format::GetTagFieldNumber(tag));
        if (!field || is_list_of_values(*field)) { // of a newer version
            if (format::SkipField(&in, tag)) continue;
            result.whole = false;
            return result;
        }
        auto const how = read_field(into, *field, tag, payload, in);
        if (how == ending::good) continue;
        result.whole = false;
        result.damaged.insert(field->name());
        if (how == ending::broken_off) return result;
    }
    // A tag of 0 ends the reading too, but no message.
    if (static_cast<std::size_t>(in.CurrentPosition()) != size) result.whole = false;
    return result;
}

} // namespace linli::wire
