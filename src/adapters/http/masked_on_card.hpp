#pragma once

#include <optional>
#include <string>

#include "adapters/http/api_routes.hpp"
#include "adapters/wire/console_words.hpp"

namespace linli::http {

using found_card = app::record_result<std::optional<app::alert_card>>;
runtime::task<found_card> card_of(api_ports& on, admitted const& request);

struct revealed {
    std::string subject;
    std::string text;
};

// What somebody asks to see in clear. Nothing: there is no such thing on this card.
std::optional<revealed> masked_on(app::alert_card const& card, wire::desk_words const& asked);

} // namespace linli::http
