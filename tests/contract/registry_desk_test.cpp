// The registry as the administration sees and changes it, on PostgreSQL: within an area, by the
// checks of an import, and so that nobody overwrites what he hasn't seen.
#include "adapters/postgres/registry_desk.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/an_installation.hpp"
#include "adapters/files/registry_sheets.hpp"
#include "support/manual_clock.hpp"
#include "support/run_on.hpp"

namespace linli::postgres {
namespace {

using app::registry_desk;
using domain::sheet;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

using cells = std::map<std::string, std::string>;

constexpr auto city = "620100";
constexpr auto street = "620102001";
constexpr auto other_district = "620103";

class a_registry : public an_installation {
protected:
    a_registry() {
        migrate(url(), noon);
        a_small_street();
        write("areas.csv", "code,parent,name,served_by\n620100,,兰州市,city\n"
                           "620102,620100,城关区,\n620102001,620102,酒泉路街道,station\n"
                           "620103,620100,七里河区,\n");
        write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes,flags,"
                           "address_verified,address_verified_by,key_holder,key_tested\n"
                           "H1,620102001,和平社区3号楼,2单元501室,36.0561,103.8331,\"狗, 敲门\","
                           "dog violence,2026-02-28,e1,neighbour,2026-10-31\n"
                           "H2,620102001,和平社区4号楼,1单元102室,,,,,,,,\n"
                           "H9,620103,西站,9单元901室,,,,,,,,\n");
        write("residents.csv",
              "id,home,name,phone,id_number,status,high_risk,notes,synthetic\n"
              "R1,H1,王秀英,000 1234-5678,11010519491231002X,present,yes,心脏支架,\n"
              "R2,H1,李建国,,,present,no,,yes\nR9,H9,赵大山,,,away,no,,\n");
        write("contacts.csv",
              "resident,place,name,relation,phone,channels,email,quiet_from,quiet_until,"
              "do_not_tell,language\n"
              "R1,1,王雅婷,女儿,00087654321,sms voice,ya@example.org,22:00,07:00,,\n"
              "R1,2,赵邻居,邻居,00011112222,,,,,yes,en\n");
        write("limits.csv", "resident,what,low,high,lasting_s\nR1,heart_rate,45.5,150,60\n"
                            "R1,oxygen_saturation,88,,\n");
        write("silences.csv", "home,from,until,longest_min\nH1,07:00,24:00,240\n");
        write("zones.geojson", R"({"type":"FeatureCollection","features":[{"properties":
            {"resident":"R1","name":"yard","kind":"home"},"geometry":{"type":"Polygon",
            "coordinates":[[[103.82,36.05],[103.84,36.05],[103.84,36.07],[103.82,36.05]]]}}]})");
        load();
        desk_ = open_registry(url(), *keys_, clock_, files::registry_form());
    }
    ~a_registry() override { desk_->stop(); }

    static app::account somebody(std::string const& area, char const* name = "chen") {
        app::account a;
        a.user = {name};
        a.role = domain::role::administrator;
        a.area = {area};
        return a;
    }

    template <class T>
    T must(runtime::task<app::record_result<T>> work) {
        auto done = tests::run_on(loop_, std::move(work));
        if (!done) throw std::runtime_error("the registry is away");
        return std::move(*done);
    }
    std::optional<app::registry_record>
    find(sheet of, std::string const& key, std::string const& area = city, bool in_clear = false) {
        auto const who = somebody(area);
        return must(desk_->record(who, of, key, in_clear));
    }
    std::string cell(app::registry_record const& record, sheet of, std::string const& column,
                     std::size_t row = 0) {
        auto const& columns = files::sheet_of(of).columns;
        auto const at = std::ranges::find(columns, column, &app::registry_column::name);
        return record.rows.at(row).at(static_cast<std::size_t>(at - columns.begin()));
    }
    app::registry_page page(sheet of, std::string const& area, std::string const& words = {},
                            cells equal = {}) {
        app::registry_question asked{of, words, {}, std::move(equal)};
        auto const who = somebody(area);
        return must(desk_->page(who, asked));
    }
    std::vector<std::string> keys(sheet of, std::string const& area, std::string const& words = {},
                                  cells equal = {}) {
        std::vector<std::string> all;
        for (auto const& each : page(of, area, words, std::move(equal)).records)
            all.push_back(each.key);
        return all;
    }
    // As it would be done by a page that has just read it.
    app::registry_changed change(sheet of, std::string const& key, std::vector<cells> rows,
                                 std::string const& area = city) {
        auto const before = find(of, key, area);
        return change_from(before ? before->etag : "", of, key, std::move(rows), area);
    }
    app::registry_changed change_from(std::string const& etag, sheet of, std::string const& key,
                                      std::vector<cells> rows, std::string const& area = city) {
        app::registry_change const what{of, key, std::move(rows), etag};
        auto const who = somebody(area);
        return must(desk_->change(who, what));
    }
    std::vector<std::string> mistakes(app::registry_changed const& what) {
        std::vector<std::string> all;
        if (auto const* wrong = std::get_if<app::registry_mistakes>(&what))
            for (auto const& each : wrong->mistakes.first)
                all.push_back(files::to_text(each));
        return all;
    }
    static bool is_done(app::registry_changed const& what) {
        return std::holds_alternative<app::registry_record>(what);
    }
    std::variant<app::registry_imported, registry_desk::refusal>
    import(registry_desk::doing what, std::vector<app::registry_file> const& given) {
        return import(what, given, watch_);
    }
    std::variant<app::registry_imported, registry_desk::refusal>
    import(registry_desk::doing what, std::vector<app::registry_file> const& given,
           app::import_watch& watch) {
        return import_from(
            what, [given] { return std::optional(given); }, watch);
    }
    std::variant<app::registry_imported, registry_desk::refusal>
    import_from(registry_desk::doing what, registry_desk::file_source files,
                app::import_watch& watch) {
        auto const who = somebody(city);
        ++this_import.bytes[15];
        registry_desk::import_order order{this_import, what, std::move(files)};
        return must(desk_->import(who, std::move(order), watch));
    }
    app::import_trace trace() { return must(desk_->trace(this_import)); }
    // As another server asks while ours is at it: on a loop and connections of its own.
    app::import_trace trace_elsewhere() {
        auto const other = open_registry(url(), *keys_, clock_, files::registry_form());
        boost::asio::io_context loop;
        auto const left = tests::run_on(loop, other->trace(this_import));
        other->stop();
        return left.value();
    }
    app::registry_file file(sheet of, bool in_clear, std::string const& area = city) {
        auto const who = somebody(area);
        return must(desk_->file(who, of, in_clear));
    }
    std::vector<app::registry_file> all_files(bool in_clear) {
        std::vector<app::registry_file> all;
        for (auto const& each : files::registry_sheets())
            all.push_back(file(each.which, in_clear));
        return all;
    }
    std::string version() { return one("select version from registry_version"); }

    // Wants it until something that the test says, and hears how far it is.
    struct a_watch final : app::import_watch {
        std::vector<std::size_t> done = {};
        std::size_t total = 0;
        std::function<bool(app::import_step const&)> is_enough = {};
        bool is_given_up = false;
        bool lets_commit = true;
        std::function<void()> at_commit = {};

        void is_at(app::import_step const& step) override {
            done.push_back(step.done);
            total = step.total;
            is_given_up = is_given_up || (is_enough && is_enough(step));
        }
        bool is_wanted() override { return !is_given_up; }
        bool may_commit() override {
            if (at_commit) at_commit();
            return lets_commit;
        }
    };

    domain::uuid this_import{{1, 2, 3, 4}}; // each has its own
    a_watch watch_;
    tests::manual_clock clock_{noon};
    boost::asio::io_context loop_;
    std::unique_ptr<registry_database> desk_;
};

