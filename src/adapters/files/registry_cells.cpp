#include "adapters/files/registry_cells.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>

#include "adapters/files/identity_number.hpp"
#include "domain/masked.hpp"
#include "domain/visit_proof.hpp"
#include "runtime/nearest_word.hpp"

namespace linli::files {

namespace {

constexpr std::string_view digits = "0123456789";

bool consists_of(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view alphanumeric =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view id_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

// Enough to find the row's person again on paper, too little to tell who it is.
std::string masked(std::string_view value) {
    if (value.empty()) return {};
    bool const is_ascii = static_cast<unsigned char>(value[0]) < 0x80;
    if (is_ascii) return std::string(value.substr(0, value.size() >= 7 ? 3 : 0)) + "***";
    std::size_t first = 1;
    while (first < value.size() && (static_cast<unsigned char>(value[first]) & 0xC0) == 0x80)
        ++first;
    return std::string(value.substr(0, first)) + "***";
}

template <class Number>
std::optional<Number> parsed(std::string_view text) {
    Number value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_latitude_in_china(double degrees) {
    return degrees >= 3 && degrees <= 54;
}
bool is_longitude_in_china(double degrees) {
    return degrees >= 73 && degrees <= 136;
}

} // namespace

std::string const& registry_cells::cell(std::string_view column) const {
    return row_.cells.at(static_cast<std::size_t>(&of(column) - format_.columns.data()));
}

app::registry_column const& registry_cells::of(std::string_view column) const {
    auto const at = std::ranges::find(format_.columns, column, &app::registry_column::name);
    if (at == format_.columns.end())
        throw std::logic_error("no column " + std::string(column) + " in " + format_.file);
    return *at;
}

std::string registry_cells::id(std::string_view column) {
    if (cell(column).empty()) problem(column, "missing", "give it");
    return id_or_empty(column);
}

std::string registry_cells::id_or_empty(std::string_view column) {
    auto const& id = cell(column);
    if (id.size() > 64 || !consists_of(id, id_letters))
        problem(column, "not an id",
                "use 1 to 64 of the letters a-z and A-Z, digits, \".\", \"_\" and \"-\"");
    return id;
}

std::string registry_cells::area_code(std::string_view column) {
    if (cell(column).empty()) problem(column, "missing", "give the official code of the area");
    return area_code_or_empty(column);
}

std::string registry_cells::area_code_or_empty(std::string_view column) {
    auto const& code = cell(column);
    if (code.size() > 24 || !consists_of(code, alphanumeric))
        problem(column, "not an area code", "use 1 to 24 letters and digits");
    return code;
}

std::string registry_cells::text(std::string_view column) {
    if (cell(column).empty()) problem(column, "missing", "give it");
    return cell(column);
}

std::string registry_cells::phone_or_empty(std::string_view column) {
    auto const& phone = cell(column);
    auto const count =
        std::ranges::count_if(phone, [](char c) { return digits.find(c) != digits.npos; });
    if (!phone.empty() && (!consists_of(phone, "0123456789+-() ") || count < 3 || count > 20))
        problem(column, "not a telephone number", "give 3 to 20 digits");
    return phone;
}

// It stands in the head of a mail: nothing that could end a line or begin another address.
std::string registry_cells::email_or_empty(std::string_view column) {
    auto const& email = cell(column);
    auto const at = email.find('@');
    auto const plain = [](char c) {
        return c > ' ' && c < 127 && c != '<' && c != '>' && c != ',';
    };
    bool const fits = at != email.npos && at > 0 && email.find('.', at) != email.npos &&
                      email.find('@', at + 1) == email.npos && email.size() <= 254 &&
                      std::ranges::all_of(email, plain);
    if (!email.empty() && !fits)
        problem(column, "not an e-mail address", "write it as name@example.org");
    return fits ? email : std::string();
}

std::string registry_cells::id_number_or_empty(std::string_view column) {
    auto const& number = cell(column);
    if (number.empty()) return number;
    // A person isn't left without help for a slip in a number that help doesn't need.
    if (!looks_like_identity_number(number))
        warning(column, "not an identity number",
                "compare it with the card: 18 digits, or 17 and X");
    else if (!has_valid_check_digit(number))
        warning(column, "the last digit does not fit", "compare it with the card");
    return number;
}

std::string registry_cells::visit_code_or_empty(std::string_view column) {
    auto const& code = cell(column);
    if (!code.empty() && !domain::is_visit_code(code))
        problem(column, "not a visit code", "write 4 to 6 digits, or leave it empty");
    return code;
}

std::optional<double> registry_cells::degrees(std::string_view column) {
    auto const value = parsed<double>(cell(column));
    if (!value && !cell(column).empty())
        problem(column, "not a number of degrees", "write it as 36.0611");
    return value;
}

std::optional<domain::position> registry_cells::place() {
    auto const latitude = degrees("latitude");
    auto const longitude = degrees("longitude");
    bool const is_half = cell("latitude").empty() != cell("longitude").empty();
    if (is_half)
        problem(cell("latitude").empty() ? "latitude" : "longitude", "missing",
                "give both latitude and longitude, or neither");
    if (!latitude || !longitude) return std::nullopt;
    if (is_longitude_in_china(*latitude) && is_latitude_in_china(*longitude))
        problem("latitude", "latitude and longitude are swapped",
                fmt::format("write latitude {} and longitude {}", *longitude, *latitude));
    else if (!is_latitude_in_china(*latitude))
        problem("latitude", "not in China", "write degrees north, 3 to 54 (WGS-84)");
    else if (!is_longitude_in_china(*longitude))
        problem("longitude", "not in China", "write degrees east, 73 to 136 (WGS-84)");
    return domain::position{*latitude, *longitude, 0, domain::position_source::unknown};
}

int registry_cells::minute(std::string_view column, int when_empty) {
    std::string_view const text = cell(column);
    if (text.empty()) return when_empty;
    auto const colon = text.find(':');
    bool const has_form =
        (colon == 1 || colon == 2) && text.size() == colon + 3 && consists_of(text, "0123456789:");
    auto const hour = has_form ? parsed<int>(text.substr(0, colon)) : std::nullopt;
    auto const minute = has_form ? parsed<int>(text.substr(colon + 1)) : std::nullopt;
    bool const fits = hour && minute && *minute < 60 && *hour * 60 + *minute <= 1440;
    if (fits) return *hour * 60 + *minute;
    problem(column, "not a time of day", "write HH:MM, from 00:00 to 24:00");
    return when_empty;
}

std::optional<std::chrono::sys_days> registry_cells::date_or_empty(std::string_view column) {
    std::string_view const text = cell(column);
    if (text.empty()) return std::nullopt;
    bool const has_form = text.size() == 10 && text[4] == '-' && text[7] == '-';
    auto const year = has_form ? parsed<int>(text.substr(0, 4)) : std::nullopt;
    auto const month = has_form ? parsed<unsigned>(text.substr(5, 2)) : std::nullopt;
    auto const day = has_form ? parsed<unsigned>(text.substr(8, 2)) : std::nullopt;
    if (year && month && day) {
        std::chrono::year_month_day const date{std::chrono::year(*year), std::chrono::month(*month),
                                               std::chrono::day(*day)};
        if (date.ok()) return std::chrono::sys_days(date);
    }
    problem(column, "not a date", "write it as 2026-11-23, or leave it empty");
    return std::nullopt;
}

int registry_cells::number(std::string_view column, int min, int max) {
    auto const value = parsed<int>(cell(column));
    if (value && *value >= min && *value <= max) return *value;
    problem(column, cell(column).empty() ? "missing" : "not in range",
            fmt::format("write a whole number from {} to {}", min, max));
    return min;
}

std::optional<double> registry_cells::rating(std::string_view column) {
    if (cell(column).empty()) return std::nullopt;
    auto const value = parsed<double>(cell(column));
    if (value && *value >= 0 && *value <= 5) return value;
    problem(column, "not a rating", "write a number from 0 to 5, or leave it empty");
    return std::nullopt;
}

std::optional<double> registry_cells::decimal_or_empty(std::string_view column, double min,
                                                       double max) {
    if (cell(column).empty()) return std::nullopt;
    auto const value = parsed<double>(cell(column));
    if (value && *value >= min && *value <= max) return value;
    problem(column, "not in range",
            fmt::format("write a number from {} to {}, or leave it empty", min, max));
    return std::nullopt;
}

bool registry_cells::yes(std::string_view column) {
    auto const& text = cell(column);
    for (std::string_view const each : {"yes", "true", "1", "是"})
        if (text == each) return true;
    for (std::string_view const each : {"", "no", "false", "0", "否"})
        if (text == each) return false;
    problem(column, "neither yes nor no", "write yes or no");
    return false;
}

std::vector<std::string> registry_cells::words(std::string_view column) {
    std::vector<std::string> words;
    std::istringstream in(cell(column));
    for (std::string word; in >> word;) {
        if (word.size() > 64 || !consists_of(word, id_letters))
            problem(column, fmt::format("\"{}\" is not a code", word),
                    "use letters, digits and \"_\", separated by blanks");
        words.push_back(std::move(word));
    }
    return words;
}

std::vector<std::string> registry_cells::known_words(std::string_view column) {
    auto const& known = of(column).words;
    auto found = words(column);
    for (auto const& each : found)
        if (std::ranges::find(known, each) == known.end())
            problem(column, "unknown word",
                    fmt::format("the words are {}", fmt::join(known, ", ")));
    return found;
}

std::string registry_cells::one_of(std::string_view column) {
    auto const& text = cell(column);
    auto const& known = of(column).words;
    if (std::ranges::find(known, text) != known.end()) return text;
    auto const near = runtime::nearest_word(text, known);
    problem(column, text.empty() ? "missing" : "unknown word",
            near && !text.empty() ? fmt::format("did you mean {}?", *near)
                                  : fmt::format("write one of {}", fmt::join(known, ", ")));
    return known.front();
}

void registry_cells::refuse_masked() {
    for (auto const& each : format_.columns)
        if (each.is_personal() && domain::is_masked(cell(each.name)))
            problem(each.name, "masked", "give what it is, or export with personal data");
}

void registry_cells::problem(std::string_view column, std::string what, std::string remedy) {
    into_.problems.add(describe(column, std::move(what), std::move(remedy)));
}

void registry_cells::warning(std::string_view column, std::string what, std::string remedy) {
    into_.warnings.add(describe(column, std::move(what), std::move(remedy)));
}

app::registry_problem registry_cells::describe(std::string_view column, std::string what,
                                               std::string remedy) const {
    auto const& value = cell(column);
    return {format_.file,        row_.line,
            std::string(column), of(column).is_personal() ? masked(value) : value,
            std::move(what),     std::move(remedy)};
}

} // namespace linli::files
