#include "adapters/http/page_files.hpp"

#include <array>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>
#include <openssl/sha.h>

namespace linli::http {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 64U << 20; // pages are some hundred KiB; this is a wrong folder
constexpr std::size_t most_files = 2000;

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".txt", "text/plain; charset=utf-8"},
}};

// With "nosniff", what we don't know is only ever saved, never run.
std::string type_of(std::string const& extension) {
    for (auto const& [ending, type] : types)
        if (ending == extension) return std::string(type);
    return "application/octet-stream";
}

std::string content_of(fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in && !in.eof()) throw std::runtime_error(file.string() + " can't be read");
    return text;
}

std::string etag_of(std::string const& body) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<unsigned char const*>(body.data()), body.size(), digest.data());
    std::string text = "\"";
    for (std::size_t i = 0; i < 16; ++i)
        text += fmt::format("{:02x}", digest[i]);
    return text + '"';
}

bool is_hidden(fs::path const& inside) {
    for (auto const& part : inside)
        if (part.string().starts_with('.')) return true;
    return false;
}

} // namespace

page_files page_files::load(fs::path const& folder) {
    page_files loaded;
    std::size_t bytes = 0;
    try {
        std::map<std::string, std::string> compressed;
        for (auto const& each : fs::recursive_directory_iterator(folder)) {
            auto const inside = each.path().lexically_relative(folder);
            // A link may lead out of the folder.
            if (!fs::is_regular_file(each.symlink_status()) || is_hidden(inside)) continue;
            bytes += each.file_size();
            if (bytes > most_bytes || loaded.files_.size() >= most_files)
                throw std::runtime_error(folder.string() + " holds more than pages do");
            auto const name = "/" + inside.generic_string();
            auto body = content_of(each.path());
            if (name.ends_with(".gz")) {
                compressed.emplace(name.substr(0, name.size() - 3), std::move(body));
                continue;
            }
            file read{.body = std::move(body),
                      .gzip = {},
                      .type = type_of(inside.extension().string()),
                      .etag = {},
                      .is_immutable = name.starts_with("/assets/")};
            read.etag = etag_of(read.body);
            loaded.files_.emplace(name, std::move(read));
        }
        for (auto& [name, body] : compressed)
            if (auto const of = loaded.files_.find(name); of != loaded.files_.end())
                of->second.gzip = std::move(body);
    } catch (fs::filesystem_error const& error) {
        throw std::runtime_error(fmt::format("the pages can't be read from {} ({}): build them, or "
                                             "name their folder by console.pages; \"\" is none",
                                             folder.string(), error.code().message()));
    }
    return loaded;
}

page_files::file const* page_files::find(std::string_view path) const {
    if (auto const exact = files_.find(path); exact != files_.end()) return &exact->second;
    // A name with an ending means that very file; a page may have paths of its own below it.
    auto const last = path.substr(path.rfind('/') + 1);
    if (!path.starts_with('/') || last.find('.') != last.npos) return nullptr;
    auto const page = path == "/" ? "" : std::string(path.substr(0, path.find('/', 1)));
    for (auto const& name : {page + ".html", page + "/index.html"})
        if (auto const found = files_.find(name); found != files_.end()) return &found->second;
    return nullptr;
}

} // namespace linli::http