// ---------------------------------------------------------------- seeing

TEST_F(a_registry, shows_personal_cells_masked_until_they_are_asked_for) {
    auto const masked = find(sheet::residents, "R1").value();
    EXPECT_TRUE(masked.is_masked);
    EXPECT_EQ(cell(masked, sheet::residents, "name"), "王**");
    EXPECT_EQ(cell(masked, sheet::residents, "phone"), "000****5678");
    EXPECT_EQ(cell(masked, sheet::residents, "id_number"), "110****002X");
    EXPECT_EQ(cell(masked, sheet::residents, "notes"), "****");
    EXPECT_EQ(cell(masked, sheet::residents, "status"), "present");
    EXPECT_EQ(masked.area.value, street);
    auto const clear = find(sheet::residents, "R1", city, true).value();
    EXPECT_FALSE(clear.is_masked);
    EXPECT_EQ(cell(clear, sheet::residents, "name"), "王秀英");
    EXPECT_EQ(cell(clear, sheet::residents, "notes"), "心脏支架");
    EXPECT_EQ(clear.etag, masked.etag);
}

TEST_F(a_registry, shows_nothing_that_lies_in_another_area) {
    EXPECT_THAT(keys(sheet::residents, city), ElementsAre("R1", "R2", "R9"));
    EXPECT_THAT(keys(sheet::residents, street), ElementsAre("R1", "R2"));
    EXPECT_THAT(keys(sheet::residents, other_district), ElementsAre("R9"));
    EXPECT_THAT(keys(sheet::residents, "999999"), IsEmpty());
    EXPECT_THAT(keys(sheet::areas, street), ElementsAre(street));
    EXPECT_THAT(keys(sheet::sites, street), ElementsAre("station"));
    EXPECT_THAT(keys(sheet::contacts, other_district), IsEmpty());
    EXPECT_THAT(keys(sheet::workers, other_district), IsEmpty());
    EXPECT_THAT(keys(sheet::workers, street), ElementsAre("e1"));
    EXPECT_THAT(keys(sheet::zones, other_district), IsEmpty());
    EXPECT_THAT(keys(sheet::providers, other_district), ElementsAre("c1"));
    EXPECT_EQ(find(sheet::residents, "R9", street), std::nullopt);
    EXPECT_EQ(find(sheet::contacts, "R1", other_district), std::nullopt);
    EXPECT_EQ(find(sheet::residents, "R77", city), std::nullopt);
}

TEST_F(a_registry, shows_a_device_where_it_is_bound_and_what_lies_nowhere_to_the_whole_city_alone) {
    EXPECT_THAT(keys(sheet::devices, city), ElementsAre("b1", "b2", "w1"));
    EXPECT_THAT(keys(sheet::devices, street), ElementsAre("b1", "w1"));
    EXPECT_THAT(keys(sheet::devices, other_district), IsEmpty());
}

TEST_F(a_registry, shows_a_device_in_stock_where_it_lies_and_lets_it_be_bound_there) {
    ASSERT_TRUE(is_done(change(sheet::devices, "b2", {{{"stock_area", street}}})));
    EXPECT_THAT(keys(sheet::devices, street), ElementsAre("b1", "b2", "w1"));
    EXPECT_THAT(keys(sheet::devices, street, {}, {{"stock_area", street}}), ElementsAre("b2"));
    EXPECT_THAT(keys(sheet::devices, other_district), IsEmpty());
    EXPECT_EQ(find(sheet::devices, "b2", other_district), std::nullopt);
    ASSERT_TRUE(is_done(change(sheet::devices, "b2", {{{"home", "H2"}}}, street)));
    ASSERT_TRUE(is_done(change(sheet::devices, "b2", {{{"home", ""}}}, street)))
        << "it comes back to where it lay";
    ASSERT_TRUE(is_done(
        change(sheet::devices, "w1", {{{"resident", ""}, {"stock_area", street}}}, street)));
    EXPECT_THAT(keys(sheet::devices, street), ElementsAre("b1", "b2", "w1"));
}

