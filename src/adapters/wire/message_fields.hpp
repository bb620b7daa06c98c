// Lenient reading of any of our messages by its descriptor: what can be read is read, field by
// field, and nothing ever throws. Protobuf's own readers won't do: they stop at the first fault,
// refuse text that is not UTF-8 (GBK is common) and print to stderr.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "adapters/wire/loose_text.hpp"

namespace linli::wire {

// What could not be read. Unknown fields are no fault: they are of a newer version.
struct reading {
    bool whole = true;
    bool was_json = false;
    std::set<std::string> damaged; // names of the message's own fields
};

// Protobuf; or ProtoJSON, when the first byte that isn't blank opens an object or list, or when the
// content type says json and the payload is text at least.
// Never throws.
reading read_message(std::string_view payload, std::optional<std::string_view> content_type,
                     google::protobuf::Message& into);

// These two would let a fault of ours through; fuzzing looks for it.
reading read_protobuf(std::string_view payload, google::protobuf::Message& into);
reading read_json(std::string_view payload, google::protobuf::Message& into);

} // namespace linli::wire
