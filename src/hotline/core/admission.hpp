#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

namespace linli::hotline {

// Who writes the country leaves out the 0 of an area code. No area code begins with 400, 800 or
// 950, and what is shorter is a service's number.
inline std::string with_area_code(std::string number) {
    bool const is_long = number.size() == 10 || number.size() == 11;
    bool const is_mobile = number.size() == 11 && number[0] == '1' && number[1] >= '3';
    if (!is_long || is_mobile) return number;
    for (std::string_view const none : {"0", "400", "800", "950"})
        if (number.starts_with(none)) return number;
    return '0' + number;
}

// A number as it is dialled within the country, whichever way the network writes it: the form in
// which the dispatch server says which are bound (adapters/postgres/personal).
inline std::string national(std::string_view number) {
    std::string digits;
    for (char const c : number)
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
    for (std::string_view const country : {"+86", "0086"})
        if (digits.starts_with(country)) return with_area_code(digits.substr(country.size()));
    bool const is_longer = digits.size() == 12 || digits.size() == 13;
    if (is_longer && digits.starts_with("86")) return with_area_code(digits.substr(2));
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
