#include "simulation/telephone.hpp"

#include <memory>

namespace linli::simulation {

namespace {

constexpr domain::seconds asked_again_after{10}; // as long as its request may take

runtime::task<answer> report(services& at, domain::call_report told) {
    auto const taken = co_await at.calls.report(std::move(told));
    if (!taken) co_return taken.error();
    co_return app::verdict{};
}

} // namespace

void telephone::knows(std::string const& number, domain::caller who) {
    here_.calls.has_number(number, std::move(who));
    numbers_.push_back(number);
}

void telephone::somebody_calls() {
    auto& chance = here_.chance;
    domain::call_report told;
    told.source = here_.speaks ? std::string(domain::own_hotline) : "pbx";
    told.name = "call-" + std::to_string(++count_);
    told.number = chance.pick(numbers_);
    told.called = "12349";
    told.at = here_.clock.now();
    tell(told);
    auto const rings_for = chance.between(domain::seconds(2), domain::seconds(40));
    auto const speaks_for = chance.between(domain::seconds(5), domain::seconds(300));
    bool const answered = chance.percent(70);
    if (answered) {
        told.what = domain::call_event::answered;
        told.at = here_.clock.now() + rings_for;
        told.seat = "o1";
        here_.after(rings_for, [this, told] { tell(told); });
        if (here_.speaks) record(told.name, rings_for, speaks_for);
    }
    told.what = domain::call_event::ended;
    auto const lasts = answered ? rings_for + speaks_for : rings_for;
    told.at = here_.clock.now() + lasts;
    here_.after(lasts, [this, told] { tell(told); });
    if (here_.tells()) here_.note(told.name + " rings");
}

// Our own hotline records what is spoken.
void telephone::record(std::string const& name, domain::duration from, domain::duration lasts) {
    bool const is_silent = here_.chance.percent(10);
    here_.after(from, [this, name] { recorded_.begins(name); });
    here_.after(from + lasts, [this, name, is_silent] { recorded_.ends(name, is_silent); });
}

void telephone::tell(domain::call_report what) {
    struct tale {
        bool taken = false;
    };
    auto const mine = std::make_shared<tale>();
    ++untold_;
    auto const again = std::make_shared<std::function<void()>>();
    *again = [this, mine, what, weak = std::weak_ptr(again)] {
        if (mine->taken) return;
        auto const self = weak.lock();
        to_([what](services& at) { return report(at, what); },
            [this, mine](answer const& said) {
                if (!said || mine->taken) return;
                mine->taken = true;
                --untold_;
            });
        here_.after(asked_again_after, [self] { (*self)(); });
    };
    auto const late = here_.chance.between(domain::duration{1'000}, here_.now.slowest);
    here_.after(late, [again] { (*again)(); });
    if (!here_.chance.percent(here_.now.doubled_percent)) return;
    here_.saw(rare::call_told_twice);
    auto const later = here_.chance.between(domain::duration{1'000}, here_.now.slowest);
    here_.after(later, [this, what] {
        to_([what](services& at) { return report(at, what); }, [](answer const&) {});
    });
}

} // namespace linli::simulation
