#pragma once

#include <functional>
#include <set>
#include <string>

#include "app/call_placer.hpp"
#include "app/offer_calls.hpp"
#include "simulation/process.hpp"
#include "simulation/switchboard.hpp"

namespace linli::simulation {

// The machine's sounds: what was spoken for a call, until it is over.
class voice final : public app::speech {
public:
    voice(scene& here, app::clock& time, std::set<std::string>& files)
        : here_(here), time_(time), files_(files) {}

    runtime::task<std::optional<std::string>> say(std::string name, std::string text,
                                                  std::string language) override;
    void forget(std::string const& sound) override { files_.erase(sound); }
    void forget_others(std::set<std::string> const& but) override;

private:
    scene& here_;
    app::clock& time_;
    std::set<std::string>& files_; // outlive the server
};

// What a server does while it holds the hotline, as far as the house begins calls. Built as
// server::hotline_lane builds it, and gone as a whole.
class house_hotline {
public:
    struct surroundings {
        process& core;
        switchboard& board;
        std::set<std::string>& sounds;
        boost::asio::any_io_executor loop;
        switchboard::ears ears; // reach us, for as long as we live
        app::notice_texts const& texts;
    };
    explicit house_hotline(surroundings with);

    app::hotline_listener& listener() { return placer_; }
    void look() { placer_.look(); }
    // Another server holds it.
    runtime::task<void> lay_down() { return tasks_.stop(); }
    void dies() { lines_.hang_up(); }

    bool holds_a_seat() const { return !dialling_.empty(); }

private:
    class lines final : public app::hotline_lines {
    public:
        explicit lines(switchboard& board) : board_(board) {}
        void connect(switchboard::ears ears) { mine_ = board_.connect(std::move(ears)); }
        void hang_up() { board_.hang_up(mine_); }
        void command(std::string id, std::string call, app::line_command what) override {
            board_.command(mine_, id, call, what);
        }
        void acknowledge(std::uint64_t, std::vector<std::string> ended) override {
            board_.acknowledge(mine_, ended);
        }
        void bound_numbers(std::vector<std::string> const&) override {}
        void start_over() override {}

    private:
        switchboard& board_;
        switchboard::connection mine_ = 0;
    };

    voice voice_;
    lines lines_;
    app::call_placer placer_;
    app::offer_calls offers_;
    std::set<domain::operator_id> dialling_; // whose telephone a call of theirs has
    runtime::work_scope tasks_;
};

} // namespace linli::simulation