TEST_F(a_registry, lets_nobody_have_the_stock_of_another_area_nor_put_any_there) {
    ASSERT_TRUE(is_done(change(sheet::devices, "b2", {{{"stock_area", other_district}}})));
    EXPECT_EQ(find(sheet::devices, "b2", street), std::nullopt);
    EXPECT_EQ(change_from("", sheet::devices, "b2", {{{"kind", "watch"}, {"home", "H1"}}}, street)
                  .index(),
              0U)
        << "as if it weren't there";
    EXPECT_THAT(mistakes(change(sheet::devices, "w1", {{{"stock_area", other_district}}}, street)),
                Contains(HasSubstr("not in your area")));
    EXPECT_THAT(mistakes(change_from("", sheet::devices, "n1", {{{"kind", "watch"}}}, street)),
                ElementsAre(HasSubstr("would leave your area")));
    EXPECT_TRUE(is_done(change_from("", sheet::devices, "n1",
                                    {{{"kind", "watch"}, {"stock_area", street}}}, street)));
    // Bound elsewhere, it is there that it is seen, wherever it once lay.
    ASSERT_TRUE(is_done(change(sheet::devices, "b2", {{{"home", "H9"}, {"stock_area", street}}})));
    EXPECT_EQ(find(sheet::devices, "b2", street), std::nullopt);
    EXPECT_TRUE(find(sheet::devices, "b2", other_district));
}

TEST_F(a_registry, finds_by_the_beginning_of_a_key_by_a_whole_number_and_by_a_place) {
    EXPECT_THAT(keys(sheet::residents, city, "R"), ElementsAre("R1", "R2", "R9"));
    EXPECT_THAT(keys(sheet::residents, city, "+86 000-12345678"), ElementsAre("R1"));
    EXPECT_THAT(keys(sheet::residents, city, "11010519491231002x"), ElementsAre("R1"));
    EXPECT_THAT(keys(sheet::residents, city, "1234"), IsEmpty());
    EXPECT_THAT(keys(sheet::residents, city, "王"), IsEmpty()) << "a name is sealed";
    EXPECT_THAT(keys(sheet::residents, other_district, "00012345678"), IsEmpty());
    EXPECT_THAT(keys(sheet::contacts, city, "00011112222"), ElementsAre("R1"));
    EXPECT_THAT(keys(sheet::homes, city, "3号楼"), ElementsAre("H1"));
    EXPECT_THAT(keys(sheet::residents, city, "%"), IsEmpty());
    EXPECT_THAT(keys(sheet::residents, city, "' or true --"), IsEmpty());
    EXPECT_THAT(keys(sheet::residents, city, "", {{"home", "H9"}}), ElementsAre("R9"));
    EXPECT_THAT(keys(sheet::residents, city, "", {{"status", "away"}}), ElementsAre("R9"));
    EXPECT_THAT(keys(sheet::contacts, city, "", {{"resident", "R1"}}), ElementsAre("R1"));
}

TEST_F(a_registry, turns_its_pages_in_a_fixed_order_and_counts_all) {
    app::registry_question asked{sheet::residents, {}, {}, {}, 2, 2};
    auto const who = somebody(city);
    auto const second = must(desk_->page(who, asked));
    EXPECT_EQ(second.total, 3U);
    ASSERT_EQ(second.records.size(), 1U);
    EXPECT_EQ(second.records[0].key, "R9");
    asked.page = 1'000'000;
    auto const beyond = must(desk_->page(who, asked));
    EXPECT_EQ(beyond.total, 3U);
    EXPECT_THAT(beyond.records, IsEmpty());
    asked.page = 1;
    asked.area = {"620103"};
    EXPECT_EQ(must(desk_->page(who, asked)).total, 1U);
}

TEST_F(a_registry, holds_all_of_an_owners_rows_together_and_counts_owners) {
    auto const found = page(sheet::contacts, city);
    EXPECT_EQ(found.total, 1U);
    ASSERT_EQ(found.records.at(0).rows.size(), 2U);
    EXPECT_EQ(cell(found.records[0], sheet::contacts, "relation", 1), "邻居");
    auto const nobody = find(sheet::contacts, "R2").value();
    EXPECT_THAT(nobody.rows, IsEmpty());
    EXPECT_EQ(nobody.etag, "");
    EXPECT_EQ(find(sheet::contacts, "R77"), std::nullopt);
}

// ---------------------------------------------------------------- changing

TEST_F(a_registry, changes_what_is_named_and_keeps_what_is_masked) {
    auto const before = version();
    auto const done = change(sheet::residents, "R1", {{{"status", "hospital"}}}, street);
    ASSERT_TRUE(is_done(done));
    EXPECT_EQ(cell(std::get<app::registry_record>(done), sheet::residents, "status"), "hospital");
    auto const now = find(sheet::residents, "R1", city, true).value();
    EXPECT_EQ(cell(now, sheet::residents, "name"), "王秀英");
    EXPECT_EQ(cell(now, sheet::residents, "phone"), "000 1234-5678");
    EXPECT_NE(version(), before) << "or the servers' pictures would not follow";
    ASSERT_EQ(now.edits.size(), 1U);
    EXPECT_EQ(now.edits[0].by.value, "chen");
    EXPECT_EQ(now.edits[0].how, "page");
    EXPECT_EQ(now.edits[0].at, noon);
    EXPECT_THAT(now.edits[0].columns, ElementsAre("status"));
}

TEST_F(a_registry, changes_nothing_by_what_is_as_it_was) {
    auto const before = version();
    for (auto const& each : files::registry_sheets())
        for (auto const& record : page(each.which, city).records) {
            std::vector<cells> rows;
            for (auto const& row : record.rows)
                rows.push_back(each.is_owned ? cells{{each.columns[1].name, row[1]}} : cells{});
            EXPECT_TRUE(is_done(change(each.which, record.key, rows))) << record.key;
        }
    EXPECT_EQ(version(), before);
    EXPECT_EQ(one("select count(*) from registry_edit where how = 'page'"), "0");
}

TEST_F(a_registry, refuses_a_change_of_what_somebody_else_has_changed_and_says_who) {
    auto const seen = find(sheet::homes, "H1")->etag;
    ASSERT_TRUE(is_done(change(sheet::homes, "H1", {{{"key_holder", "property"}}})));
    auto const late = change_from(seen, sheet::homes, "H1", {{{"key_holder", "key_box"}}});
    auto const* stale = std::get_if<app::registry_stale>(&late);
    ASSERT_TRUE(stale);
    EXPECT_EQ(stale->last.value().by.value, "chen");
    EXPECT_EQ(cell(find(sheet::homes, "H1").value(), sheet::homes, "key_holder"), "property");
}

