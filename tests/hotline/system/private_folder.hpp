#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace linli::tests {

// A new folder, that goes with its owner.
class private_folder {
public:
    private_folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "linli-hotline.XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder for the test");
        path_ = pattern;
    }
    ~private_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    private_folder(private_folder const&) = delete;
    private_folder& operator=(private_folder const&) = delete;

    std::filesystem::path const& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

} // namespace linli::tests
