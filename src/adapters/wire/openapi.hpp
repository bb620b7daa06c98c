#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linli::wire {

// A route of the API, as a program must know it. `takes` and `gives` name messages of
// console.proto and those beside it; empty: no body.
struct described_route {
    std::string_view method;
    std::string_view pattern; // "/v1/alerts/{id}/claim"
    std::string_view summary;
    std::string_view takes;
    std::string_view gives;
    std::vector<std::string_view> query;
    unsigned success = 200;
    bool may_go_on = false;           // 202 with the same message: it isn't done yet
    std::string_view right;           // empty: any session will do
    bool is_open = false;             // no session
    std::string_view gives_file = {}; // a type of content in place of a message
};

// OpenAPI 3.1 of these routes; the messages come from their protobuf descriptors, as ProtoJSON
// writes them. Throws std::logic_error for a message that there is not.
std::string openapi(std::vector<described_route> const& routes);

} // namespace linli::wire
