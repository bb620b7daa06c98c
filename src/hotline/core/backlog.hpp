#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "hotline/core/effect.hpp"
#include "hotline/core/words.hpp"

namespace linli::hotline {

struct event {
    std::uint64_t sequence = 0;
    call_id call;
    instant at;
    news what;
    std::string reference = {}; // of a call that we began
};

// The newest events, until the dispatch server has acknowledged them. At the bound the oldest go
// first: what they have led to stands in the snapshot and in the ended calls.
class backlog {
public:
    explicit backlog(std::size_t most) : most_(most) {}

    event const& add(call_id call, instant at, news what, std::string reference = {}) {
        if (waiting_.size() == most_) {
            waiting_.pop_front();
            ++dropped_;
        }
        return waiting_.emplace_back(
            event{++last_, std::move(call), at, std::move(what), std::move(reference)});
    }

    void acknowledge(std::uint64_t through) {
        while (!waiting_.empty() && waiting_.front().sequence <= through)
            waiting_.pop_front();
    }

    std::deque<event> const& waiting() const { return waiting_; }
    std::uint64_t last() const { return last_; }
    std::uint64_t dropped() const { return dropped_; }

private:
    std::size_t const most_;
    std::deque<event> waiting_;
    std::uint64_t last_ = 0;
    std::uint64_t dropped_ = 0;
};

// What is answered to a command: why not, or which call has come of it.
struct answer {
    refusal why = refusal::none;
    call_id begun{}; // by a command that begins one
    bool operator==(answer const&) const = default;
};

// What was answered to the newest commands: the same command again gets the same answer, and
// nothing more is done.
class answered_commands {
public:
    explicit answered_commands(std::size_t most) : most_(most) {}

    std::optional<answer> find(std::string const& id) const {
        auto const at = answers_.find(id);
        return at == answers_.end() ? std::nullopt : std::optional(at->second);
    }

    void add(std::string id, answer given) {
        if (!answers_.emplace(id, std::move(given)).second) return;
        order_.push_back(std::move(id));
        if (order_.size() <= most_) return;
        answers_.erase(order_.front());
        order_.pop_front();
    }

private:
    std::size_t const most_;
    std::unordered_map<std::string, answer> answers_;
    std::deque<std::string> order_;
};

} // namespace linli::hotline
