#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace linli::files {

// All that is wrong with a file, one problem a line: place, what was found, what to do.
class file_error : public std::runtime_error {
public:
    explicit file_error(std::vector<std::string> problems);

    std::vector<std::string> const& problems() const noexcept { return problems_; }

private:
    std::vector<std::string> problems_;
};

} // namespace linli::files
