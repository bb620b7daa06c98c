#pragma once

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linli::files {

struct csv_column {
    std::string name;
    bool required = true; // in the header; its cells may be empty
};

struct csv_row {
    std::size_t line = 0;           // where it begins in the file
    std::vector<std::string> cells; // in the order of the columns asked for; absent ones are empty
};

struct csv_problem {
    std::size_t line = 0;
    std::string field; // empty: the whole row or file
    std::string what;
    std::string remedy;
};

// Reads RFC 4180 row by row in bounded memory: UTF-8 with or without BOM, LF or CRLF, quoted cells
// with line breaks, columns in any order, blank lines skipped, blanks around unquoted cells too.
// A bad row is noted and skipped; bad quotes, a bad header or another encoding end the reading,
// because nothing after them can be trusted, and so does a thousandth mistake: what is wrong in
// every row needs no list as long as the file.
class csv_reader {
public:
    // The stream must outlive the reader.
    csv_reader(std::istream& in, std::vector<csv_column> columns);
    csv_reader(csv_reader const&) = delete;
    csv_reader& operator=(csv_reader const&) = delete;
    ~csv_reader();

    // Nothing at the end.
    std::optional<csv_row> next();

    // Of the columns that may be missing those that the header hasn't. Known after the first row.
    std::vector<std::string> const& absent() const { return absent_; }

    // Those since the last call.
    std::vector<csv_problem> take_problems();

private:
    struct parser;

    void feed_chunk();
    void feed_line(std::string_view piece);
    void end_of_input();
    void take_raw_row(csv_row raw);
    void take_header(csv_row const& raw);
    void take_row(csv_row raw);
    void note(csv_problem what);
    void give_up(std::size_t line, std::string what, std::string remedy);
    void give_up_on_quotes();

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    std::istream& in_;
    std::vector<csv_column> columns_;
    std::unique_ptr<parser> parser_;
    std::deque<csv_row> ready_;
    std::vector<csv_problem> problems_;
    std::vector<std::string> absent_;
    std::size_t noted_ = 0;             // in all
    std::vector<std::size_t> place_of_; // cell number in the file -> place in columns_, or none
    std::size_t line_ = 1;
    bool has_header_ = false;
    bool started_ = false;
    bool ended_ = false;
};

// One line of a file that csv_reader reads, with its line end.
std::string csv_line(std::vector<std::string> const& cells);

} // namespace linli::files
