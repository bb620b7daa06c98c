#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "adapters/wire/device_words.hpp"

namespace linli::wire {

std::string bytes_of(google::protobuf::Message const& message, form as);

// The body of a call to the API. Fields that nobody knows are passed over. False: no such message.
bool read_body(std::string_view json, google::protobuf::Message& into);

template <class Message>
std::optional<Message> read_body(std::string_view json) {
    Message message;
    if (!read_body(json, message)) return std::nullopt;
    return message;
}

} // namespace linli::wire
