// deploy/personal-data.md says of each column of the database what it is and how long it stays: an
// installation's officer relies on it, so none may be missing.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fresh_database.hpp"
#include "domain/keeping.hpp"
#include "runtime/config.hpp"
#include "support/places.hpp"

namespace linli::tests {

namespace {

using columns_of = std::map<std::string, std::set<std::string>>;

std::string document() {
    auto const file = shipped_config("../deploy/personal-data.md");
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Between the first two backticks of a cell.
std::string named_in(std::string const& cell) {
    auto const from = cell.find('`');
    auto const until = cell.find('`', from + 1);
    if (from == std::string::npos || until == std::string::npos) return {};
    return cell.substr(from + 1, until - from - 1);
}

// A row is: | `table` | `column column` | what | how it lies there | how long |
columns_of documented() {
    columns_of all;
    std::istringstream lines(document());
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> cells;
        std::istringstream in(line);
        for (std::string cell; std::getline(in, cell, '|');)
            cells.push_back(cell);
        if (cells.size() < 6 || named_in(cells[1]).empty()) continue;
        std::istringstream names(named_in(cells[2]));
        for (std::string name; names >> name;)
            EXPECT_TRUE(all[named_in(cells[1])].insert(name).second)
                << named_in(cells[1]) << '.' << name << " twice";
    }
    return all;
}

columns_of in_the_schema(fresh_database const& of) {
    columns_of all;
    for (auto const& r :
         of.sql("select c.table_name, c.column_name from information_schema.columns c "
                "join information_schema.tables t using (table_schema, table_name) "
                "where table_schema = 'public' and t.table_type = 'BASE TABLE' "
                "and c.table_name !~ '^telemetry_[0-9]{8}$'"))
        all[r[0].c_str()].insert(r[1].c_str());
    return all;
}

} // namespace

TEST(the_table_of_personal_data, names_each_column_of_the_database_and_no_other) {
    if (!has_test_server()) GTEST_SKIP();
    fresh_database const of;
    auto const said = documented();
    auto const there = in_the_schema(of);
    for (auto const& [table, columns] : there)
        for (auto const& each : columns)
            EXPECT_TRUE(said.contains(table) && said.at(table).contains(each))
                << table << '.' << each << " is in no row of deploy/personal-data.md";
    for (auto const& [table, columns] : said)
        for (auto const& each : columns)
            EXPECT_TRUE(there.contains(table) && there.at(table).contains(each))
                << table << '.' << each << " is not in the database any more";
}

TEST(the_table_of_personal_data, names_each_time_that_is_configured) {
    auto const text = document();
    for (auto const& [what, name] : domain::names<domain::kept>::table)
        EXPECT_THAT(text, testing::HasSubstr("`keeping." + std::string(name) + "_days`"));
    for (auto const& key : runtime::config_keys()) {
        bool const is_a_time = key.ends_with("keep_days") || key.starts_with("keeping.");
        EXPECT_TRUE(!is_a_time || text.find('`' + key + '`') != std::string::npos) << key;
    }
}

} // namespace linli::tests
