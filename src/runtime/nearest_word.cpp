#include "runtime/nearest_word.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace linli::runtime {

namespace {

// Damerau-Levenshtein (optimal string alignment); three rows suffice.
std::size_t slips_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        current[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(current);
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            current[j] = std::min({replaced, last[j] + 1, current[j - 1] + 1});
            bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
        }
    }
    return current[b.size()];
}

} // namespace

std::optional<std::string> nearest_word(std::string_view meant,
                                        std::span<std::string const> words) {
    std::optional<std::string> nearest;
    std::size_t fewest = std::max<std::size_t>(2, meant.size() / 3) + 1;
    for (auto const& word : words) {
        auto const slips = slips_between(meant, word);
        if (slips >= fewest) continue;
        fewest = slips;
        nearest = word;
    }
    return nearest;
}

} // namespace linli::runtime
