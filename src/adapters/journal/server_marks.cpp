#include "adapters/journal/server_marks.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <string_view>
#include <utility>

#include "adapters/journal/file.hpp"
#include "runtime/replace_file.hpp"

namespace linli::journal {

namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t id_length = 8;
constexpr auto id_file = "server-id";
constexpr auto holding_file = "holds-ingest";

std::string read_line(std::filesystem::path const& path) {
    std::ifstream in{path};
    std::string line;
    std::getline(in, line);
    return line;
}

bool is_id(std::string_view text) {
    return text.size() == id_length && text.find_first_not_of(digits) == std::string_view::npos;
}

std::string draw_id() {
    std::random_device dice;
    std::string id;
    std::generate_n(std::back_inserter(id), id_length, [&] { return digits[dice() % 16]; });
    return id;
}

} // namespace

server_marks::server_marks(std::filesystem::path folder)
    : folder_{std::move(folder)}, id_{read_line(folder_ / id_file)} {
    if (is_id(id_)) return;
    id_ = draw_id();
    runtime::replace_file(folder_ / id_file,
                          id_ + '\n'); // on a full disk it is called so until it ends
}

bool server_marks::was_holder() const {
    std::error_code unknown;
    return std::filesystem::exists(folder_ / holding_file, unknown);
}

bool server_marks::note_holding() const {
    if (was_holder()) return true;
    auto const error = runtime::replace_file(
        folder_ / holding_file, "This server was the last to receive. It does so again when it "
                                "starts without the database.\n");
    return !error;
}

bool server_marks::forget_holding() const {
    if (::unlink((folder_ / holding_file).c_str()) != 0) return errno == ENOENT;
    return sync_folder(folder_) == 0;
}

} // namespace linli::journal
