#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

namespace linli::hotline {

// A number as it is dialled within the country, whichever way the network writes it: the form in
// which the dispatch server says which are bound.
inline std::string national(std::string_view number) {
    std::string digits;
    for (char const c : number)
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
    for (std::string_view const country : {"+86", "0086"})
        if (digits.starts_with(country)) return digits.substr(country.size());
    constexpr std::size_t mobile_with_country = 13;
    if (digits.size() == mobile_with_country && digits.starts_with("861")) return digits.substr(2);
    return digits;
}

// Who gets a line when lines are few. Numbers that are bound to somebody have some that nobody else
// may take, so none of them is refused while another caller is let in.
class admission {
public:
    struct limits {
        std::size_t lines = 200;
        std::size_t for_bound = 50; // of them
        std::size_t placed = 20;    // of the rest, at most, for calls that we begin
    };

    explicit admission(limits by) : by_(by) {}

    void forget_bound() { bound_.clear(); }
    void add_bound(std::string_view number) { bound_.insert(national(number)); }

    // Until somebody has said which numbers are bound, each may be one.
    bool admits(std::string_view number, std::size_t lines_taken) const {
        bool const may_be_bound = bound_.empty() || bound_.contains(national(number));
        return lines_taken < by_.lines - (may_be_bound ? 0 : by_.for_bound);
    }

    // Who calls us comes first.
    bool admits_placed(std::size_t placed, std::size_t lines_taken) const {
        return placed < by_.placed && lines_taken < by_.lines - by_.for_bound;
    }

private:
    limits const by_; // for_bound <= lines
    std::unordered_set<std::string> bound_;
};

} // namespace linli::hotline
