#include "app/intake.hpp"

#include <iterator>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

// Under load a batch grows by itself, because everything that came during the last commit is taken
// together; this bounds its transaction.
constexpr std::size_t items_a_batch = 256;
constexpr std::chrono::milliseconds retry_after{200};

} // namespace

runtime::task<void> intake::run() {
    for (;;) {
        auto items = from_.next(items_a_batch);
        if (items.empty()) {
            co_await from_.wait();
            continue;
        }
        std::vector<input> batch;
        std::vector<inbox::token> names;
        for (auto& each : items) {
            names.push_back(each.name);
            std::move(each.what.begin(), each.what.end(), std::back_inserter(batch));
        }
        if (!batch.empty()) co_await take(std::move(batch));
        from_.done(names);
    }
}

// Until it is in the record, however long that takes.
runtime::task<void> intake::take(std::vector<input> batch) {
    for (;;) {
        auto done = co_await to_.run(batch);
        if (done) {
            if (stuck_) log::info("database_back");
            stuck_ = false;
            co_return;
        }
        if (!stuck_) log::error("database_away", {{"waiting_inputs", batch.size()}});
        stuck_ = true;
        auto const again = time_.now() + retry_after;
        co_await time_.wait_until(again);
    }
}

} // namespace linli::app
