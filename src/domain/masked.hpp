#pragma once

#include <string>
#include <string_view>

namespace linli::domain {

// Enough to know again whom one knows, too little to learn who it is: "王**", "138****0001".
std::string masked_name(std::string_view name);
std::string masked_phone(std::string_view phone); // an identity number, too
// Of free text, a door or an address of mail: that there is some.
std::string masked_text(std::string_view text);

// As one of these makes it: such a text must never take the place of what it stands for.
bool is_masked(std::string_view text);

} // namespace linli::domain
