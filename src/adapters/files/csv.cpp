#include "adapters/files/csv.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <utility>

#include <boost/nowide/utf/utf.hpp>
#include <csv.h>
#include <fmt/core.h>
#include <fmt/format.h>

#include "runtime/nearest_word.hpp"

namespace linli::files {

namespace {

constexpr std::size_t chunk_size = 64 * 1024;
constexpr std::size_t longest_cell = 4 * 1024;
constexpr std::size_t longest_row = 64 * 1024; // an open quote would otherwise eat the file
constexpr std::size_t most_problems = 1000;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// What a reader that forgives has put in the place of each letter that it couldn't read.
constexpr std::string_view lost_letter = "\xEF\xBF\xBD";

bool is_utf8(std::string_view text) {
    namespace utf = boost::nowide::utf;
    auto const* at = text.data();
    auto const* const end = at + text.size();
    while (at != end)
        if (!utf::is_valid_codepoint(utf::utf_traits<char>::decode(at, end))) return false;
    return text.find('\0') == std::string_view::npos;
}

} // namespace

// libcsv calls back for each cell and row; it gives no line numbers, so that it is fed line by
// line.
struct csv_reader::parser {
    csv_parser state{};
    csv_reader& owner;
    csv_row row;
    std::size_t row_bytes = 0;

