#include "simulation/roads.hpp"

namespace linli::simulation {

namespace {
// The broker offers again what was not acknowledged.
constexpr domain::duration reconnect_least{500'000};
constexpr domain::duration reconnect_most{2'000'000};
} // namespace

void roads::travel(care how, std::function<void()> arrive) {
    auto& chance = here_.chance;
    bool const lost = chance.percent(here_.now.lost_percent);
    bool const twice = chance.percent(here_.now.doubled_percent);
    auto const first = chance.between(domain::duration{1'000}, here_.now.slowest);
    auto const second = chance.between(domain::duration{1'000}, here_.now.slowest);
    if (lost && how == care::may_be_lost) return;
    if (twice) here_.after(second, arrive);
    here_.after(first, std::move(arrive));
}

void roads::to_house(app::input what, care how, std::function<void()> written_down) {
    travel(how, [this, what = std::move(what), written_down = std::move(written_down)] {
        knock(what, written_down);
    });
}

void roads::knock(app::input const& what, std::function<void()> const& written_down) {
    auto arriving = what;
    if (auto* s = std::get_if<domain::signal>(&arriving)) s->received_at = here_.clock.now();
    std::vector<app::input> batch;
    batch.push_back(std::move(arriving));
    if (to_.arrived(std::move(batch))) {
        written_down();
        return;
    }
    auto const pause = here_.chance.between(reconnect_least, reconnect_most);
    here_.after(pause, [this, what, written_down] { knock(what, written_down); });
}

void roads::deliver(std::function<void()> hear, care how) {
    travel(how, std::move(hear));
}

} // namespace linli::simulation
