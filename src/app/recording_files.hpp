#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "app/recording_record.hpp"

namespace linli::app {

// What lies there of one call in clear, as the media server has left it.
struct call_pieces {
    std::string call; // the engine's name
    std::vector<std::string> pieces;
    bool is_live = false; // one of them is still being written
    bool operator==(call_pieces const&) const = default;
};

enum class recording_errc : std::uint8_t {
    disk = 1,  // full, away, not ours: it is tried again
    silent,    // nothing was to be heard in any piece
    damaged,   // the sealed file isn't what it was
    elsewhere, // it isn't on this machine
};
[[noreturn]] void throw_exception_from_error(recording_errc const& e,
                                             boost::source_location const& at);

template <class T>
using recording_result = boost::system::result<T, recording_errc>;

// Recordings on this machine's disk: pieces in clear, and what was sealed of them.
class recording_files {
public:
    virtual ~recording_files() = default;

    virtual runtime::task<recording_result<std::vector<call_pieces>>> waiting() = 0;
    // One file of all pieces, on the disk when this answers. The pieces stay.
    virtual runtime::task<recording_result<sealed_recording>> seal(domain::call_id id,
                                                                   call_pieces const& what) = 0;
    virtual runtime::task<recording_result<void>> remove(call_pieces const& what) = 0;

    virtual runtime::task<recording_result<std::vector<std::string>>> sealed() = 0;
    virtual runtime::task<recording_result<void>> forget(std::string file) = 0;
    // So many bytes of what is played; no more than are there.
    virtual runtime::task<recording_result<std::string>>
    read(sealed_recording const& what, std::uint64_t from, std::size_t count) = 0;
};

} // namespace linli::app
