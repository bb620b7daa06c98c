#include "app/desk_reading.hpp"

namespace linli::app {

domain::uuid work_line::id() const {
    if (call) return call->what.id.value;
    return alert ? alert->id.value : request->id.value;
}

bool work_line::is_open() const {
    if (call) return call->is_on_desks;
    return alert ? domain::is_open(*alert) : request->state == domain::request_state::open;
}

domain::priority work_line::level() const {
    if (call) return domain::priority::p2;
    return alert ? alert->level : request->level;
}

domain::instant work_line::opened_at() const {
    if (call) return call->what.first_heard;
    return alert ? alert->opened_at : request->opened_at;
}

// Each row's version only grows and no order leaves its line, so neither does the sum shrink; a
// call takes its request's along when it is no longer missed.
std::uint64_t work_line::version() const {
    if (call) return std::uint64_t{call->what.version} + call->request_version;
    std::uint64_t sum = alert ? alert->version : request->version;
    for (auto const& o : orders)
        sum += o.version;
    return sum;
}

} // namespace linli::app
