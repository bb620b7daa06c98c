#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace linli::postgres {

// The key file as whoever changes the keys sees it: which there are and what each is for, never a
// key. Each change replaces the file whole and keeps its owner. All throw key_file_error.
struct key_names {
    std::string seals;                // the first line
    std::vector<std::string> open;    // opens what it has sealed
    std::vector<std::string> waiting; // added behind the line `lookup`, and not yet used to seal
};
key_names names_in(std::filesystem::path const& file);

// A fresh key that opens and doesn't seal yet: so the file can be brought to every server before
// anything is sealed by it. The key of the look-up digests gets a line of its own, since no other
// line shall be needed for them any more. Answers the key's id.
std::string add_key(std::filesystem::path const& file);

// The newest waiting key seals from now on. Answers whether there was one.
bool use_waiting_key(std::filesystem::path const& file);

// Takes away a line that doesn't seal. Whether it is still needed, its caller has to know.
void drop_key(std::filesystem::path const& file, std::string const& id);

} // namespace linli::postgres
