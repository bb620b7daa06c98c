#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/order.hpp"

namespace linli::wire {

struct read_reply {
    std::optional<domain::reply> what; // nothing if it has no kind that we know, or names no offer
    std::string reply_id;              // both as the provider wrote them, for the answer
    std::string offer_text;
};

// `provider` is who the credential says it is. Whose deed it was (reply.by) and where the worker is
// (reply.facts) stay empty: only the record knows the offer's worker.
read_reply read_provider_reply(domain::provider_id const& provider, std::string_view payload,
                               std::optional<std::string_view> content_type);

} // namespace linli::wire
