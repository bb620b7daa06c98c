#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

// Small texts of SIP that come from outside, or go there.
namespace linli::hotline {

// The user of a URI, also within a name-addr: `"Li" <sip:13800000001@trunk>` → 13800000001.
std::string user_of(std::string_view address);

// What of a number may be told: protobuf and the record have no place for other bytes, and whoever
// calls may write any.
std::string visible(std::string_view text);

// What an INFO says that was pressed: application/dtmf-relay ("Signal=5") or application/dtmf
// ("5").
std::optional<char> digit_in(std::string_view content_type, std::string_view body);

std::string header_lines(std::map<std::string, std::string> const& headers);

} // namespace linli::hotline
