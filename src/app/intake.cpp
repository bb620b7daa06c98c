#include "app/intake.hpp"

#include <iterator>
#include <set>

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
        std::vector<inbox::token> names; // of the item behind each input
        for (auto& each : items) {
            names.insert(names.end(), each.what.size(), each.name);
            std::move(each.what.begin(), each.what.end(), std::back_inserter(batch));
        }
        std::vector<verdict> verdicts;
        if (!batch.empty()) verdicts = co_await take(std::move(batch));
        from_.done(but_for_set_aside(items, names, verdicts));
    }
}

std::vector<inbox::token> intake::but_for_set_aside(std::vector<inbox::item> const& items,
                                                    std::vector<inbox::token> const& names,
                                                    std::vector<verdict> const& verdicts) {
    std::set<inbox::token> aside;
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (verdicts[i].set_aside) aside.insert(names[i]);
    set_aside_ += aside.size();
    std::vector<inbox::token> done;
    for (auto const& each : items)
        if (!aside.contains(each.name)) done.push_back(each.name);
    return done;
}

// Until it is in the record, however long that takes.
runtime::task<std::vector<verdict>> intake::take(std::vector<input> batch) {
    for (;;) {
        auto done = co_await to_.run(batch);
        if (done) {
            if (stuck_) log::info("database_back");
            stuck_ = false;
            co_return std::move(*done);
        }
        if (!stuck_) log::error("database_away", {{"waiting_inputs", batch.size()}});
        stuck_ = true;
        auto const again = time_.now() + retry_after;
        co_await time_.wait_until(again);
    }
}

} // namespace linli::app
