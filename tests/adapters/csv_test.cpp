// What Excel, WPS and a clerk's hand make of a table, and how each slip is answered.
#include "adapters/files/csv.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct reading {
    std::vector<csv_row> rows;
    std::vector<csv_problem> problems;
};

reading read(std::string const& text, std::vector<csv_column> columns = {{"id"}, {"name"}}) {
    std::istringstream in(text);
    csv_reader reader(in, std::move(columns));
    reading all;
    while (auto row = reader.next())
        all.rows.push_back(std::move(*row));
    all.problems = reader.take_problems();
    return all;
}

TEST(csv, reads_rows_with_their_line_numbers) {
    auto const all = read("id,name\nH1,甲\nH2,乙\n");
    ASSERT_THAT(all.rows, SizeIs(2));
    EXPECT_EQ(all.rows[0].line, 2U);
    EXPECT_EQ(all.rows[1].line, 3U);
    EXPECT_THAT(all.rows[1].cells, ElementsAre("H2", "乙"));
    EXPECT_THAT(all.problems, IsEmpty());
}

TEST(csv, takes_a_byte_order_mark_crlf_blank_lines_and_no_last_line_end) {
    auto const all = read("\xEF\xBB\xBFid,name\r\n\r\nH1, 甲 \r\n\r\n\r\nH2,乙");
    ASSERT_THAT(all.rows, SizeIs(2));
    EXPECT_EQ(all.rows[0].line, 3U);
    EXPECT_EQ(all.rows[1].line, 6U);
    EXPECT_THAT(all.rows[0].cells, ElementsAre("H1", "甲"));
}

TEST(csv, keeps_commas_quotes_and_line_breaks_inside_quotes) {
    auto const all = read("id,name\nH1,\"a, \"\"b\"\"\nc\"\nH2,d\n");
    ASSERT_THAT(all.rows, SizeIs(2));
    EXPECT_THAT(all.rows[0].cells, ElementsAre("H1", "a, \"b\"\nc"));
    EXPECT_EQ(all.rows[0].line, 2U);
    EXPECT_EQ(all.rows[1].line, 4U); // a row is where it begins
}

TEST(csv, takes_columns_in_any_order_and_leaves_out_what_may_be) {
    auto const all = read("name,id\n甲,H1\n", {{"id"}, {"name"}, {"notes", false}});
    ASSERT_THAT(all.rows, SizeIs(1));
    EXPECT_THAT(all.rows[0].cells, ElementsAre("H1", "甲", ""));
}

TEST(csv, names_every_slip_in_the_header_and_reads_no_row) {
    auto const all = read("id,nmae,id,colour\nH1,a,b,c\n");
    EXPECT_THAT(all.rows, IsEmpty());
    ASSERT_THAT(all.problems, SizeIs(4));
    EXPECT_THAT(all.problems[0].remedy, HasSubstr("did you mean name?"));
    EXPECT_THAT(all.problems[1].what, HasSubstr("twice"));
    EXPECT_EQ(all.problems[2].field, "colour");
    EXPECT_EQ(all.problems[3].field, "name");
    EXPECT_THAT(all.problems[3].what, HasSubstr("missing"));
    EXPECT_THAT(read("id;name\nH1;a\n").problems[0].remedy, HasSubstr("commas"));
    EXPECT_THAT(read("").problems[0].what, HasSubstr("empty"));
}

TEST(csv, skips_a_row_with_too_many_or_too_few_cells_and_goes_on) {
    auto const all = read("id,name\nH1\nH2,a,b\nH3,c\n");
    ASSERT_THAT(all.problems, SizeIs(2));
    EXPECT_EQ(all.problems[0].line, 2U);
    EXPECT_EQ(all.problems[1].line, 3U);
    ASSERT_THAT(all.rows, SizeIs(1));
    EXPECT_THAT(all.rows[0].cells, ElementsAre("H3", "c"));
}

