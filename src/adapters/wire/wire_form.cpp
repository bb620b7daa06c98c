#include "adapters/wire/wire_form.hpp"

#include <google/protobuf/util/json_util.h>

namespace linli::wire {

std::string_view content_type(form as) {
    return as == form::json ? "application/json" : "application/x-protobuf";
}

std::string bytes_of(google::protobuf::Message const& message, form as) {
    if (as == form::protobuf) return message.SerializeAsString();
    std::string text;
    auto const done = google::protobuf::util::MessageToJsonString(message, &text);
    return done.ok() ? text : std::string();
}

bool read_body(std::string_view json, google::protobuf::Message& into) {
    google::protobuf::util::JsonParseOptions lenient;
    lenient.ignore_unknown_fields = true;
    google::protobuf::StringPiece const text(json.data(), json.size());
    return google::protobuf::util::JsonStringToMessage(text, &into, lenient).ok();
}

} // namespace linli::wire
