#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "app/hotline_lines.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::hotline_link {

// The engine behind its Unix socket. Connects, and again after growing pauses; both sides say that
// they are alive, and one that is silent is hung up on. What is asked of an engine that isn't there
// goes nowhere: the next snapshot tells how all stands. On the loop.
class engine_link final : public app::hotline_lines {
public:
    struct settings {
        std::filesystem::path socket;
        std::chrono::milliseconds alive_every{5000};
        std::chrono::milliseconds longest_silence{15'000};
        std::chrono::milliseconds first_pause{100};
        std::chrono::milliseconds longest_pause{2'000};
        std::size_t most_unsent = 16U << 20; // bytes; beyond it the engine hangs
    };

    engine_link(boost::asio::any_io_executor loop, settings with);
    ~engine_link() override;

    // Until cancelled. `tell` hears lines_went() for each lines_came().
    runtime::task<> run(app::hotline_listener& tell);
    runtime::task<> stop();

    void command(std::string id, std::string call, app::line_command what) override;
    void acknowledge(std::uint64_t through, std::vector<std::string> ended_calls) override;
    void bound_numbers(std::vector<std::string> const& all) override;
    void start_over() override;

private:
    struct session;

    runtime::task<std::shared_ptr<session>> open();
    runtime::task<> hear(std::shared_ptr<session> from, app::hotline_listener& tell);
    runtime::task<> write(std::shared_ptr<session> to);
    runtime::task<> keep_alive(std::shared_ptr<session> with);
    void send(std::string message);
    void end(session& one);

    settings const with_;
    boost::asio::any_io_executor loop_;
    std::shared_ptr<session> current_; // null: the engine is away
    bool is_away_said_ = false;
    runtime::work_scope work_;
};

// For "linli check": empty when a server of this user could connect. It doesn't: the engine would
// take it for its server.
std::string why_not(std::filesystem::path const& socket);

} // namespace linli::hotline_link
