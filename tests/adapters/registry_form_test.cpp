// The one table of the registry's sheets, from which pages make their forms, and the checks of its
// cells: each says what the other does. And what goes out to a spreadsheet comes in again.
#include "adapters/files/registry_sheets.hpp"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/registry_files.hpp"
#include "adapters/files/spreadsheet_cell.hpp"

namespace linli::files {
namespace {

using app::cell_kind;
using domain::sheet;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using cells = std::map<std::string, std::string>;

app::known_registry what_there_is() {
    app::known_registry known;
    known.areas[{"620100"}] = {{}, {"city"}};
    known.sites[{"city"}] = domain::site_level::city;
    known.homes.insert({"H1"});
    known.residents.insert({"R1"});
    known.providers.insert({"c1"});
    known.workers.insert({"e1"});
    return known;
}

// What must be there, and what a word in another column asks for.
cells least(sheet of) {
    static std::map<sheet, cells> const all{
        {sheet::areas, {{"code", "620102"}, {"name", "城关区"}, {"parent", "620100"}}},
        {sheet::sites, {{"id", "s1"}, {"name", "站"}, {"level", "station"}, {"area", "620100"}}},
        {sheet::homes, {{"id", "H2"}, {"area", "620100"}, {"door", "501"}}},
        {sheet::residents, {{"id", "R2"}, {"home", "H1"}, {"name", "王"}, {"status", "present"}}},
        {sheet::contacts,
         {{"resident", "R1"},
          {"place", "1"},
          {"name", "王"},
          {"relation", "女儿"},
          {"phone", "00087654321"},
          {"email", "a@example.org"}}},
        {sheet::devices, {{"id", "b1"}, {"kind", "watch"}}},
        {sheet::providers, {{"id", "c2"}, {"name", "甘棠"}}},
        {sheet::workers, {{"id", "e2"}, {"provider", "c1"}, {"name", "张"}, {"homes", "H1"}}},
        {sheet::limits, {{"resident", "R1"}, {"what", "heart_rate"}}},
        {sheet::silences, {{"home", "H1"}, {"longest_min", "60"}}},
        {sheet::zones,
         {{"resident", "R1"},
          {"name", "yard"},
          {"kind", "home"},
          {"shape", "POLYGON((103.8 36,103.9 36,103.9 36.1,103.8 36))"}}},
    };
    return all.at(of);
}

std::vector<std::string> problems_of(sheet of, cells const& given) {
    app::cells_of_row row;
    for (auto const& each : sheet_of(of).columns)
        row.push_back(given.contains(each.name) ? given.at(each.name) : "");
    std::vector<std::string> fields;
    for (auto const& each : read_sheet(of, {row}, what_there_is()).problems.first)
        fields.push_back(each.field + " " + each.what);
    return fields;
}

std::vector<std::string> problems_with(sheet of, std::string const& column,
                                       std::string const& value) {
    auto given = least(of);
    given[column] = value;
    return problems_of(of, given);
}

// Nothing: whatever stands there will do.
std::string garbage_for(cell_kind kind) {
    switch (kind) {
    case cell_kind::text:
        return {};
    case cell_kind::phone:
        return "call me";
    case cell_kind::email:
        return "a@b@c";
    default:
        return "no/such (thing";
    }
}

TEST(the_form, asks_for_what_the_checks_miss_and_for_nothing_else) {
    for (auto const& format : registry_sheets()) {
        EXPECT_THAT(problems_of(format.which, least(format.which)), IsEmpty()) << format.file;
        for (auto const& each : format.columns) {
            auto given = least(format.which);
            given.erase(each.name);
            bool const others_ask_for_it =
                each.name == "homes" || each.name == "parent" || each.name == "email";
            auto const found = problems_of(format.which, given);
            EXPECT_TRUE(others_ask_for_it || found.empty() == !each.is_required)
                << format.file << ' ' << each.name;
        }
    }
}

TEST(the_form, knows_of_each_cell_what_may_stand_there) {
    for (auto const& format : registry_sheets())
        for (auto const& each : format.columns) {
            auto const garbage = garbage_for(each.kind);
            if (garbage.empty()) continue;
            EXPECT_THAT(problems_with(format.which, each.name, garbage), Not(IsEmpty()))
                << format.file << ' ' << each.name;
        }
}

TEST(the_form, lists_the_words_that_are_taken_and_no_others) {
    int tried = 0;
    for (auto const& format : registry_sheets())
        for (auto const& each : format.columns)
            for (auto const& word : each.words) {
                EXPECT_THAT(problems_with(format.which, each.name, word), IsEmpty())
                    << format.file << ' ' << each.name << ' ' << word;
                EXPECT_THAT(problems_with(format.which, each.name, word + "x"), Not(IsEmpty()))
                    << format.file << ' ' << each.name << ' ' << word;
                ++tried;
            }
    EXPECT_GT(tried, 40);
}

TEST(the_form, points_where_the_checks_look) {
    for (auto const& format : registry_sheets())
        for (auto const& each : format.columns) {
            bool const is_looked_up = each.refers_to.has_value();
            if (!is_looked_up) continue;
            EXPECT_THAT(problems_with(format.which, each.name, "nobody77"),
                        testing::Contains(each.name + " unknown"))
                << format.file << ' ' << each.name;
        }
}

TEST(the_form, lets_nobody_put_a_mask_in_the_place_of_what_it_hides) {
    for (auto const& format : registry_sheets())
        for (auto const& each : format.columns) {
            if (!each.is_personal()) continue;
            for (auto const* text : {"王秀英", "00012345678", "ab", "x@example.org"})
                EXPECT_THAT(problems_with(format.which, each.name, each.masked(text)),
                            testing::Contains(each.name + " masked"))
                    << format.file << ' ' << each.name << ' ' << each.masked(text);
        }
}

TEST(the_form, takes_a_visit_code_of_4_to_6_digits) {
    for (auto const* code : {"", "4711", "471123"})
        EXPECT_THAT(problems_with(sheet::residents, "visit_code", code), IsEmpty()) << code;
    for (auto const* code : {"471", "4711234", "47a1", "4 71"})
        EXPECT_THAT(problems_with(sheet::residents, "visit_code", code),
                    testing::ElementsAre("visit_code not a visit code"))
            << code;
}

TEST(an_erased_home, comes_back_only_with_somebody_who_lives_there) {
    auto known = what_there_is();
    known.erased.insert({"R9"});
    known.erased_homes.insert({"H9"});
    app::registry_file const homes{"homes.csv", "id,area,rough_place,door,latitude,longitude,"
                                                "access_notes,flags\nH9,620100,,501,,,,\n"};
    auto const with = [&](std::string const& resident) {
        app::registry_file const residents{
            "residents.csv", "id,home,name,phone,id_number,status,high_risk,notes\n" + resident};
        std::vector<std::string> said;
        for (auto const& each : read_registry({homes, residents}, known).problems.first)
            said.push_back(to_text(each));
        return said;
    };
    auto const refused = testing::Contains(
        testing::AllOf(HasSubstr("homes.csv:2: id"), HasSubstr("was erased on request")));
    EXPECT_THAT(with(""), refused);
    EXPECT_THAT(with("R2,H1,王,,,present,no,\n"), refused) << "somebody elsewhere";
    EXPECT_THAT(with("R9,H9,王,,,present,no,\n"), refused) << "he was erased, too";
    EXPECT_THAT(with("R2,H9,王,,,moved,no,\n"), refused) << "he has gone from there";
    EXPECT_THAT(with("R2,H9,王,,,present,no,\n"), IsEmpty());
}

TEST(a_spreadsheet, runs_no_cell_and_changes_none) {
    for (std::string const text :
         {"",   "a",  "=1+1", "+86 138", "-1", "@x",  "\tx", "\rx", "\nx", "'",
          "''", "'=", "''=x", "'+",      "'a", "a=b", " =x", "=",   "==",  "王"}) {
        auto const out = guarded_cell(text);
        EXPECT_EQ(unguarded_cell(out), text);
        EXPECT_TRUE(out.empty() || std::string("=+-@\t\r\n").find(out[0]) == std::string::npos)
            << text;
    }
}

TEST(a_file, comes_in_as_it_went_out) {
    std::vector<app::cells_of_row> const rows{
        {"H1", "620100", "=a,b\"c\"", "'+1\n2", "36.1", "103.8", "\t狗 ", "dog", "", "", "", ""}};
    auto const file = write_sheet(sheet::homes, rows);
    auto const read = read_registry({file}, what_there_is());
    EXPECT_EQ(read.problems.count, 0U);
    ASSERT_EQ(read.rows.homes.size(), 1U);
    EXPECT_EQ(read.rows.homes[0].rough_place, rows[0][2]);
    EXPECT_EQ(read.rows.homes[0].door, rows[0][3]);
    EXPECT_EQ(read.rows.homes[0].access_notes, rows[0][6]);
}

} // namespace
} // namespace linli::files
