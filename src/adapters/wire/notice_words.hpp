#pragma once

#include <string>
#include <string_view>

#include "domain/errc.hpp"
#include "domain/notice.hpp"

namespace linli::wire {

// A notice in the outbox, as JSON: {"alert","event","why","to","kind","level","resident","home",
// "area","site","at"}, `at` in microseconds since 1970, words as in names<>.
std::string encode_notice(domain::notice const& n);

// Refused as `unknown` when it can't be read.
domain::result<domain::notice> read_notice(std::string_view text);

} // namespace linli::wire
