#include "adapters/postgres/loop_lines.hpp"

#include <utility>

namespace linli::postgres {

// A line, or the right to open one; goes back at the end.
class loop_lines::loan {
public:
    loan(loop_lines& from, std::unique_ptr<loop_line> lent) : its(std::move(lent)), from_(&from) {}
    loan(loan&& other) noexcept
        : its(std::move(other.its)), from_(std::exchange(other.from_, nullptr)) {}
    loan& operator=(loan&&) = delete;
    ~loan() {
        if (from_) from_->give_back(std::move(its));
    }

    std::unique_ptr<loop_line> its;

private:
    loop_lines* from_;
};

loop_lines::loop_lines(std::string url, std::size_t most, std::vector<statement> prepared,
                       std::chrono::milliseconds answers_within)
    : url_(std::move(url)), prepared_(std::move(prepared)), limit_(answers_within),
      may_open_(most) {}

runtime::task<std::optional<app::record_result<answer_rows>>>
loop_lines::ask(runtime::blocking_pool& threads, std::string name, statement_values values) {
    auto held = borrow();
    if (!held) co_return std::nullopt;
    if (!held->its) {
        auto job = [this] { return loop_line::open(url_, prepared_, limit_); };
        auto opened = co_await threads.run(std::move(job));
        if (!opened) co_return std::nullopt;
        held->its = std::move(*opened);
    }
    auto answer = co_await held->its->ask(std::move(name), std::move(values));
    co_return std::move(answer);
}

std::optional<loop_lines::loan> loop_lines::borrow() {
    std::lock_guard const lock(mutex_);
    if (!idle_.empty()) {
        loan lent(*this, std::move(idle_.back()));
        idle_.pop_back();
        return lent;
    }
    if (may_open_ == 0) return std::nullopt;
    --may_open_;
    return loan(*this, nullptr);
}

// What has broken one line has most likely broken those that lie idle, too, and each would cost a
// batch another trial.
void loop_lines::give_back(std::unique_ptr<loop_line> one) {
    std::lock_guard const lock(mutex_);
    if (one && one->is_usable()) {
        idle_.push_back(std::move(one));
        return;
    }
    ++may_open_;
    may_open_ += idle_.size();
    idle_.clear();
}

} // namespace linli::postgres
