#include "simulate/city_access.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <unordered_map>

#include "adapters/files/csv.hpp"

namespace linli::simulate {

namespace {

constexpr std::string_view provider_prefix = "p-";

std::vector<files::csv_row> read_rows(std::filesystem::path const& file,
                                      std::vector<files::csv_column> columns) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("can't read " + file.string());
    files::csv_reader reader(in, std::move(columns));
    std::vector<files::csv_row> rows;
    while (auto row = reader.next())
        rows.push_back(std::move(*row));
    for (auto const& wrong : reader.take_problems())
        throw std::runtime_error(file.string() + ", line " + std::to_string(wrong.line) + ", " +
                                 wrong.field + ": " + wrong.what + ": " + wrong.remedy);
    return rows;
}

} // namespace

mqtt::connection_settings settings_of(city_access const& access, std::string const& user) {
    auto const file = access.secrets / user;
    std::ifstream in(file);
    std::string password;
    if (!std::getline(in, password))
        throw std::runtime_error("can't read a password from " + file.string() +
                                 ": \"linli devices credentials\" writes it");
    return {access.url, user, password, access.ca_file, user};
}

std::vector<domain::provider_id> providers_in(city_access const& access) {
    std::vector<domain::provider_id> found;
    for (auto const& each : std::filesystem::directory_iterator(access.secrets)) {
        auto const name = each.path().filename().string();
        if (name.starts_with(provider_prefix))
            found.push_back({name.substr(provider_prefix.size())});
    }
    std::ranges::sort(found);
    return found;
}

std::vector<button> read_buttons(std::filesystem::path const& city_folder) {
    std::unordered_map<std::string, std::string> home_of;
    constexpr bool if_there = false;
    auto const residents = read_rows(city_folder / "residents.csv", {{"id"},
                                                                     {"home"},
                                                                     {"name", if_there},
                                                                     {"phone", if_there},
                                                                     {"id_number", if_there},
                                                                     {"status", if_there},
                                                                     {"high_risk", if_there},
                                                                     {"notes", if_there},
                                                                     {"visit_code", if_there}});
    for (auto const& row : residents)
        home_of.emplace(row.cells[0], row.cells[1]);
    std::vector<button> buttons;
    auto const rows = read_rows(city_folder / "devices.csv",
                                {{"id"}, {"kind"}, {"resident", if_there}, {"home", if_there}});
    for (auto const& row : rows) {
        auto const worn_by = home_of.find(row.cells[2]);
        auto const& home = worn_by == home_of.end() ? row.cells[3] : worn_by->second;
        buttons.push_back({{row.cells[0]}, row.cells[1], home});
    }
    return buttons;
}

} // namespace linli::simulate
