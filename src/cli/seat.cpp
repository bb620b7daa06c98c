#include "cli/seat.hpp"

#include <utility>

namespace linli::cli {

namespace {

constexpr int most_listed = 500;

template <class T>
runtime::task<int> keep(runtime::task<T> from, std::optional<T>& to) {
    auto got = co_await std::move(from);
    to = std::move(got);
    co_return 0;
}

} // namespace

std::optional<app::overview> seat::look() {
    std::optional<app::record_result<app::overview>> seen;
    session_.run([&] { return keep(session_.desk().look(most_listed), seen); });
    if (!*seen) return std::nullopt;
    return std::move(**seen);
}

bool seat::done(runtime::task<app::desk::answer> command) {
    std::optional<app::desk::answer> answer;
    session_.run([&] { return keep(std::move(command), answer); });
    return *answer && !(*answer)->refused;
}

bool seat::claim(domain::alert_id id) {
    return done(session_.desk().claim(id, name_));
}

bool seat::note(domain::alert_id id, std::string text) {
    return done(session_.desk().note(id, name_, std::move(text)));
}

bool seat::close(domain::alert_id id, domain::disposition outcome, std::string text) {
    return done(session_.desk().close(id, name_, outcome, std::move(text)));
}

bool seat::follow_up(domain::order_id id, int rating, std::string text) {
    return done(session_.desk().follow_up(id, name_, rating, std::move(text)));
}

bool seat::ring_back(domain::request_id id, std::string text) {
    return done(session_.desk().ring_back(id, name_, std::move(text)));
}

} // namespace linli::cli
