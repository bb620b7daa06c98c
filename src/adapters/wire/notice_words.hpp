#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "domain/notice.hpp"

namespace linli::wire {

// A notice on its way through the outbox: a JSON object with the names of ids and codes, no words
// of people. `at` is microseconds since 1970.
std::string encode_notice(domain::notice const& n);
// An error for what encode_notice() does not write.
boost::system::result<domain::notice> read_notice(std::string_view text);

} // namespace linli::wire
