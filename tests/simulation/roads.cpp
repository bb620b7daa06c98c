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
    auto hand_over = [this, batch = std::vector<app::input>{std::move(what)}] {
        return to_.signals(batch);
    };
    travel(how, [this, hand_over = std::move(hand_over), written_down = std::move(written_down)] {
        knock(hand_over, written_down);
    });
}

void roads::to_house(domain::telemetry what, std::function<void()> written_down) {
    auto hand_over = [this, what = std::move(what)] { return to_.telemetry(what); };
    travel(care::may_be_lost,
           [this, hand_over = std::move(hand_over), written_down = std::move(written_down)] {
               knock(hand_over, written_down);
           });
}

void roads::knock(std::function<bool()> const& hand_over,
                  std::function<void()> const& written_down) {
    if (hand_over()) {
        written_down();
        return;
    }
    auto const pause = here_.chance.between(reconnect_least, reconnect_most);
    here_.after(pause, [this, hand_over, written_down] { knock(hand_over, written_down); });
}

void roads::deliver(std::function<void()> hear, care how) {
    travel(how, std::move(hear));
}

} // namespace linli::simulation
