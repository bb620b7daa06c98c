#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/recordings/pcap.hpp"

namespace linli::recordings {

enum class speaker : std::uint8_t { caller, operator_ };

inline constexpr std::int64_t samples_a_second = 8000;
// A call is four hours at most; nothing behind this is believed.
inline constexpr std::int64_t most_samples = 6 * 3600 * samples_a_second;

// Lays what both sides have said onto one time, which begins with the first packet: as A-law, a
// sample of the caller and one of the operator by turns. Within what one side sends, its own count
// says where a packet lies, so that nothing stutters that only came late; when that has lost touch
// with the time at which packets came, it is set anew. Silence is where nobody was heard.
// Only some seconds lie in memory: what comes later than that finds its place taken, and is left
// out.
class mixing {
public:
    using put = std::function<void(std::string_view bytes)>;

    mixing(std::int64_t begins_at_us, put to) : begins_at_us_(begins_at_us), to_(std::move(to)) {}

    // `piece`: whose counts are its own.
    void add(std::size_t piece, speaker who, sound_packet const& what);
    // Puts out what is left. How many samples there are of each side.
    std::int64_t finish();

private:
    static constexpr std::int64_t window = 8 * samples_a_second;
    struct stream {
        std::int64_t at = 0; // of the sample with that timestamp
        std::uint32_t timestamp = 0;
    };
    std::int64_t place_of(std::size_t piece, speaker who, sound_packet const& what);
    void put_until(std::int64_t sample);

    std::int64_t const begins_at_us_;
    put const to_;
    std::map<std::pair<std::size_t, std::uint64_t>, stream> streams_;
    std::string ring_ = std::string(static_cast<std::size_t>(2 * window), '\xd5');
    std::int64_t done_ = 0; // samples put out
    std::int64_t end_ = 0;  // behind the last one heard
};

// The head of a WAV file of so many samples of each side.
std::string wav_head(std::int64_t samples);

} // namespace linli::recordings
