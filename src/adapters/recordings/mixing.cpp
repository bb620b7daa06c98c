#include "adapters/recordings/mixing.hpp"

#include <algorithm>

#include "adapters/recordings/g711.hpp"

namespace linli::recordings {

namespace {

constexpr std::int64_t out_of_touch = samples_a_second / 2;
constexpr std::int64_t microseconds_a_sample = 1'000'000 / samples_a_second;
constexpr std::size_t most_streams = 100'000; // a side that changes its source with each packet

void add_number(std::string& to, std::uint32_t value, int bytes) {
    for (int each = 0; each < bytes; ++each)
        to.push_back(static_cast<char>(value >> (8 * each) & 0xffU));
}

} // namespace

// The difference of two counts is small, also where they begin anew at 0.
std::int64_t mixing::place_of(std::size_t piece, speaker who, sound_packet const& what) {
    auto const came = (what.at_us - begins_at_us_) / microseconds_a_sample;
    auto const side = std::uint64_t{who == speaker::caller ? 0U : 1U} << 32;
    auto const name = std::pair(piece, side | what.source);
    auto const known = streams_.find(name);
    if (known == streams_.end()) {
        if (streams_.size() == most_streams) streams_.clear();
        streams_[name] = {came, what.timestamp};
        return came;
    }
    auto& of = known->second;
    auto const steps = static_cast<std::int32_t>(what.timestamp - of.timestamp);
    auto const place = of.at + steps;
    bool const is_in_touch = std::abs(place - came) <= out_of_touch;
    of = {is_in_touch ? place : came, what.timestamp};
    return of.at;
}

void mixing::add(std::size_t piece, speaker who, sound_packet const& what) {
    auto const at = place_of(piece, who, what);
    auto const size = static_cast<std::int64_t>(what.samples.size());
    if (at < 0 || at + size > most_samples || size > window / 2) return;
    put_until(at + size - window);
    std::size_t const side = who == speaker::caller ? 0 : 1;
    for (std::int64_t each = std::max<std::int64_t>(0, done_ - at); each < size; ++each) {
        auto const sample = what.samples[static_cast<std::size_t>(each)];
        auto const to = 2 * static_cast<std::size_t>((at + each) % window) + side;
        ring_[to] = what.is_a_law ? sample : a_law_of_mu_law(sample);
    }
    end_ = std::max(end_, at + size);
}

void mixing::put_until(std::int64_t sample) {
    while (done_ < sample) {
        auto const from = done_ % window;
        auto const count = std::min(sample - done_, window - from);
        auto const first = ring_.begin() + 2 * from;
        auto const last = first + 2 * count;
        to_({&*first, static_cast<std::size_t>(2 * count)});
        std::fill(first, last, a_law_silence);
        done_ += count;
    }
}

std::int64_t mixing::finish() {
    put_until(end_);
    return end_;
}

std::string wav_head(std::int64_t samples) {
    constexpr std::uint32_t a_law = 6, sides = 2, format_bytes = 18, fact_bytes = 4;
    constexpr auto rate = static_cast<std::uint32_t>(samples_a_second);
    auto const count = static_cast<std::uint32_t>(samples);
    std::string head = "RIFF";
    add_number(head, 4 + 8 + format_bytes + 8 + fact_bytes + 8 + sides * count, 4);
    head += "WAVEfmt ";
    add_number(head, format_bytes, 4);
    add_number(head, a_law, 2);
    add_number(head, sides, 2);
    add_number(head, rate, 4);
    add_number(head, rate * sides, 4);
    add_number(head, sides, 2); // bytes of one sample of both
    add_number(head, 8, 2);     // bits of one
    add_number(head, 0, 2);
    head += "fact";
    add_number(head, fact_bytes, 4);
    add_number(head, count, 4);
    head += "data";
    add_number(head, sides * count, 4);
    return head;
}

} // namespace linli::recordings
