#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/http/api_message.hpp"
#include "domain/time.hpp"
#include "runtime/task.hpp"

namespace linli::http {

// A command that is sent twice is done once: whoever names the same key within ten minutes gets the
// same answer, also while the first is still under way. In memory, and bounded: a flood of keys
// pushes out the oldest. What is asked later, or of another server, app::answer_record knows. Lives
// on the loop.
class answered_before {
public:
    explicit answered_before(boost::asio::any_io_executor loop, std::size_t most = 5000)
        : loop_(std::move(loop)), most_(most) {}

    // Of one command. Its first caller must end it: finish(), or let go of it.
    struct command {
        explicit command(boost::asio::any_io_executor loop) : ended(std::move(loop)) {
            ended.expires_at(std::chrono::steady_clock::time_point::max());
        }
        std::string request; // what was asked by that key
        domain::instant since;
        std::optional<api_reply> reply;
        bool is_over = false;
        boost::asio::steady_timer ended;
    };
    using handle_on = std::shared_ptr<command>;

    struct place {
        handle_on command;
        bool is_first = false;
    };
    place begin(std::string const& who_and_key, std::string request, domain::instant now);

    // What isn't the last word, 503 say, is not remembered: the same key tries again.
    void finish(std::string const& who_and_key, handle_on const& what, api_reply const* reply);

    // Nothing: the first one came to no answer.
    static runtime::task<std::optional<api_reply>> wait(handle_on what);

    std::size_t size() const { return commands_.size(); }

private:
    void forget(domain::instant now);

    boost::asio::any_io_executor loop_;
    std::size_t most_;
    std::map<std::string, handle_on> commands_;
};

} // namespace linli::http
