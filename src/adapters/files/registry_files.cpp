#include "adapters/files/registry_files.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <istream>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>
#include <unordered_set>
#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>

#include "adapters/files/csv.hpp"
#include "adapters/files/identity_number.hpp"
#include "adapters/files/registry_cells.hpp"
#include "adapters/files/registry_sheets.hpp"
#include "adapters/files/spreadsheet_cell.hpp"
#include "adapters/files/zone_file.hpp"
#include "runtime/one_line.hpp"

namespace linli::files {

namespace {

using app::registry_problem;
using app::registry_reading;
using domain::sheet;

constexpr std::size_t longest_cell = 4 * 1024;
constexpr std::size_t longest_shape = 64 * 1024;
constexpr std::size_t most_areas_above = 20; // a city has five: without it a long chain takes hours

std::vector<csv_column> csv_columns(app::registry_sheet const& format) {
    std::vector<csv_column> columns;
    for (auto const& each : format.columns)
        columns.push_back({each.name, !each.may_be_missing});
    return columns;
}

// A file by its name; null: there is none.
using opened = std::unique_ptr<std::istream>;
using file_source = std::function<opened(std::string const& name)>;

// Reads the files in the order in which they refer to each other, so that most references are
// checked as they are met; those that point forward wait in `later_`.
class sheets_reading {
public:
    sheets_reading(file_source open, app::known_registry known)
        : open_(std::move(open)), known_(std::move(known)), is_first_(known_.areas.empty()) {}

    registry_reading read(std::string const& where) && {
        read_all();
        if (into_.files.empty())
            into_.problems.add({where, 0, "", "", "no registry files here",
                                "put areas.csv, sites.csv, homes.csv … there"});
        return std::move(into_);
    }

    // Of one sheet, its rows alone.
    registry_reading read(domain::sheet which, std::vector<app::cells_of_row> const& rows) && {
        given_ = &rows;
        given_of_ = which;
        read_all();
        return std::move(into_);
    }

private:
    // A row to be looked at again when all areas and sites are known, or all residents.
    struct kept_row {
        csv_row cells;
        std::function<void(registry_cells&)> check;
        app::registry_sheet const* format;
    };

    void read_all() {
        read_areas();
        read_sites();
        check_forward_references();
        read_homes();
        read_residents();
        check_forward_references(); // of homes
        read_contacts();
        read_providers();
        read_workers();
        read_devices(); // may be a worker's
        read_limits();
        read_silences();
        read_zones();
    }

    template <class Take>
    void each_row(domain::sheet which, Take take) {
        auto const& format = sheet_of(which);
        if (given_) return each_given_row(format, take);
        auto const in = find(format.file);
        if (!in) return;
        csv_reader reader(*in, csv_columns(format));
        auto row = reader.next();
        note_absent(format, reader.absent());
        for (; row; row = reader.next()) {
            for (auto& cell : row->cells)
                cell = unguarded_cell(cell);
            take_row(format, *row, take);
        }
        for (auto& each : reader.take_problems())
            into_.problems.add({format.file, each.line, std::move(each.field), "",
                                std::move(each.what), std::move(each.remedy)});
    }

    void note_absent(app::registry_sheet const& format, std::vector<std::string> const& columns) {
        if (columns.empty()) return;
        into_.absent[format.which] = columns;
        if (is_first_) return; // nothing stands there
        into_.warnings.add({format.file, 0, fmt::format("{}", fmt::join(columns, ", ")), "",
                            "not in this file", "what stands there stays; an empty cell empties"});
    }

    bool is_absent(domain::sheet which, std::string_view column) const {
        auto const at = into_.absent.find(which);
        return at != into_.absent.end() &&
               std::ranges::find(at->second, column) != at->second.end();
    }

    template <class Take>
    void each_given_row(app::registry_sheet const& format, Take& take) {
        if (format.which != given_of_) return;
        csv_row row;
        for (auto const& each : *given_) {
            row.line += 1;
            row.cells = each;
            take_row(format, row, take);
        }
    }

    template <class Take>
    void take_row(app::registry_sheet const& format, csv_row const& row, Take& take) {
        registry_cells cells(format, row, into_);
        cells.refuse_masked();
        for (auto const& each : format.columns) {
            auto const most = each.kind == app::cell_kind::shape ? longest_shape : longest_cell;
            if (cells.cell(each.name).size() > most)
                return cells.problem(each.name, "too long", fmt::format("at most {} bytes", most));
        }
        take(cells, row);
    }