TEST(csv, refuses_gb18030_and_utf16_and_says_how_to_save_the_file) {
    auto const gb = read("id,name\nH1,ok\nH2,\xcd\xf5\xd0\xe3\xd3\xa2\n");
    ASSERT_THAT(gb.problems, SizeIs(1));
    EXPECT_EQ(gb.problems[0].line, 3U);
    EXPECT_THAT(gb.problems[0].what, HasSubstr("GB18030"));
    EXPECT_THAT(gb.problems[0].remedy, HasSubstr("CSV UTF-8"));
    auto const utf16 = read(std::string("\xff\xfei\0d\0,\0n\0\n\0", 12));
    ASSERT_THAT(utf16.problems, SizeIs(1));
    EXPECT_THAT(utf16.problems[0].remedy, HasSubstr("CSV UTF-8"));
}

TEST(csv, refuses_text_whose_letters_somebody_has_lost_already) {
    auto const all = read("id,name\nH1,王\nH2,\xEF\xBF\xBD\xEF\xBF\xBDӢ\nH3,李\n");
    ASSERT_THAT(all.problems, SizeIs(1));
    EXPECT_EQ(all.problems[0].line, 3U);
    EXPECT_THAT(all.problems[0].what, HasSubstr("lost"));
    EXPECT_THAT(all.problems[0].remedy, HasSubstr("CSV UTF-8"));
    EXPECT_THAT(all.rows, SizeIs(1));
}

TEST(csv, tells_where_a_quote_was_opened_or_stands_wrong) {
    auto const open = read("id,name\nH1,a\nH2,\"b\nH3,c\n");
    ASSERT_THAT(open.problems, SizeIs(1));
    EXPECT_EQ(open.problems[0].line, 3U);
    EXPECT_THAT(open.problems[0].what, HasSubstr("not closed"));
    auto const inside = read("id,name\nH1,5\" pipe\n");
    ASSERT_THAT(inside.problems, SizeIs(1));
    EXPECT_EQ(inside.problems[0].line, 2U);
    EXPECT_THAT(inside.problems[0].remedy, HasSubstr("double"));
}

TEST(csv, bounds_a_cell_and_a_row) {
    auto const cell = read("id,name\nH1," + std::string(5000, 'x') + "\nH2,b\n");
    ASSERT_THAT(cell.problems, SizeIs(1));
    EXPECT_EQ(cell.problems[0].field, "name");
    EXPECT_THAT(cell.rows, SizeIs(1));
    std::string endless = "id,name\nH1,a\nH2,\"";
    for (int line = 0; line < 100'000; ++line)
        endless += "H3,never closed\n";
    auto const row = read(endless);
    ASSERT_THAT(row.problems, SizeIs(1));
    EXPECT_EQ(row.problems[0].line, 3U);
    EXPECT_THAT(row.rows, SizeIs(1));
}

// Of a file whose rows are all wrong, the list of mistakes would need a hundred times its memory.
TEST(csv, stops_at_the_thousandth_mistake) {
    std::string text = "id,name\n";
    for (int n = 0; n < 100'000; ++n)
        text += "x\n";
    auto const rows = read(text);
    ASSERT_THAT(rows.problems, SizeIs(1001));
    EXPECT_EQ(rows.problems.back().line, 1001U);
    EXPECT_THAT(rows.problems.back().what, HasSubstr("the rest was not read"));
    EXPECT_THAT(read("id,name" + std::string(20'000, ',') + "\n").problems, SizeIs(1001));
}

TEST(csv, reads_a_long_file_across_chunks) {
    std::string text = "id,name\r\n";
    for (int n = 0; n < 50'000; ++n)
        text += csv_line({"H" + std::to_string(n), n % 2 == 0 ? "三号楼, \"东\"" : "x"});
    auto const all = read(text);
    EXPECT_THAT(all.problems, IsEmpty());
    ASSERT_THAT(all.rows, SizeIs(50'000));
    EXPECT_EQ(all.rows.back().line, 50'001U);
    EXPECT_THAT(all.rows[49'998].cells, ElementsAre("H49998", "三号楼, \"东\""));
}

} // namespace
} // namespace linli::files
