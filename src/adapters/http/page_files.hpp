#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace linli::http {

// The files of the pages, all of them in memory: what was loaded at the start is what is served,
// so no path of a request ever becomes a path of this machine.
class page_files {
public:
    struct file {
        std::string body;
        std::string gzip; // the same, from NAME.gz beside it; empty: there is none
        std::string type;
        std::string etag;
        bool is_immutable = false; // its name carries its content's digest
    };

    page_files() = default; // none: only the API

    // Throws std::runtime_error when the folder can't be read or is too large.
    static page_files load(std::filesystem::path const& folder);

    // "/assets/x-1a2b.js", "/m" and all that looks like a page below it ("/console/alerts/7").
    // Null: there is none. A path with an escape or a dot segment is no name of ours.
    file const* find(std::string_view path) const;

    std::size_t size() const { return files_.size(); }

private:
    std::map<std::string, file, std::less<>> files_; // by path, "/console.html"
};

} // namespace linli::http
