#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace linli::http {

struct made_certificates {
    std::filesystem::path authority;   // for the browsers of the people who work with the pages
    std::filesystem::path certificate; // of the server, with the chain
    std::filesystem::path key;
    bool is_new_authority = false;
};

// The certificate of the pages' door, signed by the installation's own authority: ca.crt and ca.key
// in the folder, made when both are missing, for ten years, and good for these names (and
// localhost) alone, so that whoever steals it can't be anybody's bank. The server's is console.crt,
// for 397 days, the longest that browsers take.
//
// Throws std::runtime_error, and has written nothing of the server's then: console.crt or
// console.key is there already, a name is none, the authority is not good for a name.
made_certificates make_certificates(std::filesystem::path const& folder,
                                    std::vector<std::string> const& names);

} // namespace linli::http
