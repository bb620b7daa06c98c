#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include <google/protobuf/message.h>

namespace linli::wire {

// A value of JSON that is no object or list; monostate is null.
using json_scalar =
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string_view>;

// True if the field could take it. More is taken than ProtoJSON allows, because makers write it:
// numbers as text, 1 for true, enumerations as "SIGNAL_KIND_SOS", "SOS", "sos" or a number.
bool set_field(google::protobuf::Message& message, google::protobuf::FieldDescriptor const& field,
               json_scalar const& value);

} // namespace linli::wire
