// What everybody who keeps the devices' health must do, on the twin and on PostgreSQL.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::trouble;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

domain::instant after(domain::duration d) {
    return evening + d;
}

domain::outage_id outage_number(std::uint8_t number) {
    domain::outage_id id;
    id.value.bytes[0] = 9;
    id.value.bytes[15] = number;
    return id;
}

app::trouble_change begins(char const* device, trouble what, domain::duration since,
                           std::optional<domain::outage_id> outage = {}) {
    return {{device}, {what, after(since), std::nullopt}, outage};
}
app::trouble_change ends(char const* device, trouble what, domain::duration since,
                         domain::duration at) {
    return {{device}, {what, after(since), after(at)}, std::nullopt};
}

class health_contract : public contract_of<health_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        keeper_->load(the_town());
    }

    void keeps(std::vector<app::trouble_change> troubles,
               std::vector<domain::outage> outages = {}) {
        app::health_changes all;
        all.at = evening;
        all.troubles = std::move(troubles);
        all.outages = std::move(outages);
        must(record().keep(all));
    }
    app::supervised_device device(std::string const& id) {
        for (auto const& each : all_devices())
            if (each.id.value == id) return each;
        throw std::runtime_error("nobody supervises " + id);
    }
    std::vector<app::supervised_device> all_devices() {
        return must(record().devices_after({}, 100));
    }
    // "box1 w1", in their order.
    static std::string ids(std::vector<app::supervised_device> const& devices) {
        std::string all;
        for (auto const& each : devices)
            all += (all.empty() ? "" : " ") + each.id.value;
        return all;
    }
    app::registry_news news_since(std::int64_t edit) {
        auto news = must(record().news_since(edit));
        std::ranges::sort(news.devices);
        return news;
    }
    // "w1 offline", in their order.
    std::vector<std::string> entries() {
        std::vector<std::string> all;
        for (auto const& e : must(record().list(100)).entries)
            all.push_back(e.device.value + ' ' + std::string(to_text(e.what)));
        return all;
    }
    bool mends(char const* id, trouble what, domain::duration at) {
        return must(record().mend({{id}, what, after(at)}, "fitter"));
    }
    app::health_record& record() { return keeper_->record(); }
};

} // namespace

TEST_P(health_contract, who_is_worn_or_fixed_is_supervised_and_who_lies_in_stock_is_not) {
    EXPECT_EQ(ids(all_devices()), "box1 w1 w2 w3 w4");
    for (auto const& each : all_devices())
        EXPECT_EQ(each.health, domain::device_health()) << each.id.value;
    EXPECT_EQ(device("w1").kind, "watch");
    auto const frame = must(record().frame());
    EXPECT_EQ(frame.parents.at(device("w1").area).value, city_area);
    EXPECT_THAT(frame.outages, IsEmpty());
}

TEST_P(health_contract, devices_are_read_page_by_page_and_by_their_names) {
    EXPECT_EQ(ids(must(record().devices_after({}, 2))), "box1 w1");
    EXPECT_EQ(ids(must(record().devices_after({"w1"}, 2))), "w2 w3");
    EXPECT_EQ(ids(must(record().devices_after({"w3"}, 2))), "w4");
    auto some = must(record().devices_among({{"w4"}, {"in-no-registry"}, {"w2"}}));
    std::ranges::sort(some, {}, &app::supervised_device::id);
    EXPECT_EQ(ids(some), "w2 w4");
    EXPECT_EQ(some[0], device("w2"));
}

TEST_P(health_contract, an_edit_names_the_devices_that_it_may_concern) {
    auto const before = must(record().frame()).edit;
    EXPECT_EQ(news_since(before).edit, before);
    keeper_->is_edited(domain::sheet::residents, "r2");
    keeper_->is_edited(domain::sheet::devices, "w4");
    keeper_->is_edited(domain::sheet::contacts, "r3");
    auto const seen = news_since(before);
    EXPECT_FALSE(seen.is_import);
    EXPECT_FALSE(seen.areas);
    EXPECT_THAT(seen.devices, ElementsAre(domain::device_id{"w2"}, domain::device_id{"w4"}));
    keeper_->is_edited(domain::sheet::homes, "h1");
    keeper_->is_edited(domain::sheet::areas, city_area);
    auto const later = news_since(seen.edit);
    EXPECT_TRUE(later.areas);
    EXPECT_THAT(later.devices, ElementsAre(domain::device_id{"box1"}, domain::device_id{"w1"},
                                           domain::device_id{"w2"}));
    EXPECT_THAT(news_since(later.edit).devices, IsEmpty());
}

