#pragma once

#include <string>
#include <utility>

#include "adapters/http/api_message.hpp"
#include "adapters/wire/console_words.hpp"

namespace linli::http {

inline api_reply json(std::string text, unsigned status = 200) {
    return {status, std::move(text)};
}

inline api_reply problem(unsigned status, wire::problem const& what) {
    return {status, wire::encode_problem(what)};
}

inline api_reply not_understood() {
    return problem(400, {.code = "not_understood"});
}

inline api_reply forbidden() {
    return problem(403, {.code = "forbidden"});
}

inline api_reply unknown() {
    return problem(404, {.code = "unknown"});
}

// The database: nothing has changed, or it will be found to have.
inline api_reply away() {
    auto reply = problem(503, {.code = "away"});
    reply.headers.emplace_back("Retry-After", "2");
    return reply;
}

inline api_reply wrong_field(std::string field, std::string code = "wrong") {
    return problem(422, {.code = std::move(code), .field = std::move(field)});
}

} // namespace linli::http
