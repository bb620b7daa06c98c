#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "hotline/core/words.hpp"

namespace linli::hotline {

// Where sounds lie: those of the installation, and those that the dispatch server has just had
// spoken. A sound is a plain name (core/command_rules: no dot and no slash), so that no command
// leads out of the two folders; and what was just spoken never takes the place of what the
// installation has.
class sound_files {
public:
    // `spoken` may be empty: there is none.
    explicit sound_files(std::filesystem::path own, std::filesystem::path spoken = {})
        : own_(std::move(own)), spoken_(std::move(spoken)) {}

    std::optional<std::filesystem::path> find(sound const& what) const {
        auto const file = what.value + ".wav";
        for (auto const* const folder : {&own_, &spoken_}) {
            std::error_code none;
            if (!folder->empty() && std::filesystem::is_regular_file(*folder / file, none))
                return *folder / file;
        }
        return std::nullopt;
    }

private:
    std::filesystem::path own_, spoken_;
};

} // namespace linli::hotline
