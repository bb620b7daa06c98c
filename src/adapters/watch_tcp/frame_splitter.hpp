#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace linli::watch_tcp {

// Cuts what a connection brings into frames, however TCP has split or glued them.
//
// A frame ends at its first ']': bodies escape that byte, and a watch whose length is wrong (there
// are such) must not wait for its alarm until as many bytes have come. The length only says whether
// what follows still belongs to it: a network's name may hold a bare ']'.
class frame_splitter {
public:
    struct piece {
        std::string bytes;
        bool is_frame = false; // begins like one; otherwise it is nothing that watches send
    };

    explicit frame_splitter(std::size_t longest) : longest_(longest) {}

    void put(std::string_view bytes);

    // The next frame, or what stands between two; nothing: more bytes are needed.
    std::optional<piece> next();

    // What has begun and not ended; afterwards there is nothing.
    std::optional<piece> rest();

    bool is_amid_frame() const { return !held_.empty(); }
    // What has begun is longer than any frame: nothing can be cut from here on.
    bool is_overfull() const { return held_.size() > longest_; }

private:
    std::optional<piece> take(std::size_t count, bool is_frame);
    void skip_what_is_owed();
    std::optional<piece> next_between();
    std::optional<piece> take_frame(std::size_t end);

    std::size_t const longest_;
    std::string held_;
    std::size_t searched_ = 0; // no end of what has begun before here
    std::size_t owed_ = 0;     // by the last frame's length
};

} // namespace linli::watch_tcp