TEST_F(a_registry, makes_a_record_and_not_a_second_one) {
    cells const home{{"area", street}, {"door", "7单元701"}, {"rough_place", "5号楼"}};
    ASSERT_TRUE(is_done(change_from("", sheet::homes, "H7", {home}, street)));
    EXPECT_EQ(cell(find(sheet::homes, "H7", city, true).value(), sheet::homes, "door"), "7单元701");
    EXPECT_EQ(find(sheet::homes, "H7")->edits.at(0).columns.size(), 12U) << "it is new";
    auto const again = change_from("", sheet::homes, "H7", {home}, street);
    EXPECT_TRUE(std::holds_alternative<app::registry_stale>(again));
    auto const gone = change_from("0123", sheet::homes, "H8", {home}, street);
    EXPECT_TRUE(std::holds_alternative<app::registry_stale>(gone));
}

TEST_F(a_registry, checks_a_change_as_an_import_does_and_writes_nothing_of_a_bad_one) {
    auto const before = version();
    EXPECT_THAT(mistakes(change(sheet::residents, "R1",
                                {{{"status", "prezent"}, {"home", "H99"}, {"phone", "call me"}}})),
                UnorderedElementsAre(HasSubstr("did you mean present?"),
                                     HasSubstr("home \"H99\": unknown"),
                                     AllOf(HasSubstr("phone"), Not(HasSubstr("call me")))));
    EXPECT_THAT(mistakes(change(sheet::residents, "R1", {{{"nmae", "x"}}})),
                ElementsAre(HasSubstr("nmae")));
    EXPECT_THAT(mistakes(change(sheet::residents, "R1", {})),
                ElementsAre(HasSubstr("not one row")));
    EXPECT_THAT(mistakes(change(sheet::residents, "R1", {{{"id", "R5"}}})),
                ElementsAre(HasSubstr("another record's")));
    EXPECT_THAT(mistakes(change(sheet::residents, "R1", {{{"phone", "000****5678"}}})),
                Contains(HasSubstr("masked")));
    EXPECT_THAT(mistakes(change_from("", sheet::residents, "110105194912310021",
                                     {{{"home", "H1"}, {"name", "x"}, {"status", "away"}}})),
                ElementsAre(HasSubstr("looks like an identity number")));
    EXPECT_THAT(mistakes(change(sheet::homes, "H1", {{{"access_notes", std::string(5000, 'x')}}})),
                ElementsAre(HasSubstr("too long")));
    EXPECT_EQ(version(), before);
}

TEST_F(a_registry, replaces_an_owners_rows_and_keeps_what_is_not_named_in_them) {
    auto const done = change(
        sheet::contacts, "R1",
        {{{"place", "1"}, {"phone", "00055556666"}},
         {{"place", "3"}, {"name", "孙医生"}, {"relation", "医生"}, {"phone", "00077778888"}}});
    ASSERT_TRUE(is_done(done)) << testing::PrintToString(mistakes(done));
    auto const now = find(sheet::contacts, "R1", city, true).value();
    ASSERT_EQ(now.rows.size(), 2U);
    EXPECT_EQ(cell(now, sheet::contacts, "name", 0), "王雅婷");
    EXPECT_EQ(cell(now, sheet::contacts, "phone", 0), "00055556666");
    EXPECT_EQ(cell(now, sheet::contacts, "email", 0), "ya@example.org");
    EXPECT_EQ(cell(now, sheet::contacts, "name", 1), "孙医生");
    EXPECT_THAT(now.edits.at(0).columns, Contains("phone"));
    EXPECT_THAT(mistakes(change(sheet::contacts, "R1", {{{"relation", "儿子"}}})),
                Contains(HasSubstr("place")));
}

// A person takes him off the list; the city's list of the night brings him again.
TEST_F(a_registry, rings_no_suspect_whom_a_page_has_taken_off_the_list) {
    std::vector<app::registry_file> const list{
        {"contacts.csv", "resident,place,name,relation,phone\nR1,1,王雅婷,女儿,00087654321\n"
                         "R1,2,赵邻居,邻居,00011112222\n"}};
    auto const do_not_tell = "select string_agg(place || ' ' || do_not_tell, ', ' order by place)"
                             " from contact";
    for (auto const& left : {std::vector<cells>{{{"place", "1"}}}, std::vector<cells>{}}) {
        ASSERT_TRUE(is_done(change(sheet::contacts, "R1", left)));
        EXPECT_EQ(one("select count(*) from contact where do_not_tell"), "0");
        import(registry_desk::doing::import, list);
        EXPECT_EQ(one(do_not_tell), "1 false, 2 true") << left.size();
    }
    ASSERT_TRUE(is_done(change(sheet::contacts, "R1", {{{"place", "1"}}})));
    ASSERT_TRUE(is_done(change(sheet::contacts, "R1",
                               {{{"place", "1"}},
                                {{"place", "2"},
                                 {"name", "赵邻居"},
                                 {"relation", "邻居"},
                                 {"phone", "00011112222"},
                                 {"do_not_tell", "no"}}})));
    EXPECT_EQ(one(do_not_tell), "1 false, 2 false") << "somebody has said so";
}

TEST_F(a_registry, rings_no_suspect_whose_number_a_page_has_changed) {
    ASSERT_TRUE(is_done(change(sheet::contacts, "R1",
                               {{{"place", "1"}}, {{"place", "2"}, {"phone", "00033332222"}}})));
    auto const now = find(sheet::contacts, "R1").value();
    EXPECT_EQ(cell(now, sheet::contacts, "do_not_tell", 1), "yes");
    import(registry_desk::doing::import,
           {{ "contacts.csv",
              "resident,place,name,relation,phone\nR1,1,赵邻居,邻居,00011112222\n"
              "R1,2,王雅婷,女儿,00087654321\n" }});
    EXPECT_EQ(cell(find(sheet::contacts, "R1").value(), sheet::contacts, "do_not_tell", 0), "yes")
        << "the old one either";
}

TEST_F(a_registry, takes_an_owners_last_row_away) {
    for (auto const& [of, owner] : {std::pair(sheet::contacts, "R1"),
                                    {sheet::limits, "R1"},
                                    {sheet::zones, "R1"},
                                    {sheet::silences, "H1"}}) {
        ASSERT_TRUE(is_done(change(of, owner, {}, street))) << to_text(of);
        EXPECT_THAT(find(of, owner)->rows, IsEmpty()) << to_text(of);
    }
    EXPECT_EQ(one("select (select count(*) from contact) + (select count(*) from vital_limit)"
                  " + (select count(*) from zone) + (select count(*) from silence_limit)"),
              "0");
}

