#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/files/device_mapping.hpp"

namespace linli::http {

// What a cloud says to prove itself; of a request, valid as long as it.
struct push_claim {
    std::string_view authorization; // the header
    std::string_view header;        // the one that the mapping names
    std::string_view query;         // after the "?", as sent
    std::string_view body;
};

// Can be judged before the body has come.
bool is_in_header(files::push_proof how);

// In a time that doesn't depend on where it differs from the secret.
bool is_proven(files::push_rule const& rule, std::string_view secret, push_claim const& claim);

// OneNET asks by GET with msg, nonce and signature whether we know the token, and wants msg back.
std::optional<std::string> answer_to_handshake(std::string_view secret, std::string_view query);

// Of "a=1&b=2", decoded; empty when it isn't there.
std::string query_value(std::string_view query, std::string_view name);

} // namespace linli::http
