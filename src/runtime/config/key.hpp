#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "runtime/config.hpp"

namespace linli::runtime::config_file {

// A key: what it is called, what it must be, how it looks (in TOML), and how a node becomes the
// value; `take` answers false when the node is not what was expected.
struct key {
    std::string name;
    std::string expected;
    std::string example;
    std::function<bool(toml::node const&, config&)> take;
};

// Where in the configuration a value stands.
template <class T>
using in_config = std::function<T&(config&)>;

using text_taker = bool (*)(std::string_view, config&);

// The kinds of keys there are. A path of the first kind may not be left empty. What can be wrong
// with a value is asked of `fits`, or of `take`, which answers false.
key text(std::string name, std::string expected, std::string_view example, text_taker take);
key text(std::string name, std::string expected, std::string_view example,
         bool (*fits)(std::string_view), in_config<std::string> of);
key number(std::string name, int min, int max, int example, void (*take)(int, config&));
key number(std::string name, int min, int max, int example, in_config<int> of);
key truth(std::string name, void (*take)(bool, config&));
key truth(std::string name, in_config<bool> of);
key path(std::string name, std::string_view example, std::filesystem::path& (*of)(config&));
key maybe_path(std::string name, std::string_view example, in_config<std::filesystem::path> of);
key lines(std::string name, std::string_view example, in_config<std::vector<std::string>> of);

} // namespace linli::runtime::config_file