TEST_F(a_registry, takes_a_zone_that_was_drawn_and_no_other) {
    cells zone{{"name", "park"},
               {"kind", "regular"},
               {"shape", "POLYGON ((103.8 36.0, 103.9 36.0, 103.9 36.1, 103.8 36.0))"}};
    cells const yard{{"name", "yard"}};
    ASSERT_TRUE(is_done(change(sheet::zones, "R1", {yard, zone})));
    EXPECT_EQ(cell(find(sheet::zones, "R1").value(), sheet::zones, "shape", 0),
              "POLYGON((103.8 36,103.9 36,103.9 36.1,103.8 36))");
    for (auto const* shape :
         {"", "POINT(1 2)", "POLYGON((1 2,3 4))", "POLYGON((36 103,37 103,37 104,36 103))",
          "POLYGON((nan 1,1 1,1 2,nan 1))", "POLYGON((1 1,2 1,2 2,1 1)) x"}) {
        zone["shape"] = shape;
        EXPECT_THAT(mistakes(change(sheet::zones, "R1", {zone})), Not(IsEmpty())) << shape;
    }
}

TEST_F(a_registry, unbinds_a_device_and_keeps_its_history) {
    ASSERT_TRUE(is_done(change(sheet::devices, "w1", {{{"resident", ""}}})));
    EXPECT_EQ(one("select count(*) from device_binding where device = 'w1' and unbound_at is null"),
              "0");
    EXPECT_EQ(one("select count(*) from device_binding where device = 'w1'"), "1");
}

TEST_F(a_registry, leaves_a_rating_to_the_follow_ups) {
    auto const seen = find(sheet::workers, "e1")->etag;
    ASSERT_TRUE(is_done(change_from(seen, sheet::workers, "e1", {{{"phone", "00012121212"}}})));
    EXPECT_EQ(one("select rating from worker"), "4.5");
}

TEST_F(a_registry, rings_no_suspect_because_a_list_was_put_in_another_order) {
    ASSERT_TRUE(is_done(change(sheet::contacts, "R1",
                               {{{"place", "1"}, {"name", "赵邻居"}, {"phone", "000 11112222"}},
                                {{"place", "2"}, {"name", "王雅婷"}, {"phone", "00087654321"}}})));
    EXPECT_EQ(cell(find(sheet::contacts, "R1").value(), sheet::contacts, "do_not_tell", 0), "yes");
    ASSERT_TRUE(is_done(change(sheet::contacts, "R1",
                               {{{"place", "1"}, {"do_not_tell", "no"}}, {{"place", "2"}}})));
    EXPECT_EQ(cell(find(sheet::contacts, "R1").value(), sheet::contacts, "do_not_tell", 0), "no");
}

// ---------------------------------------------------------------- areas

TEST_F(a_registry, lets_nobody_change_or_take_what_lies_elsewhere) {
    auto const elsewhere = find(sheet::residents, "R9")->etag;
    EXPECT_EQ(
        change_from(elsewhere, sheet::residents, "R9", {{{"status", "moved"}}}, street).index(),
        0U);
    EXPECT_EQ(change_from("", sheet::residents, "R9", {{{"home", "H1"}}}, street).index(), 0U);
    EXPECT_EQ(change_from("", sheet::contacts, "R9", {{{"place", "1"}}}, street).index(), 0U);
    // Into another area, and out of his.
    EXPECT_THAT(mistakes(change(sheet::residents, "R1", {{{"home", "H9"}}}, street)),
                ElementsAre(HasSubstr("home \"H9\": unknown")));
    EXPECT_THAT(mistakes(change(sheet::homes, "H1", {{{"area", "620103"}}}, street)),
                Contains(HasSubstr("not in your area")));
    EXPECT_THAT(mistakes(change(sheet::devices, "w1", {{{"resident", ""}}}, street)),
                ElementsAre(HasSubstr("would leave your area")));
    EXPECT_THAT(mistakes(change(sheet::workers, "e1", {{{"site", ""}}}, street)),
                ElementsAre(HasSubstr("would leave your area")));
    EXPECT_THAT(mistakes(change(sheet::workers, "e1", {{{"homes", "H1 H9"}}}, street)),
                ElementsAre(HasSubstr("homes")));
    EXPECT_THAT(mistakes(change(sheet::areas, street, {{{"parent", ""}}}, street)),
                Contains(HasSubstr("not in your area")));
    EXPECT_THAT(mistakes(change(sheet::areas, street, {{{"parent", "620103"}}}, street)),
                Contains(HasSubstr("not in your area")));
    EXPECT_THAT(mistakes(change_from("", sheet::areas, "620199",
                                     {{{"name", "x"}, {"served_by", "city"}}}, street)),
                Contains(HasSubstr("not in your area")));
    EXPECT_THAT(mistakes(change(sheet::providers, "c1", {{{"name", "x"}}}, street)),
                ElementsAre(HasSubstr("whole city")));
    EXPECT_EQ(one("select count(*) from registry_edit where how = 'page'"), "0");
    // What is his he may, and what stood there already is no move.
    EXPECT_TRUE(is_done(change(sheet::areas, street, {{{"name", "酒泉"}}}, street)));
    EXPECT_TRUE(is_done(change(sheet::residents, "R1", {{{"home", "H2"}}}, street)));
}

// ---------------------------------------------------------------- a company's manager