TEST_P(health_contract, an_import_may_concern_every_device) {
    auto const before = must(record().frame()).edit;
    keeper_->is_edited(domain::sheet::devices, "");
    auto const seen = news_since(before);
    EXPECT_TRUE(seen.is_import);
    EXPECT_EQ(must(record().frame()).edit, seen.edit);
}

TEST_P(health_contract, what_is_known_of_a_device_is_read_back) {
    auto d = device("w1");
    d.door = "watch_tcp";
    d.health.known_since = after(1us);
    d.health.heard_at = after(2us);
    d.health.pressed_at = after(3us);
    d.health.at_broker = domain::broker_word::offline;
    d.health.broker_said_at = after(4us);
    d.health.battery_percent = 7;
    d.health.battery_at = after(5us);
    app::health_changes all;
    all.devices = {d};
    must(record().keep(all));
    EXPECT_EQ(device("w1"), d);
    d.health.known_since = after(1h); // is known since the first time
    d.health.heard_at = after(1h);
    d.health.battery_percent.reset();
    all.devices = {d};
    must(record().keep(all));
    d.health.known_since = after(1us);
    EXPECT_EQ(device("w1"), d);
}

TEST_P(health_contract, an_entry_stands_until_it_ends_and_may_be_written_again) {
    keeps({begins("w1", trouble::offline, 1s), begins("w1", trouble::battery, 2s),
           begins("w2", trouble::offline, 3s)});
    keeps({begins("w1", trouble::offline, 1s)}); // after a commit in doubt
    EXPECT_THAT(entries(), ElementsAre("w1 offline", "w1 battery", "w2 offline"));
    EXPECT_EQ(device("w1").health.open[0], after(1s));
    keeps({ends("w1", trouble::offline, 1s, 9s)});
    keeps({begins("w1", trouble::offline, 1s)});
    EXPECT_THAT(entries(), ElementsAre("w1 battery", "w2 offline"));
    EXPECT_FALSE(device("w1").health.open[0]);
    keeps({begins("w1", trouble::offline, 20s)});
    EXPECT_THAT(entries(), ElementsAre("w1 battery", "w2 offline", "w1 offline"));
    EXPECT_EQ(must(record().list(2)).entries.size(), 2U);
    EXPECT_EQ(must(record().list(2)).counts,
              (std::map<trouble, int>{{trouble::offline, 2}, {trouble::battery, 1}}));
}

TEST_P(health_contract, one_that_ends_and_begins_anew_within_a_batch_is_open) {
    keeps({begins("w1", trouble::offline, 1s)});
    keeps({ends("w1", trouble::offline, 1s, 5s), begins("w1", trouble::offline, 6s)});
    EXPECT_EQ(device("w1").health.open[0], after(6s));
}

TEST_P(health_contract, a_person_closes_an_entry_once_and_the_supervision_hears_of_it) {
    keeps({begins("w1", trouble::battery, 1s), begins("w2", trouble::battery, 1s)});
    keeps({ends("w2", trouble::battery, 1s, 2s)});
    EXPECT_TRUE(mends("w1", trouble::battery, 60s));
    EXPECT_FALSE(mends("w1", trouble::battery, 61s));
    EXPECT_FALSE(mends("w3", trouble::battery, 61s));
    EXPECT_THAT(must(record().mended_since(after(60s))),
                ElementsAre(app::mended{{"w1"}, trouble::battery, after(60s)}));
    EXPECT_THAT(must(record().mended_since(after(61s))), IsEmpty());
    EXPECT_EQ(device("w1").health.done[1], after(60s));
    EXPECT_EQ(device("w2").health.done[1], domain::instant()) << "the device itself did";
    EXPECT_THAT(entries(), IsEmpty());
}

TEST_P(health_contract, an_entry_says_whose_it_is_and_masks_him) {
    keeps({begins("w1", trouble::offline, 1s), begins("box1", trouble::dormant, 2s)});
    auto const list = must(record().list(100));
    ASSERT_THAT(list.entries, SizeIs(2));
    auto const& worn = list.entries[0];
    EXPECT_EQ(worn.device_kind, "watch");
    EXPECT_EQ(worn.since, after(1s));
    EXPECT_EQ(worn.resident.value, "r1");
    EXPECT_EQ(worn.name, "S**");
    EXPECT_EQ(worn.phone, "138****0001");
    EXPECT_EQ(worn.rough_place, "Changyang Road");
    EXPECT_EQ(worn.area, device("w1").area);
    EXPECT_EQ(list.entries[1].resident.value, "r2") << "of a home, who is at high risk";
}