    // Noted as read; null: not there, or can't be read.
    opened find(std::string const& file) {
        auto in = open_(file);
        if (in && !*in) {
            into_.problems.add({file, 0, "", "", "can't be read", "let this user read it"});
            return nullptr;
        }
        if (in) into_.files.push_back(file);
        return in;
    }

    void check_later(domain::sheet which, csv_row const& row,
                     std::function<void(registry_cells&)> check) {
        later_.push_back({row, std::move(check), &sheet_of(which)});
    }

    void check_forward_references() {
        for (auto const& each : later_) {
            registry_cells cells(*each.format, each.cells, into_);
            each.check(cells);
        }
        later_.clear();
    }

    // Notes a second row with the same id.
    template <class Id>
    static void once(registry_cells& cells, std::string_view column, std::unordered_set<Id>& seen,
                     Id const& id) {
        if (!id.empty() && !seen.insert(id).second)
            cells.problem(column, "twice in this file", "keep one of the rows");
    }

    template <class Id, class Known>
    static void must_be_known(registry_cells& cells, std::string_view column, Id const& id,
                              Known const& known, std::string_view file) {
        if (!id.empty() && !known.contains(id))
            cells.problem(column, "unknown",
                          fmt::format("add a row to {}, or correct the value", file));
    }

    // Our ids stand in logs, topics and on printed lists.
    static void must_not_be_identity_number(registry_cells& cells, std::string_view column,
                                            std::string const& id) {
        if (looks_like_identity_number(id))
            cells.problem(column, "looks like an identity number", "use a number of your own");
    }

    void read_areas();
    void read_sites();
    void read_homes();
    void read_residents();
    void read_contacts();
    void read_devices();
    void read_providers();
    void read_workers();
    void read_responder(registry_cells& cells, app::worker_row& worker) const;
    void read_limits();
    void read_silences();
    void read_zones();
    void read_zone_file();
    void take_zone(registry_cells& cells);
    void check_area(registry_cells& cells, domain::area_id const& code) const;
    void check_erased(registry_cells& cells, domain::home_id const& id) const;
    void check_site(registry_cells& cells, domain::site_id const& id,
                    domain::site_id const& parent) const;