class a_company : public a_registry {
protected:
    void SetUp() override {
        auto const done = std::get<app::registry_imported>(
            import(registry_desk::doing::import,
                   {{"providers.csv", "id,name,phone,dispatch\nc2,安康,00033334444,company\n"},
                    {"workers.csv", "id,provider,name,phone,site,latitude,longitude,certificates,"
                                    "from,until,rating,homes\n"
                                    "e2,c2,刘洋,00022223333,station,36.05,103.83,first_aid,08:00,"
                                    "20:00,,H1\n"
                                    "e3,c2,陈晨,00022224444,,,,,,,,\n"}}));
        ASSERT_TRUE(done.is_done) << (done.found.mistakes.first.empty()
                                          ? std::string()
                                          : files::to_text(done.found.mistakes.first[0]));
    }
    // The whole city is their area, and that gives them nothing.
    static app::account manager(char const* company) {
        auto who = somebody(city, "he");
        who.role = domain::role::provider_manager;
        who.provider = {company};
        return who;
    }
    std::vector<std::string> keys_for(char const* company, sheet of, std::string const& words = {},
                                      cells equal = {}) {
        app::registry_question asked{of, words, {}, std::move(equal)};
        auto const who = manager(company);
        std::vector<std::string> all;
        for (auto const& each : must(desk_->page(who, asked)).records)
            all.push_back(each.key);
        return all;
    }
    std::optional<app::registry_record> find_for(char const* company, sheet of,
                                                 std::string const& key, bool in_clear = false) {
        auto const who = manager(company);
        return must(desk_->record(who, of, key, in_clear));
    }
    app::registry_changed change_for(char const* company, sheet of, std::string const& key,
                                     cells row) {
        auto const seen = find(of, key); // as if he knew it
        app::registry_change const what{of, key, {std::move(row)}, seen ? seen->etag : ""};
        auto const who = manager(company);
        return must(desk_->change(who, what));
    }
};

TEST_F(a_company, sees_its_own_rows_wherever_its_people_serve_and_no_others) {
    EXPECT_THAT(keys_for("c2", sheet::providers), ElementsAre("c2"));
    EXPECT_THAT(keys_for("c2", sheet::workers), ElementsAre("e2", "e3"));
    EXPECT_THAT(keys_for("c1", sheet::workers), ElementsAre("e1"));
    EXPECT_THAT(keys_for("c9", sheet::workers), IsEmpty());
    EXPECT_THAT(keys_for("", sheet::workers), IsEmpty());
    EXPECT_THAT(keys_for("c2", sheet::workers, "e1"), IsEmpty());
    EXPECT_THAT(keys_for("c2", sheet::workers, "", {{"provider", "c1"}}), IsEmpty());
    EXPECT_EQ(find_for("c2", sheet::workers, "e1"), std::nullopt);
    EXPECT_EQ(find_for("c2", sheet::providers, "c1"), std::nullopt);
    EXPECT_TRUE(find_for("c2", sheet::workers, "e3"));
    for (auto const& each : files::registry_sheets()) {
        if (each.which == sheet::providers || each.which == sheet::workers) continue;
        EXPECT_THAT(keys_for("c2", each.which), IsEmpty()) << each.file;
        for (auto const* key : {"R1", "H1", "w1", city, "station"})
            EXPECT_EQ(find_for("c2", each.which, key, true), std::nullopt) << each.file << key;
    }
}

TEST_F(a_company, is_shown_no_home_whose_key_somebody_holds) {
    auto const masked = find_for("c2", sheet::workers, "e2").value();
    EXPECT_EQ(cell(masked, sheet::workers, "phone"), "000****3333");
    EXPECT_EQ(cell(masked, sheet::workers, "certificates"), "first_aid");
    EXPECT_EQ(cell(masked, sheet::workers, "homes"), "");
    auto const clear = find_for("c2", sheet::workers, "e2", true).value();
    EXPECT_EQ(cell(clear, sheet::workers, "name"), "刘洋");
    EXPECT_EQ(cell(clear, sheet::workers, "phone"), "00022223333");
    EXPECT_EQ(cell(clear, sheet::workers, "homes"), "");
    EXPECT_THAT(keys_for("c2", sheet::workers, "", {{"homes", "H1"}}), IsEmpty())
        << "an answer would tell";
    auto const who = manager("c2");
    auto const file = must(desk_->file(who, sheet::workers, true)).text;
    EXPECT_THAT(file, AllOf(HasSubstr("刘洋"), Not(HasSubstr("H1")), Not(HasSubstr("张伟"))));
}

TEST_F(a_company, changes_how_its_people_are_reached_and_when_they_work) {
    auto const before = version();
    ASSERT_TRUE(is_done(change_for(
        "c2", sheet::workers, "e2",
        {{"phone", "00055556666"}, {"from", "09:00"}, {"until", "21:00"}, {"on_duty", "no"}})));
    auto const now = find(sheet::workers, "e2", city, true).value();
    EXPECT_EQ(cell(now, sheet::workers, "phone"), "00055556666");
    EXPECT_EQ(cell(now, sheet::workers, "from"), "09:00");
    EXPECT_EQ(cell(now, sheet::workers, "on_duty"), "no");
    EXPECT_EQ(cell(now, sheet::workers, "homes"), "H1") << "what he doesn't see, he doesn't lose";
    EXPECT_EQ(cell(now, sheet::workers, "name"), "刘洋");
    EXPECT_NE(version(), before);
    EXPECT_EQ(now.edits.at(0).by.value, "he");
    ASSERT_TRUE(is_done(change_for("c2", sheet::workers, "e3", {{"on_duty", "no"}})));
    ASSERT_TRUE(is_done(change_for("c2", sheet::providers, "c2", {{"phone", "00077778888"}})));
}

TEST_F(a_company, changes_nothing_that_the_bureau_decides) {
    for (auto const& [of, key, column, value] :
         {std::tuple(sheet::workers, "e2", "certificates", "first_aid nursing"),
          {sheet::workers, "e2", "certificates", "first_aid"},
          {sheet::workers, "e2", "name", "刘明"},
          {sheet::workers, "e2", "provider", "c1"},
          {sheet::workers, "e2", "site", ""},
          {sheet::workers, "e2", "latitude", "36.06"},
          {sheet::workers, "e2", "kind", "neighbour"},
          {sheet::workers, "e2", "people", "2"},
          {sheet::workers, "e2", "rating", "5"},
          {sheet::workers, "e2", "areas", "620102"},
          {sheet::providers, "c2", "name", "安康养老"},
          {sheet::providers, "c2", "dispatch", "worker"}})
        EXPECT_THAT(mistakes(change_for("c2", of, key, {{column, value}})),
                    ElementsAre(HasSubstr("not the company's to change")))
            << column;
    for (auto const* hidden : {"homes", "synthetic", "nothing"})
        EXPECT_THAT(mistakes(change_for("c2", sheet::workers, "e2", {{hidden, "H1"}})),
                    ElementsAre(HasSubstr("unknown column")))
            << hidden;
    EXPECT_EQ(one("select count(*) from registry_edit where by_who = 'he'"), "0");
}