TEST_P(health_contract, who_has_gone_is_nobody_of_a_home_and_leaves_the_other_alone) {
    keeper_->has_gone("r2");
    domain::outage const o{
        outage_number(1), domain::outage_kind::area, device("w1").area, after(1s), std::nullopt, 1};
    keeps({begins("box1", trouble::dormant, 1s)});
    keeps({begins("w1", trouble::offline, 2s, o.id)}, {o});
    auto const list = must(record().list(100));
    ASSERT_THAT(list.entries, SizeIs(1));
    EXPECT_EQ(list.entries[0].resident.value, "r1");
    ASSERT_THAT(list.outages, SizeIs(1));
    ASSERT_THAT(list.outages[0].calls, SizeIs(1));
    EXPECT_TRUE(list.outages[0].calls[0].whom.alone);
}

TEST_P(health_contract, an_outage_gathers_its_entries_and_names_whom_to_call_first) {
    domain::outage const o{
        outage_number(1), domain::outage_kind::area, device("w1").area, after(1s), std::nullopt, 3};
    keeps({begins("w1", trouble::offline, 1s), begins("w3", trouble::offline, 2s)});
    keeps({begins("w2", trouble::offline, 3s, o.id), begins("box1", trouble::offline, 4s, o.id)},
          {o});
    app::health_changes gathers;
    gathers.moved = {{{"w3"}, o.id}};
    must(record().keep(gathers));
    EXPECT_THAT(entries(), ElementsAre("w1 offline"));
    EXPECT_THAT(must(record().frame()).outages, ElementsAre(o));
    EXPECT_EQ(device("w2").outage, o.id);
    auto const list = must(record().list(2));
    EXPECT_EQ(list.counts.at(trouble::offline), 4);
    ASSERT_THAT(list.outages, SizeIs(1));
    EXPECT_EQ(list.outages[0].what, o);
    EXPECT_EQ(list.outages[0].still_gone, 3);
    EXPECT_EQ(list.outages[0].calls_in_all, 3);
    std::vector<std::string> calls;
    for (auto const& each : list.outages[0].calls)
        calls.push_back(each.whom.resident.value + ' ' + each.name + ' ' + each.whom.device.value);
    EXPECT_THAT(calls, ElementsAre("r2 S** w2", "r3  w3"));
}

TEST_P(health_contract, an_outage_that_ended_leaves_who_is_not_back) {
    domain::outage o{
        outage_number(1), domain::outage_kind::area, device("w1").area, after(1s), std::nullopt, 2};
    keeps({begins("w1", trouble::offline, 1s, o.id), begins("w2", trouble::offline, 1s, o.id)},
          {o});
    o.ended = after(1h);
    app::health_changes end;
    end.outages = {o};
    end.troubles = {ends("w1", trouble::offline, 1s, 30min)};
    end.moved = {{{"w2"}, std::nullopt}};
    must(record().keep(end));
    EXPECT_THAT(entries(), ElementsAre("w2 offline"));
    EXPECT_THAT(must(record().list(9)).outages, IsEmpty());
    EXPECT_THAT(must(record().frame()).outages, IsEmpty());
}

TEST_P(health_contract, the_brokers_outage_names_everybody_who_has_no_other_door) {
    auto other = device("w3");
    other.door = "watch_tcp";
    other.health.known_since = evening;
    app::health_changes all;
    all.devices = {other};
    all.outages = {{outage_number(2), domain::outage_kind::broker, {city_area}, after(1s), {}, 3}};
    must(record().keep(all));
    auto const list = must(record().list(9));
    ASSERT_THAT(list.outages, SizeIs(1));
    std::vector<std::string> calls;
    for (auto const& each : list.outages[0].calls)
        calls.push_back(each.whom.resident.value);
    EXPECT_THAT(calls, ElementsAre("r2", "r4", "r1"));
}

namespace {

std::string name_of(testing::TestParamInfo<health_keeper_maker> const& who) {
    return who.param == health_on_memory ? "memory" : "postgres";
}

} // namespace

INSTANTIATE_TEST_SUITE_P(on, health_contract, testing::Values(health_on_memory, health_on_postgres),
                         name_of);

} // namespace linli::tests
