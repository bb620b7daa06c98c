#include "adapters/http/masked_on_card.hpp"

namespace linli::http {

runtime::task<found_card> card_of(api_ports& on, admitted const& request) {
    if (request.line->alert) {
        auto of_alert = co_await on.reading.card(request.line->alert->id);
        co_return of_alert;
    }
    auto of_request = co_await on.reading.card(request.line->request->id);
    co_return of_request;
}

std::optional<revealed> masked_on(app::alert_card const& card, wire::desk_words const& asked) {
    if (asked.field == "access_notes" && card.home)
        return revealed{"home:" + card.home->id.value, card.home->access_notes};
    if (asked.field == "worker_phone") {
        if (card.worker && card.worker->id.value == asked.worker)
            return revealed{"worker:" + asked.worker, card.worker->phone};
        for (auto const& order : card.orders)
            for (auto const& each : order.candidates)
                if (!asked.worker.empty() && each.what.id.value == asked.worker)
                    return revealed{"worker:" + asked.worker, each.phone};
        return std::nullopt;
    }
    for (auto const& each : card.residents) {
        bool const is_meant = asked.resident.empty() ? card.residents.size() == 1
                                                     : each.what.id.value == asked.resident;
        if (!is_meant) continue;
        auto const subject = "resident:" + each.what.id.value;
        if (asked.field == "phone") return revealed{subject, each.what.phone};
        if (asked.field == "id_number") return revealed{subject, each.what.id_number};
        if (asked.field != "contact_phone") continue;
        for (auto const& contact : each.contacts)
            if (contact.what.place == static_cast<int>(asked.place))
                return revealed{subject, contact.what.phone};
    }
    return std::nullopt;
}

} // namespace linli::http
