#pragma once

#include <string>
#include <string_view>

namespace linli::files {

// A spreadsheet takes a cell that begins with = + - @, a tab or a line break for a formula, and
// runs it. Such a cell goes out with an apostrophe before it, and comes in without: telephone
// numbers with a +, too, which it would otherwise reckon out.
std::string guarded_cell(std::string_view text);
std::string unguarded_cell(std::string_view text);

} // namespace linli::files