TEST_F(a_company, neither_touches_another_nor_makes_anybody_nor_loads_files) {
    EXPECT_EQ(change_for("c2", sheet::workers, "e1", {{"on_duty", "no"}}).index(), 0U);
    EXPECT_EQ(change_for("c2", sheet::providers, "c1", {{"phone", "00012121212"}}).index(), 0U);
    EXPECT_EQ(change_for("c2", sheet::residents, "R1", {{"status", "moved"}}).index(), 0U);
    EXPECT_EQ(change_for("c2", sheet::contacts, "R1", {{"place", "1"}}).index(), 0U);
    EXPECT_EQ(change_for("c2", sheet::workers, "e9", {{"provider", "c2"}, {"name", "x"}}).index(),
              0U);
    EXPECT_FALSE(must(desk_->has_all(manager("c2")))); // which an import is asked first
}

TEST_F(a_company, says_who_is_there_and_a_file_without_the_column_does_not_undo_it) {
    ASSERT_TRUE(is_done(change_for("c2", sheet::workers, "e3", {{"on_duty", "no"}})));
    std::string const head = "id,provider,name,phone,site,latitude,longitude,certificates,from,"
                             "until,rating";
    import(registry_desk::doing::import,
           {{ "workers.csv",
              head + "\ne3,c2,陈晨,,,,,,,,\ne5,c2,孙丽,,,,,,,,\n" }});
    EXPECT_EQ(cell(find(sheet::workers, "e3").value(), sheet::workers, "on_duty"), "no");
    EXPECT_EQ(cell(find(sheet::workers, "e5").value(), sheet::workers, "on_duty"), "yes");
    import(registry_desk::doing::import,
           {{ "workers.csv",
              head + ",on_duty\ne3,c2,陈晨,,,,,,,,,yes\n" }});
    EXPECT_EQ(cell(find(sheet::workers, "e3").value(), sheet::workers, "on_duty"), "yes");
}

// ---------------------------------------------------------------- files

TEST_F(a_registry, gives_out_what_it_takes_again) {
    auto const done =
        std::get<app::registry_imported>(import(registry_desk::doing::import, all_files(true)));
    EXPECT_EQ(done.found.mistakes.count, 0U) << testing::PrintToString(
        done.found.mistakes.first.empty() ? "" : files::to_text(done.found.mistakes.first[0]));
    ASSERT_TRUE(done.is_done);
    EXPECT_EQ(done.sheets.size(), files::registry_sheets().size());
    for (auto const& each : done.sheets) {
        EXPECT_EQ(each.added + each.changed + each.removed, 0U) << to_text(each.sheet);
        EXPECT_GT(each.same(), 0U) << to_text(each.sheet);
    }
}

TEST_F(a_registry, hides_in_a_file_what_is_personal_and_takes_no_such_file) {
    auto const masked = file(sheet::residents, false);
    EXPECT_EQ(masked.name, "residents.csv");
    EXPECT_TRUE(masked.text.starts_with("\xEF\xBB\xBFid,home,name"));
    EXPECT_THAT(masked.text, AllOf(HasSubstr("王**"), Not(HasSubstr("秀英"))));
    EXPECT_THAT(file(sheet::residents, true).text, HasSubstr("王秀英"));
    EXPECT_THAT(file(sheet::residents, true, other_district).text,
                AllOf(HasSubstr("赵大山"), Not(HasSubstr("王"))));
    auto const refused =
        std::get<app::registry_imported>(import(registry_desk::doing::import, {masked}));
    EXPECT_FALSE(refused.is_done);
    EXPECT_GE(refused.found.mistakes.count, 3U);
    EXPECT_EQ(refused.found.mistakes.first.at(0).what, "masked");
}

TEST_F(a_registry, hands_no_spreadsheet_a_formula) {
    for (std::string const evil :
         {"=cmd|'/c calc'!A0", "+86 138", "-1+2", "@sum", "'=x", "''+", "'y"}) {
        ASSERT_TRUE(is_done(change(sheet::homes, "H1", {{{"rough_place", evil}}}))) << evil;
        auto const text = file(sheet::homes, true).text;
        EXPECT_THAT(text, HasSubstr(evil == "'y" ? ",'y" : ",'" + evil)) << evil;
        auto const taken = std::get<app::registry_imported>(
            import(registry_desk::doing::import, {{"homes.csv", text}}));
        EXPECT_TRUE(taken.is_done);
        EXPECT_EQ(taken.sheets.at(0).changed, 0U) << evil;
    }
}

TEST_F(a_registry, says_before_an_import_what_it_would_do) {
    std::vector<app::registry_file> const given{
        {"homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes\n"
                      "H2,620102001,和平社区4号楼,1单元102室,,,\nH3,620103,西站,1,,,\n"
                      "H9,620103,东站,9单元901室,,,\n"},
        {"limits.csv", "resident,what,low,high,lasting_s\nR1,heart_rate,45.5,150,60\n"}};
    auto const before = version();
    auto const told = std::get<app::registry_imported>(import(registry_desk::doing::check, given));
    EXPECT_FALSE(told.is_done);
    ASSERT_EQ(told.sheets.size(), 2U);
    EXPECT_EQ(told.sheets[0].added, 1U);
    EXPECT_EQ(told.sheets[0].changed, 1U);
    EXPECT_EQ(told.sheets[0].same(), 1U);
    EXPECT_EQ(told.sheets[1].removed, 1U);
    EXPECT_EQ(version(), before);
    EXPECT_EQ(find(sheet::homes, "H3"), std::nullopt);
    auto const done = std::get<app::registry_imported>(import(registry_desk::doing::import, given));
    EXPECT_TRUE(done.is_done);
    EXPECT_EQ(done.sheets[0].added, 1U);
    EXPECT_EQ(
        one("select string_agg(by_who || ' ' || how || ' ' || sheet || ' ' || added ||"
            " changed || removed, ', ' order by id) from registry_edit where by_who = 'chen'"),
        "chen import homes 110, chen import limits 001");
}

