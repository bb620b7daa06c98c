#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace linli::recordings {

// A file that is read by parts and never lies in memory as a whole: blocks of 64 KiB, each sealed
// by itself (XChaCha20-Poly1305) under its number and whether it is the last, so that none can be
// missing, doubled, another's or in another place. A key is for one file, written once.

std::string make_file_key();

class sealed_file_writer {
public:
    // Throws std::system_error, as all of it does: the disk. What isn't finished is no file.
    sealed_file_writer(std::filesystem::path file, std::string key);
    sealed_file_writer(sealed_file_writer const&) = delete;
    sealed_file_writer& operator=(sealed_file_writer const&) = delete;
    ~sealed_file_writer();

    void add(std::string_view plain);
    // On the disk under its name when this returns, also over a power cut. How many bytes went in.
    std::uint64_t finish();

private:
    void put_block(bool is_last);

    std::filesystem::path const file_, begun_;
    std::string const key_;
    std::string block_;
    std::uint64_t blocks_ = 0;
    std::uint64_t bytes_ = 0;
    int descriptor_ = -1;
};

// So many bytes of the `size` that went in, no more than are there. Nothing: it isn't the file that
// was written with that key and size. Throws std::system_error when it can't be read.
std::optional<std::string> read_sealed(std::filesystem::path const& file, std::string const& key,
                                       std::uint64_t size, std::uint64_t from, std::size_t count);

} // namespace linli::recordings
