// An offer as it goes out, to a provider's program and to a worker's page.
#pragma once

#include <string>

#include "app/outgoing.hpp"
#include "linli/v1/offer.pb.h"

namespace linli::wire {

// Protobuf refuses a string that isn't UTF-8 only at the reader's end, and with it the whole
// message.
std::string sound_text(std::string const& of);

void write_offer(app::offer_news const& news, v1::Offer& into);

} // namespace linli::wire