    explicit parser(csv_reader& reader) : owner(reader) {
        if (csv_init(&state, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    }
    parser(parser const&) = delete;
    parser& operator=(parser const&) = delete;
    ~parser() { csv_free(&state); }

    bool is_between_rows() const { return row.cells.empty() && state.pstate == 0; }

    static void on_cell(void* text, std::size_t size, void* self) {
        static_cast<parser*>(self)->row.cells.emplace_back(static_cast<char const*>(text), size);
    }
    static void on_row(int, void* self) {
        auto& me = *static_cast<parser*>(self);
        me.row_bytes = 0;
        me.owner.take_raw_row(std::exchange(me.row, csv_row{me.row.line, {}}));
    }
};

csv_reader::csv_reader(std::istream& in, std::vector<csv_column> columns)
    : in_(in), columns_(std::move(columns)), parser_(std::make_unique<parser>(*this)) {}

csv_reader::~csv_reader() = default;

std::optional<csv_row> csv_reader::next() {
    while (ready_.empty() && !ended_)
        feed_chunk();
    if (ready_.empty()) return std::nullopt;
    auto row = std::move(ready_.front());
    ready_.pop_front();
    return row;
}

std::vector<csv_problem> csv_reader::take_problems() {
    return std::exchange(problems_, {});
}

void csv_reader::feed_chunk() {
    std::array<char, chunk_size> buffer;
    in_.read(buffer.data(), buffer.size());
    std::string_view rest(buffer.data(), static_cast<std::size_t>(in_.gcount()));
    if (!std::exchange(started_, true) && rest.starts_with(byte_order_mark))
        rest.remove_prefix(byte_order_mark.size());
    while (!rest.empty() && !ended_) {
        auto const line_end = rest.find('\n');
        auto const size = line_end == std::string_view::npos ? rest.size() : line_end + 1;
        feed_line(rest.substr(0, size));
        rest.remove_prefix(size);
    }
    if (!in_ && !ended_) end_of_input();
}

void csv_reader::feed_line(std::string_view piece) {
    if (parser_->is_between_rows()) {
        parser_->row.line = line_;
        parser_->row_bytes = 0;
    }
    parser_->row_bytes += piece.size();
    auto const fed = csv_parse(&parser_->state, piece.data(), piece.size(), &parser::on_cell,
                               &parser::on_row, parser_.get());
    if (ended_) return;
    if (fed != piece.size()) return give_up_on_quotes();
    if (parser_->row_bytes > longest_row)
        return give_up(parser_->row.line, fmt::format("a row of more than {} bytes", longest_row),
                       "look for a quote (\") that is opened here and not closed");
    if (piece.ends_with('\n')) ++line_;
}

void csv_reader::end_of_input() {
    auto const failed = csv_fini(&parser_->state, &parser::on_cell, &parser::on_row, parser_.get());
    if (failed && !ended_)
        give_up(parser_->row.line, "a quote (\") is opened here and not closed",
                "close it, or double it (\"\") if it belongs to the text");
    else if (!has_header_ && !ended_)
        give_up(1, "the file is empty", "put the column names in the first line");
    ended_ = true;
}

void csv_reader::take_raw_row(csv_row raw) {
    if (ended_) return;
    for (auto const& cell : raw.cells) {
        if (!is_utf8(cell))
            return give_up(raw.line, "not UTF-8 (perhaps GB18030, as Excel saves \"CSV\")",
                           "save the file as \"CSV UTF-8\"");
        if (cell.find(lost_letter) != cell.npos)
            return give_up(raw.line, "letters were lost: it was once read as UTF-8 and was none",
                           "save it as \"CSV UTF-8\" from where it still reads right");
    }
    if (has_header_)
        take_row(std::move(raw));
    else
        take_header(raw);
}

void csv_reader::take_header(csv_row const& raw) {
    has_header_ = true;
    std::vector<std::string> names;
    for (auto const& each : columns_)
        names.push_back(each.name);
    std::vector<bool> seen(names.size());
    for (auto const& cell : raw.cells) {
        auto const at = static_cast<std::size_t>(std::ranges::find(names, cell) - names.begin());
        place_of_.push_back(at < names.size() ? at : none);
        if (at < names.size()) {
            if (seen[at]) note({raw.line, cell, "this column is there twice", "remove one"});
            seen[at] = true;
            continue;
        }
        auto const near = runtime::nearest_word(cell, names);
        bool const other_separator =
            raw.cells.size() == 1 && cell.find_first_of(";\t") != cell.npos;
        note({raw.line, cell, "unknown column",
              other_separator ? "separate the columns by commas"
              : near          ? fmt::format("did you mean {}?", *near)
                              : fmt::format("remove it; there are {}", fmt::join(names, ", "))});
        if (ended_) return;
    }
    for (std::size_t at = 0; at < names.size(); ++at) {
        if (seen[at]) continue;
        if (!columns_[at].required) {
            absent_.push_back(names[at]);
            continue;
        }
        note({raw.line, names[at], "this column is missing",
              "add it; its cells may be empty where nothing is known"});
    }
    if (!problems_.empty()) ended_ = true;
}

void csv_reader::take_row(csv_row raw) {
    if (raw.cells.size() != place_of_.size()) {
        return note({raw.line, "",
                     fmt::format("{} cells, but the header has {} columns", raw.cells.size(),
                                 place_of_.size()),
                     "put cells with a comma in them in quotes (\"a, b\")"});
    }
    csv_row row{raw.line, std::vector<std::string>(columns_.size())};
    for (std::size_t at = 0; at < raw.cells.size(); ++at) {
        if (raw.cells[at].size() > longest_cell) {
            return note({raw.line, columns_[place_of_[at]].name,
                         fmt::format("{} bytes long", raw.cells[at].size()),
                         fmt::format("shorten it to {} bytes", longest_cell)});
        }
        row.cells[place_of_[at]] = std::move(raw.cells[at]);
    }
    ready_.push_back(std::move(row));
}

void csv_reader::note(csv_problem what) {
    auto const line = what.line;
    problems_.push_back(std::move(what));
    if (++noted_ == most_problems)
        give_up(line, fmt::format("{} mistakes up to here; the rest was not read", most_problems),
                "mend these first");
}

void csv_reader::give_up(std::size_t line, std::string what, std::string remedy) {
    problems_.push_back({line, "", std::move(what), std::move(remedy)});
    ended_ = true;
}

void csv_reader::give_up_on_quotes() {
    give_up(line_, "a quote (\") in the middle of a cell",
            "put the whole cell in quotes and double those inside (\"a \"\"b\"\" c\")");
}

std::string csv_line(std::vector<std::string> const& cells) {
    std::string line;
    for (auto const& cell : cells) {
        if (&cell != &cells.front()) line += ',';
        bool const plain = cell.find_first_of(",\"\r\n\t") == std::string::npos &&
                           !cell.starts_with(' ') && !cell.ends_with(' ');
        if (plain) {
            line += cell;
            continue;
        }
        line += '"';
        for (char const c : cell)
            line.append(c == '"' ? 2 : 1, c);
        line += '"';
    }
    return line + "\r\n";
}

} // namespace linli::files