    file_source open_;
    std::vector<app::cells_of_row> const* given_ = nullptr; // in place of the files
    domain::sheet given_of_{};
    app::known_registry known_; // grows by what the files bring
    bool const is_first_;       // nothing is known before
    registry_reading into_;
    std::vector<kept_row> later_;
};

void sheets_reading::read_areas() {
    std::unordered_set<domain::area_id> seen;
    each_row(sheet::areas, [&](registry_cells& cells, csv_row const& row) {
        app::area_row area;
        area.code = {cells.area_code("code")};
        area.parent = {cells.area_code_or_empty("parent")};
        area.name = cells.text("name");
        area.served_by = {cells.id_or_empty("served_by")};
        once(cells, "code", seen, area.code);
        known_.areas[area.code] = {area.parent, area.served_by};
        check_later(sheet::areas, row,
                    [this, code = area.code](registry_cells& c) { check_area(c, code); });
        into_.rows.areas.push_back(std::move(area));
    });
}

void sheets_reading::check_area(registry_cells& cells, domain::area_id const& code) const {
    auto const& area = known_.areas.at(code);
    must_be_known(cells, "parent", area.parent, known_.areas, "areas.csv");
    must_be_known(cells, "served_by", area.served_by, known_.sites, "sites.csv");
    bool is_served = false;
    std::size_t steps = 0;
    for (auto at = known_.areas.find(code); at != known_.areas.end();
         at = known_.areas.find(at->second.parent)) {
        is_served = is_served || !at->second.served_by.empty();
        if (++steps <= most_areas_above + 1) continue; // itself too
        cells.problem("parent", "the areas above it run in a circle, or are more than 20",
                      "correct one parent");
        return;
    }
    if (!is_served)
        cells.problem("served_by", "no site serves this area or one above it",
                      "name a site here or at an area above: otherwise nobody answers its alerts");
}

void sheets_reading::read_sites() {
    std::unordered_set<domain::site_id> seen;
    each_row(sheet::sites, [&](registry_cells& cells, csv_row const& row) {
        app::site_row site;
        site.id = {cells.id("id")};
        site.name = cells.text("name");
        site.level = cells.word<domain::site_level>("level");
        site.parent = {cells.id_or_empty("parent")};
        site.area = {cells.area_code("area")};
        site.place = cells.place();
        site.opens = cells.minute("opens", 0);
        site.closes = cells.minute("closes", 1440);
        site.duty_phone = cells.phone_or_empty("duty_phone");
        site.shift_leader = cells.phone_or_empty("shift_leader");
        once(cells, "id", seen, site.id);
        must_be_known(cells, "area", site.area, known_.areas, "areas.csv");
        known_.sites[site.id] = site.level;
        check_later(sheet::sites, row,
                    [this, id = site.id, parent = site.parent](registry_cells& c) {
                        check_site(c, id, parent);
                    });
        into_.rows.sites.push_back(std::move(site));
    });
}

void sheets_reading::check_site(registry_cells& cells, domain::site_id const& id,
                                domain::site_id const& parent) const {
    must_be_known(cells, "parent", parent, known_.sites, "sites.csv");
    auto const above = known_.sites.find(parent);
    // Also keeps the tree free of circles.
    if (above != known_.sites.end() && above->second <= known_.sites.at(id))
        cells.problem("parent", "not a higher level",
                      "a station's parent is a centre or the city, a centre's is the city");
}

void sheets_reading::read_homes() {
    std::unordered_set<domain::home_id> seen;
    each_row(sheet::homes, [&](registry_cells& cells, csv_row const& row) {
        app::home_row home;
        home.id = {cells.id("id")};
        home.area = {cells.area_code("area")};
        home.rough_place = cells.cell("rough_place");
        home.door = cells.text("door");
        home.place = cells.place();
        home.access_notes = cells.cell("access_notes");
        home.flags = cells.known_words("flags");
        home.address_verified = cells.date_or_empty("address_verified");
        home.address_verified_by = cells.id_or_empty("address_verified_by");
        home.key_holder = cells.id_or_empty("key_holder");
        home.key_tested = cells.date_or_empty("key_tested");
        once(cells, "id", seen, home.id);
        must_not_be_identity_number(cells, "id", home.id.value);
        must_be_known(cells, "area", home.area, known_.areas, "areas.csv");
        known_.homes.insert(home.id);
        if (known_.erased_homes.contains(home.id))
            check_later(sheet::homes, row,
                        [this, id = home.id](registry_cells& c) { check_erased(c, id); });
        into_.rows.homes.push_back(std::move(home));
    });
}

// After the residents: by one who moves in, a home comes back.
void sheets_reading::check_erased(registry_cells& cells, domain::home_id const& id) const {
    if (known_.erased_homes.contains(id))
        cells.problem("id", "was erased on request",
                      "take the row out; it comes back with somebody who lives there");
}

void sheets_reading::read_residents() {
    std::unordered_set<domain::resident_id> seen;
    each_row(sheet::residents, [&](registry_cells& cells, csv_row const&) {
        app::resident_row resident;
        resident.id = {cells.id("id")};
        resident.home = {cells.id("home")};
        resident.name = cells.text("name");
        resident.phone = cells.phone_or_empty("phone");
        resident.id_number = cells.id_number_or_empty("id_number");
        resident.status = cells.one_of("status");
        resident.high_risk = cells.yes("high_risk");
        resident.notes = cells.cell("notes");
        if (!cells.cell("synthetic").empty()) resident.synthetic = cells.yes("synthetic");
        resident.visit_code = cells.visit_code_or_empty("visit_code");
        if (!cells.cell("language").empty()) resident.language = cells.one_of("language");
        once(cells, "id", seen, resident.id);
        must_not_be_identity_number(cells, "id", resident.id.value);
        must_be_known(cells, "home", resident.home, known_.homes, "homes.csv");
        bool const has_gone = resident.status == "moved" || resident.status == "deceased_confirmed";
        if (known_.erased.contains(resident.id))
            cells.problem("id", "was erased on request",
                          "take the row out; if he comes again, give him a new id");
        else if (!has_gone)
            known_.erased_homes.erase(resident.home);
        known_.residents.insert(resident.id);
        into_.rows.residents.push_back(std::move(resident));
    });
}

// How and when a contact wants to be told.
void read_telling(registry_cells& cells, app::contact_row& into) {
    into.email = cells.email_or_empty("email");
    for (auto const& word : cells.words("channels")) {
        auto const by = domain::from_text<domain::channel>(word);
        if (!by || *by == domain::channel::webhook)
            cells.problem("channels", "unknown word", "write voice, sms, email, in their order");
        else if (*by == domain::channel::email && into.email.empty())
            cells.problem("channels", "email without an address", "fill in the column email");
        else if (std::ranges::find(into.channels, *by) != into.channels.end())
            cells.problem("channels", "a channel twice", "write voice, sms, email, in their order");
        else
            into.channels.push_back(*by);
    }
    if (cells.cell("quiet_from").empty() != cells.cell("quiet_until").empty())
        cells.problem("quiet_until", "one of the two quiet hours is missing",
                      "give quiet_from and quiet_until, or neither");
    else if (!cells.cell("quiet_from").empty())
        into.quiet = {cells.minute("quiet_from", 0) % 1440, cells.minute("quiet_until", 0) % 1440};
    if (!cells.cell("do_not_tell").empty()) into.do_not_tell = cells.yes("do_not_tell");
    into.language = cells.id_or_empty("language");
}

void sheets_reading::read_contacts() {
    std::set<std::pair<std::string, int>> seen;
    each_row(sheet::contacts, [&](registry_cells& cells, csv_row const&) {
        app::contact_row contact;
        contact.resident = {cells.id("resident")};
        contact.place = cells.number("place", 1, 99);
        contact.name = cells.text("name");
        contact.relation = cells.text("relation");
        contact.phone = cells.phone_or_empty("phone");
        if (contact.phone.empty())
            cells.problem("phone", "missing", "give it: nobody can be told without one");
        read_telling(cells, contact);
        if (!seen.emplace(contact.resident.value, contact.place).second)
            cells.problem("place", "twice for this resident", "number the contacts 1, 2, 3 …");
        must_be_known(cells, "resident", contact.resident, known_.residents, "residents.csv");
        into_.rows.contacts.push_back(std::move(contact));
    });
}

void sheets_reading::read_devices() {
    std::unordered_set<domain::device_id> seen;
    each_row(sheet::devices, [&](registry_cells& cells, csv_row const&) {
        app::device_row device;
        device.id = {cells.id("id")};
        device.kind = cells.one_of("kind");
        device.resident = {cells.id_or_empty("resident")};
        device.home = {cells.id_or_empty("home")};
        device.worker = {cells.id_or_empty("worker")};
        device.stock_area = {cells.id_or_empty("stock_area")};
        once(cells, "id", seen, device.id);
        if (!device.resident.empty() && !device.home.empty())
            cells.problem("home", "worn and fixed at once",
                          "give the resident for a worn device, the home for a fixed one");
        if (!device.worker.empty() && !(device.resident.empty() && device.home.empty()))
            cells.problem("worker", "somebody else's, too",
                          "a worker's own button has neither resident nor home");
        must_be_known(cells, "worker", device.worker, known_.workers, "workers.csv");
        must_be_known(cells, "resident", device.resident, known_.residents, "residents.csv");
        must_be_known(cells, "home", device.home, known_.homes, "homes.csv");
        must_be_known(cells, "stock_area", device.stock_area, known_.areas, "areas.csv");
        into_.rows.devices.push_back(std::move(device));
    });
}

void sheets_reading::read_providers() {
    std::unordered_set<domain::provider_id> seen;
    each_row(sheet::providers, [&](registry_cells& cells, csv_row const&) {
        app::provider_row provider;
        provider.id = {cells.id("id")};
        provider.name = cells.text("name");
        provider.phone = cells.phone_or_empty("phone");
        if (!cells.cell("dispatch").empty()) provider.dispatch = cells.one_of("dispatch");
        once(cells, "id", seen, provider.id);
        known_.providers.insert(provider.id);
        into_.rows.providers.push_back(std::move(provider));
    });
}

// What makes somebody more, or less, than a provider's worker.
void sheets_reading::read_responder(registry_cells& cells, app::worker_row& worker) const {
    if (!cells.cell("kind").empty()) worker.kind = cells.word<domain::responder_kind>("kind");
    if (!cells.cell("people").empty()) worker.people = cells.number("people", 1, 9);
    worker.homes = cells.words("homes");
    worker.areas = cells.words("areas");
    if (!cells.cell("synthetic").empty()) worker.synthetic = cells.yes("synthetic");
    if (!cells.cell("on_duty").empty()) worker.on_duty = cells.yes("on_duty");
    for (auto const& id : worker.homes)
        must_be_known(cells, "homes", domain::home_id{id}, known_.homes, "homes.csv");
    for (auto const& code : worker.areas)
        must_be_known(cells, "areas", domain::area_id{code}, known_.areas, "areas.csv");
    auto const rules = rules_of(worker.kind);
    if (rules.where == domain::goes_to::own && worker.homes.empty() && worker.areas.empty())
        cells.problem("kind", "he would never be asked",
                      "give the homes or areas that are his, in the columns homes and areas");
    if (worker.people < rules.at_least && !is_absent(sheet::workers, "people"))
        cells.warning("people", "volunteers are asked in pairs only",
                      "enter two who go together as one row, with people 2");
}

void sheets_reading::read_workers() {
    std::unordered_set<domain::worker_id> seen;
    each_row(sheet::workers, [&](registry_cells& cells, csv_row const&) {
        app::worker_row worker;
        worker.id = {cells.id("id")};
        worker.provider = {cells.id("provider")};
        worker.name = cells.text("name");
        worker.phone = cells.phone_or_empty("phone");
        worker.site = {cells.id_or_empty("site")};
        worker.place = cells.place();
        worker.certificates = cells.words("certificates");
        worker.from_minute = cells.minute("from", 0);
        worker.until_minute = cells.minute("until", 1440);
        worker.rating = cells.rating("rating");
        read_responder(cells, worker);
        once(cells, "id", seen, worker.id);
        must_not_be_identity_number(cells, "id", worker.id.value);
        must_be_known(cells, "provider", worker.provider, known_.providers, "providers.csv");
        must_be_known(cells, "site", worker.site, known_.sites, "sites.csv");
        known_.workers.insert(worker.id);
        into_.rows.workers.push_back(std::move(worker));
    });
}

void sheets_reading::read_limits() {
    constexpr double highest = 1'000'000;
    std::set<std::pair<std::string, domain::vital_sign>> seen;
    each_row(sheet::limits, [&](registry_cells& cells, csv_row const&) {
        app::limit_row row;
        row.resident = {cells.id("resident")};
        row.limit.what = cells.word<domain::vital_sign>("what");
        row.limit.low = cells.decimal_or_empty("low", 0, highest);
        row.limit.high = cells.decimal_or_empty("high", 0, highest);
        if (!cells.cell("lasting_s").empty())
            row.limit.lasting = domain::seconds(cells.number("lasting_s", 0, 86'400));
        if (row.limit.low && row.limit.high && *row.limit.low >= *row.limit.high)
            cells.problem("low", "not below high", "correct one of them");
        if (!seen.emplace(row.resident.value, row.limit.what).second)
            cells.problem("what", "twice for this resident", "keep one of the rows");
        must_be_known(cells, "resident", row.resident, known_.residents, "residents.csv");
        into_.rows.limits.push_back(std::move(row));
    });
}

void sheets_reading::read_silences() {
    std::set<std::pair<std::string, int>> seen;
    each_row(sheet::silences, [&](registry_cells& cells, csv_row const&) {
        app::silence_row row;
        row.home = {cells.id("home")};
        row.part.from = cells.minute("from", 0);
        row.part.until = cells.minute("until", 1440);
        row.part.longest = domain::minutes(cells.number("longest_min", 1, 1440));
        if (!seen.emplace(row.home.value, row.part.from).second)
            cells.problem("from", "twice for this home", "keep one of the rows");
        must_be_known(cells, "home", row.home, known_.homes, "homes.csv");
        into_.rows.silences.push_back(std::move(row));
    });
}

void sheets_reading::read_zones() {
    if (!given_) return read_zone_file();
    std::set<std::pair<std::string, std::string>> seen;
    each_row(sheet::zones, [&](registry_cells& cells, csv_row const&) {
        take_zone(cells);
        if (!seen.emplace(cells.cell("resident"), cells.cell("name")).second)
            cells.problem("name", "twice for this resident", "rename one");
    });
}

void sheets_reading::take_zone(registry_cells& cells) {
    app::zone_row row;
    row.resident = {cells.id("resident")};
    row.zone.name = cells.cell("name");
    row.zone.kind = cells.word<domain::zone_kind>("kind");
    auto const shape = plain_shape(cells.cell("shape"));
    if (!is_zone_name(row.zone.name))
        cells.problem("name", row.zone.name.empty() ? "missing" : "no name",
                      "1 to 32 of the letters a-z and A-Z, digits, _ and -");
    if (!shape)
        cells.problem("shape", cells.cell("shape").empty() ? "missing" : "no polygon",
                      "POLYGON((longitude latitude, …)), at most 1000 points");
    else if (auto why = domain::problem_of_shape(*shape); !why.empty())
        cells.problem("shape", std::move(why), "draw it again; longitude comes first");
    must_be_known(cells, "resident", row.resident, known_.residents, "residents.csv");
    row.zone.shape = shape.value_or("");
    into_.rows.zones.push_back(std::move(row));
}

void sheets_reading::read_zone_file() {
    auto const& file = sheet_of(sheet::zones).file;
    auto const in = find(file);
    if (!in) return;
    std::string const text{std::istreambuf_iterator<char>(*in), {}};
    if (in->bad())
        return into_.problems.add({file, 0, "", "", "can't be read", "let this user read it"});
    auto read = parse_zones(text);
    for (auto& each : read.problems)
        into_.problems.add({file, 0, std::move(each.where), std::move(each.value),
                            std::move(each.what), std::move(each.remedy)});
    for (auto& each : read.zones) {
        if (!known_.residents.contains(each.resident))
            into_.problems.add({file, 0, "resident", each.resident.value, "unknown",
                                "add a row to residents.csv, or correct the value"});
        into_.rows.zones.push_back(std::move(each));
    }
}

bool is_file_of_ours(std::string const& name) {
    return std::ranges::any_of(registry_sheets(),
                               [&](app::registry_sheet const& each) { return each.file == name; });
}

app::registry_file zones_file(std::vector<app::cells_of_row> const& rows) {
    std::vector<written_zone> zones;
    for (auto const& each : rows)
        zones.push_back({each.at(0), each.at(1), each.at(2), each.at(3)});
    return {sheet_of(sheet::zones).file, zones_text(zones)};
}

} // namespace

std::string to_text(registry_problem const& problem) {
    auto text = problem.file;
    if (problem.line != 0) text += fmt::format(":{}", problem.line);
    text += ":";
    if (!problem.field.empty()) text += " " + problem.field;
    if (!problem.value.empty()) text += fmt::format(" \"{}\"", problem.value);
    if (!problem.field.empty()) text += ":";
    return runtime::one_line(fmt::format("{} {}: {}", text, problem.what, problem.remedy));
}

registry_reading read_registry(std::filesystem::path const& folder, app::known_registry known) {
    auto open = [&](std::string const& name) -> opened {
        if (!std::filesystem::exists(folder / name)) return nullptr;
        return std::make_unique<std::ifstream>(folder / name, std::ios::binary);
    };
    return sheets_reading(open, std::move(known)).read(folder.string());
}

registry_reading read_registry(std::vector<app::registry_file> const& files,
                               app::known_registry known) {
    auto open = [&](std::string const& name) -> opened {
        auto const at = std::ranges::find(files, name, &app::registry_file::name);
        return at == files.end() ? nullptr : std::make_unique<std::istringstream>(at->text);
    };
    auto read = sheets_reading(open, std::move(known)).read("files");
    std::set<std::string> seen;
    for (auto const& each : files)
        if (!is_file_of_ours(each.name) || !seen.insert(each.name).second)
            read.problems.add({each.name, 0, "", "", "no file of the registry, or twice",
                               "name them areas.csv, sites.csv, homes.csv …"});
    return read;
}

registry_reading read_sheet(domain::sheet which, std::vector<app::cells_of_row> const& rows,
                            app::known_registry known) {
    return sheets_reading({}, std::move(known)).read(which, rows);
}

app::registry_file write_sheet(domain::sheet which, std::vector<app::cells_of_row> const& rows) {
    if (which == sheet::zones) return zones_file(rows);
    auto const& format = sheet_of(which);
    app::cells_of_row line;
    for (auto const& each : format.columns)
        line.push_back(each.name);
    app::registry_file file{format.file, "\xEF\xBB\xBF" + csv_line(line)};
    for (auto const& row : rows) {
        line.clear();
        for (auto const& cell : row)
            line.push_back(guarded_cell(cell));
        file.text += csv_line(line);
    }
    return file;
}

app::registry_form registry_form() {
    return {registry_sheets(),
            [](std::vector<app::registry_file> const& files, app::known_registry known) {
                return read_registry(files, std::move(known));
            },
            read_sheet, write_sheet};
}

} // namespace linli::files
