#include "app/shown_visit.hpp"

namespace linli::app {

visit shown_to(visit whole, domain::responder_kind who) {
    if (domain::rules_of(who).what == domain::sees::door) {
        whole.notes.clear();
        whole.phone.clear();
    }
    return whole;
}

} // namespace linli::app
