#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "adapters/wire/device_words.hpp"

namespace linli::wire {

std::string bytes_of(google::protobuf::Message const& message, form as);

} // namespace linli::wire
