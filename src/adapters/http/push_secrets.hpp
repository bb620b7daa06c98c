#pragma once

#include <filesystem>
#include <string>

namespace linli::http {

// The secret of a source: the first line of the file that has its name. Empty when there is none.
// Throws std::runtime_error when there is a file that others than its owner may read.
std::string read_push_secret(std::filesystem::path const& folder, std::string const& source);

// Makes one, 40 letters and digits (238 bits); false when there is one already, which stays. Throws
// std::runtime_error with a remedy.
bool make_push_secret(std::filesystem::path const& folder, std::string const& source);

// The one by which we ask a cloud, in the file "NAME.poll": it is the cloud that makes it. Reading
// throws also when it is no line of printable ASCII; keeping replaces what was there.
std::string read_poll_secret(std::filesystem::path const& folder, std::string const& source);
void keep_poll_secret(std::filesystem::path const& folder, std::string const& source,
                      std::string const& secret);

} // namespace linli::http
