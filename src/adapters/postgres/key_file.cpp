#include "adapters/postgres/key_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/postgres/key_line.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "runtime/replace_file.hpp"

namespace linli::postgres {

namespace {

// The file's lines as they are; comments and empty ones belong to whoever wrote them.
struct lines_of {
    explicit lines_of(std::filesystem::path path) : file(std::move(path)) {
        static_cast<void>(key_ring::load(file)); // refuses what isn't a key file
        std::ifstream in(file, std::ios::binary);
        for (std::string line; std::getline(in, line);)
            all.push_back(line);
    }
    lines_of(lines_of const&) = delete;
    lines_of& operator=(lines_of const&) = delete;
    ~lines_of() {
        for (auto& each : all)
            sodium_memzero(each.data(), each.size());
    }

    static std::string id_of(std::string const& line) {
        std::istringstream words(line);
        std::string id;
        words >> id;
        return id.starts_with('#') ? std::string() : id;
    }

    bool has_lookup() const { return std::ranges::find(all, lookup_line, id_of) != all.end(); }

    std::string const& last_key() const {
        return *std::ranges::find_if(all.rbegin(), all.rend(),
                                     [](auto const& each) { return !id_of(each).empty(); });
    }

    void write() const {
        std::string text;
        for (auto const& each : all)
            text += each + '\n';
        struct stat before {};
        bool const is_known = ::stat(file.c_str(), &before) == 0;
        auto const error = runtime::replace_file(file, text);
        sodium_memzero(text.data(), text.size());
        if (error)
            throw key_file_error(fmt::format("{}: the key file can't be written ({})",
                                             file.string(), error.message()));
        // By root for the server's user, who must read it as before.
        bool const is_others = is_known && before.st_uid != ::geteuid();
        if (is_others && ::chown(file.c_str(), before.st_uid, before.st_gid) != 0)
            throw key_file_error(
                fmt::format("{}: give the key file back to its owner (chown)", file.string()));
    }

    std::filesystem::path file;
    std::vector<std::string> all;
};

// What the look-up digests are made by as long as there is no line for it; see key_ring.
std::string lookup_of(lines_of const& lines) {
    std::istringstream words(lines.last_key());
    std::string id, text;
    words >> id >> text;
    secret last;
    bool const is_key = read_key(text, last);
    sodium_memzero(text.data(), text.size());
    if (!is_key)
        throw key_file_error(fmt::format("{}: {} is no key of 32 bytes", lines.file.string(), id));
    secret lookup;
    make_lookup_key(last, lookup);
    return key_line(lookup_line, lookup);
}

} // namespace

key_names names_in(std::filesystem::path const& file) {
    lines_of const lines(file);
    key_names names;
    bool is_behind_lookup = false;
    for (auto const& line : lines.all) {
        auto const id = lines_of::id_of(line);
        if (id.empty()) continue;
        if (id == lookup_line)
            is_behind_lookup = true;
        else if (names.seals.empty())
            names.seals = id;
        else
            (is_behind_lookup ? names.waiting : names.open).push_back(id);
    }
    return names;
}

std::string add_key(std::filesystem::path const& file) {
    auto const waiting = names_in(file).waiting;
    if (!waiting.empty())
        throw key_file_error(fmt::format("{}: {} waits already; \"linli keys rotate\" first",
                                         file.string(), waiting.front()));
    lines_of lines(file);
    if (!lines.has_lookup()) lines.all.push_back(lookup_of(lines));
    auto const id = fresh_key_id();
    secret fresh;
    randombytes_buf(fresh.bytes.data(), fresh.bytes.size());
    lines.all.push_back(key_line(id, fresh));
    lines.write();
    return id;
}

bool use_waiting_key(std::filesystem::path const& file) {
    auto const names = names_in(file);
    if (names.waiting.empty()) return false;
    lines_of lines(file);
    auto const at = std::ranges::find(lines.all, names.waiting.back(), lines_of::id_of);
    std::rotate(lines.all.begin(), at, at + 1);
    lines.write();
    return true;
}

void drop_key(std::filesystem::path const& file, std::string const& id) {
    lines_of lines(file);
    auto const names = names_in(file);
    if (id == names.seals)
        throw key_file_error(
            fmt::format("{}: {} seals; another key must do so first", file.string(), id));
    if (!lines.has_lookup()) lines.all.push_back(lookup_of(lines));
    auto const at = std::ranges::find(lines.all, id, lines_of::id_of);
    if (at == lines.all.end() || id == lookup_line)
        throw key_file_error(fmt::format("{}: there is no key {}", file.string(), id));
    sodium_memzero(at->data(), at->size());
    lines.all.erase(at);
    lines.write();
}

} // namespace linli::postgres
