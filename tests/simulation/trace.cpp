#include "simulation/trace.hpp"

#include <fmt/core.h>

namespace linli::simulation {

namespace {
constexpr std::size_t lines_kept = 60;
}

void trace::note(std::string const& text) {
    if (!listens_) return;
    if (!began_) began_ = now_;
    auto const since = std::chrono::floor<std::chrono::milliseconds>(now_ - *began_).count();
    lines_.push_back(fmt::format("{:>10}.{:03} {}", since / 1000, since % 1000, text));
    if (also_) *also_ << lines_.back() << '\n';
    if (lines_.size() > lines_kept) lines_.pop_front();
}

} // namespace linli::simulation
