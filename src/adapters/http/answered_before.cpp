#include "adapters/http/answered_before.hpp"

#include <algorithm>
#include <utility>

namespace linli::http {

namespace {

constexpr domain::minutes remembered_for{10};

} // namespace

answered_before::place answered_before::begin(std::string const& who_and_key, std::string request,
                                              domain::instant now) {
    forget(now);
    if (auto const found = commands_.find(who_and_key); found != commands_.end())
        return {found->second, false};
    auto made = std::make_shared<command>(loop_);
    made->request = std::move(request);
    made->since = now;
    commands_.emplace(who_and_key, made);
    return {made, true};
}

void answered_before::finish(std::string const& who_and_key, handle_on const& what,
                             api_reply const* reply) {
    what->is_over = true;
    if (reply) what->reply = *reply;
    what->ended.cancel();
    bool const is_last_word = reply && reply->status < 500;
    auto const found = commands_.find(who_and_key);
    if (!is_last_word && found != commands_.end() && found->second == what) commands_.erase(found);
}

runtime::task<std::optional<api_reply>> answered_before::wait(handle_on what) {
    while (!what->is_over)
        co_await what->ended.async_wait(runtime::use_task_tuple);
    co_return what->reply;
}

// What is too old; and of a flood the oldest, under way or not: it still answers its own caller.
void answered_before::forget(domain::instant now) {
    std::erase_if(commands_,
                  [&](auto const& each) { return now - each.second->since > remembered_for; });
    while (commands_.size() >= most_) {
        auto const oldest =
            std::min_element(commands_.begin(), commands_.end(), [](auto const& a, auto const& b) {
                return a.second->since < b.second->since;
            });
        commands_.erase(oldest);
    }
}

} // namespace linli::http
