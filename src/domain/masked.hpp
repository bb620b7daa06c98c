#pragma once

#include <string>
#include <string_view>

namespace linli::domain {

// Enough to know again whom one knows, too little to learn who it is: "王**", "138****0001".
std::string masked_name(std::string_view name);
std::string masked_phone(std::string_view phone);

} // namespace linli::domain
