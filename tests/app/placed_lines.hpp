#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/hotline_lines.hpp"
#include "app/speech.hpp"

namespace linli::tests {

// The engine, as far as it is told.
class lines_of_a_test final : public app::hotline_lines {
public:
    struct told {
        std::string id;
        app::place_line what;
    };

    void command(std::string id, std::string call, app::line_command what) override {
        if (!is_there) return;
        if (auto* const placed = std::get_if<app::place_line>(&what))
            commands.push_back({std::move(id), std::move(*placed)});
        else
            others.push_back({std::move(call), std::move(what)});
    }
    void acknowledge(std::uint64_t, std::vector<std::string> ended) override {
        acknowledged.insert(acknowledged.end(), ended.begin(), ended.end());
    }
    void bound_numbers(std::vector<std::string> const&) override {}
    void start_over() override {}

    bool is_there = true;
    std::vector<told> commands;                                    // that begin a call
    std::vector<std::pair<std::string, app::line_command>> others; // of which
    std::vector<std::string> acknowledged;
};

class voice_of_a_test final : public app::speech {
public:
    runtime::task<std::optional<std::string>> say(std::string name, std::string text,
                                                  std::string) override {
        if (is_hoarse) co_return std::nullopt;
        files[name] = std::move(text);
        co_return name;
    }
    void forget(std::string const& sound) override { files.erase(sound); }
    void forget_others(std::set<std::string> const& but) override {
        std::erase_if(files, [&](auto const& each) { return !but.contains(each.first); });
    }

    bool is_hoarse = false;
    std::map<std::string, std::string> files;
};

} // namespace linli::tests