TEST_F(a_registry, imports_all_or_nothing_and_only_for_whom_all_is) {
    std::vector<app::registry_file> const bad{
        {"homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes\n"
                      "H3,620103,西站,1,,,\nH4,620199,西站,1,,,\n"}};
    auto const refused =
        std::get<app::registry_imported>(import(registry_desk::doing::import, bad));
    EXPECT_FALSE(refused.is_done);
    EXPECT_EQ(refused.found.mistakes.count, 1U);
    EXPECT_EQ(find(sheet::homes, "H3"), std::nullopt);
    EXPECT_FALSE(trace().done);
    for (auto const* area : {street, other_district, "999999", ""})
        EXPECT_FALSE(must(desk_->has_all(somebody(area)))) << area;
    EXPECT_TRUE(must(desk_->has_all(somebody(city))));
    auto const odd = std::get<app::registry_imported>(
        import(registry_desk::doing::import, {{"../homes.csv", "x"}, {"notes.txt", ""}}));
    EXPECT_GE(odd.found.mistakes.count, 2U);
    auto const none = import_from(
        registry_desk::doing::import,
        [] { return std::optional<std::vector<app::registry_file>>(); }, watch_);
    EXPECT_EQ(std::get<registry_desk::refusal>(none), registry_desk::refusal::not_understood);
}

TEST_F(a_registry, tells_how_far_an_import_is_and_leaves_its_trace_with_the_commit) {
    bool was_running = false;
    watch_.at_commit = [&] { was_running = trace_elsewhere().is_running; };
    auto const done =
        std::get<app::registry_imported>(import(registry_desk::doing::import, all_files(true)));
    ASSERT_TRUE(done.is_done);
    EXPECT_TRUE(std::ranges::is_sorted(watch_.done));
    EXPECT_GT(watch_.total, 0U);
    EXPECT_EQ(watch_.done.back(), watch_.total);
    EXPECT_TRUE(was_running);
    EXPECT_FALSE(trace().is_running);
    auto const left = trace().done.value();
    EXPECT_EQ(left.by.value, "chen");
    EXPECT_EQ(left.area.value, city);
    EXPECT_EQ(left.at, noon);
}

TEST_F(a_registry, loads_nothing_of_an_import_that_is_given_up_however_late) {
    std::vector<app::registry_file> const given{
        {"homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes\n"
                      "H3,620103,西站,1,,,\n"}};
    auto const before = version();
    a_watch before_it_reads;
    before_it_reads.is_enough = [](app::import_step const&) { return true; };
    a_watch when_all_is_merged;
    when_all_is_merged.is_enough = [](app::import_step const& at) {
        return at.total > 0 && at.done == at.total;
    };
    a_watch at_the_commit;
    at_the_commit.lets_commit = false;
    for (auto* watch : {&before_it_reads, &when_all_is_merged, &at_the_commit}) {
        auto const ended = import(registry_desk::doing::import, given, *watch);
        EXPECT_EQ(std::get<registry_desk::refusal>(ended), registry_desk::refusal::cancelled);
        EXPECT_EQ(find(sheet::homes, "H3"), std::nullopt);
        EXPECT_FALSE(trace().done);
        EXPECT_FALSE(trace().is_running);
    }
    EXPECT_EQ(version(), before);
    EXPECT_TRUE(
        std::get<app::registry_imported>(import(registry_desk::doing::import, given)).is_done);
}

TEST_F(a_registry, leaves_no_trace_of_a_check) {
    EXPECT_FALSE(
        std::get<app::registry_imported>(import(registry_desk::doing::check, all_files(true)))
            .is_done);
    EXPECT_FALSE(trace().done);
}

// ---------------------------------------------------------------- harm

TEST_F(a_registry, takes_hostile_text_for_text) {
    for (std::string const evil :
         {"'; drop table resident; --", "\\", "\\x00", "{a,b}", "$1", "\"", "NULL", "\\N", "\t\t",
          "%s%n", "<script>", "\xF0\x9F\x98\x80", "a\nb\r\nc", "\xE2\x80\xAE"}) {
        ASSERT_TRUE(
            is_done(change(sheet::homes, "H1", {{{"rough_place", evil}, {"door", "x" + evil}}})))
            << evil;
        auto const now = find(sheet::homes, "H1", city, true).value();
        EXPECT_EQ(cell(now, sheet::homes, "rough_place"), evil);
        EXPECT_EQ(cell(now, sheet::homes, "door"), "x" + evil);
        for (auto const& each : files::registry_sheets()) {
            EXPECT_THAT(keys(each.which, street, evil), Each(Not(IsEmpty())));
            EXPECT_EQ(find(each.which, evil, city), std::nullopt) << evil;
            EXPECT_FALSE(is_done(change_from("", each.which, evil, {cells{}}))) << evil;
        }
    }
    EXPECT_EQ(one("select count(*) from resident"), "3");
}

TEST_F(a_registry, keeps_no_persons_data_in_its_list_of_changes) {
    change(sheet::residents, "R1", {{{"name", "新名字"}, {"phone", "00099990000"}}});
    EXPECT_THAT(one("select string_agg(e::text, ' ') from registry_edit e"),
                AllOf(HasSubstr("{name,phone}"), Not(HasSubstr("新名字")), Not(HasSubstr("9999"))));
}

TEST_F(a_registry, writes_nothing_over_what_its_key_does_not_open) {
    auto const other = open_registry(url(), key_ring::create_if_missing(folder_ / "other.keys"),
                                     clock_, files::registry_form());
    auto const who = somebody(city);
    auto const seen = must(other->record(who, sheet::workers, "e1", false)).value();
    EXPECT_EQ(cell(seen, sheet::workers, "name"), "");
    app::registry_change const what{sheet::workers, "e1", {{{"name", "x"}}}, seen.etag};
    EXPECT_THROW(must(other->change(who, what)), std::invalid_argument);
    other->stop();
    EXPECT_EQ(cell(find(sheet::workers, "e1", city, true).value(), sheet::workers, "name"), "张伟");
}

} // namespace
} // namespace linli::postgres
