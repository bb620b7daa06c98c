#include "simulation/house_hotline.hpp"

#include <utility>

namespace linli::simulation {

namespace {
constexpr std::chrono::milliseconds a_text_takes{400};
} // namespace

runtime::task<std::optional<std::string>> voice::say(std::string name, std::string, std::string) {
    auto const done = time_.now() + a_text_takes;
    co_await time_.wait_until(done);
    bool const is_hoarse = !here_.now.helpful && here_.chance.percent(3);
    if (is_hoarse) {
        here_.saw(rare::text_is_not_spoken);
        co_return std::nullopt;
    }
    files_.insert(name);
    co_return name;
}

void voice::forget_others(std::set<std::string> const& but) {
    std::erase_if(files_, [&](auto const& each) { return !but.contains(each); });
}

house_hotline::house_hotline(surroundings with)
    : voice_(with.core.here, with.core.clock, with.sounds), lines_(with.board),
      placer_(
          {.keeper = with.core.placed_kept,
           .lines = lines_,
           .speech = voice_,
           .time = with.core.clock,
           .dials = [this](domain::operator_id const& who) { dialling_.insert(who); },
           .has_dialled = [this](domain::operator_id const& who, bool) { dialling_.erase(who); },
           .pressed = [this](app::placed_call const& call,
                             char key) { offers_.pressed(call, key); }},
          {.domain = "desk.test", .trunk = "trunk.test"}),
      offers_({with.core.offers_kept, with.core.placed_kept, placer_, with.core.dispatch,
               with.core.clock, with.core.ids, with.texts},
              {.callback = "12349"}),
      tasks_(std::move(with.loop)) {
    placer_.start(tasks_);
    offers_.start(tasks_);
    lines_.connect(std::move(with.ears));
}

} // namespace linli::simulation
