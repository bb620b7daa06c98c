#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linli::app {

// Something of each device of a whole city as lines of text, of which the first field is the
// device: a city has two million, and this costs eight bytes a line beside its text. Fields are
// parted by tabs.
class device_lines {
public:
    // Each device once. Then sort(), before anything is looked for.
    void append(std::string_view line);
    void sort();

    std::optional<std::string_view> find(std::string_view device) const;
    std::size_t size() const { return lines_.size(); }
    bool empty() const { return lines_.empty(); }
    void each(std::function<void(std::string_view)> const& take) const;

private:
    struct line_at {
        std::uint32_t block;
        std::uint32_t offset;
    };

    std::string_view line(line_at where) const;
    std::string_view device(line_at where) const;

    std::vector<std::string> blocks_; // none is ever moved to a larger place
    std::vector<line_at> lines_;      // by device
};

// Without the end of line. Tabs and line ends within a field become blanks.
std::string line_of_fields(std::initializer_list<std::string_view> fields);
std::vector<std::string_view> fields_of(std::string_view line);

} // namespace linli::app
