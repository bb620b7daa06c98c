#include "adapters/anchors/anchor_file.hpp"

#include <cerrno>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace linli::anchors {

namespace {

// Larger than any anchor of ours; a file that somebody else filled isn't read into memory.
constexpr std::size_t most_bytes = 8U << 20;

struct descriptor {
    explicit descriptor(std::filesystem::path const& file)
        : number(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640)) {
        fail_if(number < 0);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() { ::close(number); }

    static void fail_if(bool failed) {
        if (failed) throw std::system_error(errno, std::generic_category(), "the anchors' file");
    }

    int number;
};

bool ends_in_a_line(int file) {
    auto const end = ::lseek(file, 0, SEEK_END);
    char last = '\n';
    if (end > 0) descriptor::fail_if(::pread(file, &last, 1, end - 1) != 1);
    return last == '\n';
}

} // namespace

anchor_reading::anchor_reading(std::filesystem::path const& file) : in_(file, std::ios::binary) {
    std::error_code none;
    auto const size = std::filesystem::file_size(file, none);
    if (!none) size_ = size;
}

std::optional<std::string> anchor_reading::next() {
    std::string text;
    for (std::string line; std::getline(in_, line);) {
        read_ += line.size() + 1;
        line += '\n';
        if (line.starts_with("anchor ")) text.clear(); // the one before was never finished
        if (text.size() + line.size() > most_bytes) text.clear();
        text += line;
        if (line.starts_with("signed ")) return text;
    }
    return std::nullopt;
}

void append_anchor(std::filesystem::path const& file, std::string const& text) {
    descriptor const to(file);
    auto const all = ends_in_a_line(to.number) ? text : '\n' + text;
    std::string_view left = all;
    while (!left.empty()) {
        auto const written = ::write(to.number, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        descriptor::fail_if(written < 0);
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    descriptor::fail_if(::fdatasync(to.number) != 0);
}

} // namespace linli::anchors
