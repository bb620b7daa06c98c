// What a desk reads, as the pages get it.
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_encoding.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using namespace domain;
using testing::HasSubstr;
using testing::Not;

namespace json = boost::json;

json::value read(std::string const& text) {
    return json::parse(json::string_view(text.data(), text.size()));
}

// "/residents/0/phone"
std::string at(json::value const& in, std::string const& path) {
    json::error_code none;
    auto const* found = &in;
    std::string part;
    for (std::size_t i = 1; i <= path.size(); ++i) {
        if (i < path.size() && path[i] != '/') {
            part += path[i];
            continue;
        }
        if (found->is_array())
            found = found->as_array().if_contains(std::stoul(part));
        else
            found = found->as_object().if_contains(json::string_view(part.data(), part.size()));
        if (!found) return "";
        part.clear();
    }
    return found->is_string() ? std::string(found->as_string().c_str()) : json::serialize(*found);
}

instant at_second(int s) {
    return instant(seconds(1'800'000'000 + s));
}

app::work_line a_line() {
    app::work_line line;
    auto& a = line.alert.emplace();
    a.id.value.bytes[15] = 7;
    a.about = {subject_kind::resident, "R1"};
    a.area = {"310104"};
    a.opened_at = at_second(0);
    a.raised_at = at_second(0);
    a.due_at = at_second(30);
    a.steps_from = at_second(0);
    a.desk = {"s1"};
    a.version = 3;
    a.progress.asks.insert(ask::dial_120);
    line.name = "王**";
    line.rough_place = "长阳路";
    line.area_name = "徐汇区";
    line.areas = {{"310104"}, {"310000"}};
    auto& o = line.orders.emplace_back();
    o.id.value.bytes[15] = 8;
    o.number = "310104-20260101-1";
    o.service = {"emergency_attendance"};
    o.opened_at = at_second(0);
    o.due_at = at_second(45);
    o.version = 1;
    return line;
}

app::alert_card a_card() {
    app::alert_card card;
    card.line = a_line();
    auto& r = card.residents.emplace_back();
    r.what.id = {"R1"};
    r.what.name = "王秀兰";
    r.what.phone = "13900008888";
    r.what.id_number = "310104194502031234";
    r.what.notes = "重听";
    auto& c = r.contacts.emplace_back();
    c.what.name = "王强";
    c.what.phone = "13700001111";
    auto& h = card.home.emplace();
    h.door = "3-501";
    h.access_notes = "门锁密码 4711";
    h.key_tested = std::chrono::sys_days(std::chrono::year(2026) / 3 / 9);
    auto& e = card.log.emplace_back();
    e.line = {
        at_second(1), log_kind::noted, {actor_kind::operator_, "zhang", {}}, "", "他说打了她"};
    return card;
}

plan a_plan() {
    plan p;
    p.answer = {{site_level::station, 30s, {}}, {site_level::city, 60s, {}}};
    plan_step tell;
    tell.after = 60s;
    tell.tell = audience::contacts;
    plan_step ring;
    ring.after = 10s;
    ring.asks = ask::dial_120;
    ring.say = "老人按了按钮";
    p.steps = {ring, tell};
    return p;
}

// A text that somebody might put into any field.
std::string const hostile =
    std::string("</script>\"'\\ \x01\x1B\x7F\xC3\x28\xFF\xED\xA0\x80 \0", 26) + "\xE2\x80\xA8<!--";

} // namespace

TEST(console, a_line_of_the_queue) {
    EXPECT_EQ(read(wire::encode_line(a_line())), read(R"({
        "id": "00000000-0000-0000-0000-000000000007", "of": "alert", "version": 3, "kind": "sos",
        "level": 1, "state": "raised", "purpose": "real", "subject": "resident:R1",
        "name": "王**", "place": "长阳路", "area": "310104", "areaName": "徐汇区",
        "openedAt": "2027-01-15T08:00:00Z", "raisedAt": "2027-01-15T08:00:00Z",
        "dueAt": "2027-01-15T08:00:30Z", "signals": 1, "desk": "s1", "asks": ["120"],
        "orders": [{"id": "00000000-0000-0000-0000-000000000008", "number": "310104-20260101-1",
                    "service": "emergency_attendance", "state": "requested", "version": 1,
                    "openedAt": "2027-01-15T08:00:00Z", "dueAt": "2027-01-15T08:00:45Z",
                    "place": "home"}]})"));
}

TEST(console, a_request_is_a_line_too) {
    app::work_line line;
    auto& q = line.request.emplace();
    q.about = {subject_kind::resident, "R1"};
    q.due_at = at_second(600);
    auto const seen = read(wire::encode_line(line));
    EXPECT_EQ(at(seen, "/of"), "request");
    EXPECT_EQ(at(seen, "/kind"), "help_request");
    EXPECT_EQ(at(seen, "/state"), "open");
}

TEST(console, a_call_is_a_line_with_a_masked_number_and_all_whose_it_may_be) {
    app::work_line line;
    auto& call = line.call.emplace();
    call.what.number = "13800000001";
    call.what.called = "12349";
    call.what.area = {"310104"};
    call.what.first_heard = call.what.rang_at.emplace(at_second(0));
    call.what.version = 4;
    call.who.push_back({{caller_kind::contact, "R1", 2, {"H1"}}, "王**", "女儿", "长阳路"});
    auto const seen = read(wire::encode_line(line));
    EXPECT_EQ(at(seen, "/of"), "call");
    EXPECT_EQ(at(seen, "/state"), "ringing");
    EXPECT_EQ(at(seen, "/call/number"), "138****0001");
    EXPECT_EQ(at(seen, "/call/callers/0/kind"), "contact");
    EXPECT_EQ(at(seen, "/call/callers/0/id"), "R1");
    EXPECT_EQ(at(seen, "/call/callers/0/roughPlace"), "长阳路");
    EXPECT_EQ(at(seen, "/call/outcome"), "");
    call.what.answered_at = at_second(4);
    EXPECT_EQ(at(read(wire::encode_line(line)), "/state"), "answered");
    call.what.ended_at = at_second(9);
    call.what.outcome = call_outcome::missed;
    EXPECT_EQ(at(read(wire::encode_line(line)), "/state"), "ended");
    EXPECT_EQ(at(read(wire::encode_line(line)), "/call/outcome"), "missed");
}

TEST(console, no_text_breaks_a_line) {
    auto line = a_line();
    line.name = line.rough_place = line.area_name = line.holder_name = hostile;
    line.alert->about.id = line.alert->area.value = hostile;
    line.alert->desk.value = line.alert->holder.value = hostile;
    auto& o = line.orders.front();
    o.number = o.service.value = o.worker.value = o.provider.value = o.reason = hostile;
    auto const text = wire::encode_line(line);
    EXPECT_TRUE(wire::is_utf8(text));
    EXPECT_THAT(text, Not(HasSubstr("</script"))) << "a page may hold it inside a script";
    auto const seen = read(text);
    for (auto const* field : {"/name", "/place", "/areaName", "/holderName", "/area", "/desk",
                              "/holder", "/orders/0/number", "/orders/0/reason"}) {
        EXPECT_THAT(at(seen, field), HasSubstr("</script>\"'\\")) << field;
        EXPECT_THAT(at(seen, field), Not(HasSubstr("\x1B"))) << field;
    }
}

TEST(console, a_time_that_cannot_be_written_is_left_out) {
    auto line = a_line();
    line.alert->due_at = instant::max();
    auto const seen = read(wire::encode_line(line));
    EXPECT_EQ(at(seen, "/dueAt"), "");
    EXPECT_EQ(at(seen, "/state"), "raised");
}

TEST(console, a_card_names_people_and_masks_what_is_to_be_asked_for) {
    auto const text = wire::encode_card(a_card(), nullptr, true);
    auto const seen = read(text);
    EXPECT_EQ(at(seen, "/residents/0/name"), "王秀兰");
    EXPECT_EQ(at(seen, "/residents/0/phone"), "139****8888");
    EXPECT_EQ(at(seen, "/residents/0/contacts/0/phone"), "137****1111");
    EXPECT_EQ(at(seen, "/home/accessNotes"), "•••");
    EXPECT_EQ(at(seen, "/home/door"), "3-501");
    EXPECT_EQ(at(seen, "/home/keyTested"), "2026-03-09");
    EXPECT_THAT(text, Not(HasSubstr("13900008888")));
    EXPECT_THAT(text, Not(HasSubstr("194502031234")));
    EXPECT_THAT(text, Not(HasSubstr("4711")));
}

TEST(console, an_identity_number_shows_its_place_and_end_only) {
    EXPECT_EQ(at(read(wire::encode_card(a_card(), nullptr, true)), "/residents/0/idNumber"),
              "310****1234");
}

TEST(console, the_age_is_read_from_the_identity_number) {
    // 2027-01-15, born 1945-02-03: 82 in three weeks.
    EXPECT_EQ(at(read(wire::encode_card(a_card(), nullptr, true)), "/residents/0/age"), "81");
    auto unknown = a_card();
    unknown.residents[0].what.id_number = "310104194513991234";
    EXPECT_EQ(at(read(wire::encode_card(unknown, nullptr, true)), "/residents/0/age"), "");
}

TEST(console, words_about_suspected_abuse_go_only_to_whoever_may_read_them) {
    auto card = a_card();
    card.line.alert->outcome = disposition::safeguarding;
    EXPECT_EQ(at(read(wire::encode_card(card, nullptr, true)), "/log/0/text"), "他说打了她");
    auto const seen = read(wire::encode_card(card, nullptr, false));
    EXPECT_EQ(at(seen, "/log/0/text"), "");
    EXPECT_EQ(at(seen, "/log/0/what"), "noted") << "that there was something, everybody sees";
}

TEST(console, the_plan_is_one_list_in_the_order_of_time) {
    auto card = a_card();
    card.line.alert->rung = 0;
    card.line.alert->rang_at = at_second(0);
    card.line.alert->progress.done = 1;
    auto const p = a_plan();
    auto const seen = read(wire::encode_card(card, &p, true));
    EXPECT_EQ(at(seen, "/plan/steps/0/whom"), "station");
    EXPECT_EQ(at(seen, "/plan/steps/0/state"), "done");
    EXPECT_EQ(at(seen, "/plan/steps/1/whom"), "120");
    EXPECT_EQ(at(seen, "/plan/steps/1/state"), "asked");
    EXPECT_EQ(at(seen, "/plan/steps/1/say"), "老人按了按钮");
    EXPECT_EQ(at(seen, "/plan/steps/1/at"), "2027-01-15T08:00:10Z");
    EXPECT_EQ(at(seen, "/plan/steps/2/whom"), "city");
    EXPECT_EQ(at(seen, "/plan/steps/2/state"), "waiting");
    EXPECT_EQ(at(seen, "/plan/steps/2/at"), "2027-01-15T08:00:30Z");
    EXPECT_EQ(at(seen, "/plan/steps/3/whom"), "contacts");
    EXPECT_EQ(at(seen, "/plan/steps/3/state"), "waiting");
}

TEST(console, a_step_that_an_operator_made_needless_was_skipped) {
    auto card = a_card();
    card.line.alert->progress.done = 2;
    card.line.alert->progress.skipped = 2;
    auto const p = a_plan();
    auto const seen = read(wire::encode_card(card, &p, true));
    EXPECT_EQ(at(seen, "/plan/steps/3/state"), "skipped");
}

TEST(console, no_text_breaks_a_card) {
    auto card = a_card();
    auto& r = card.residents[0];
    r.what.name = r.what.phone = r.what.id_number = r.what.notes = r.what.status = hostile;
    r.contacts[0].what.name = r.contacts[0].what.phone = r.contacts[0].what.relation = hostile;
    card.home->door = card.home->access_notes = card.home->rough_place = hostile;
    card.home->flags = {hostile};
    card.log[0].line.personal = card.log[0].line.why = card.log[0].by_name = hostile;
    card.site = card.site_name = hostile;
    auto const text = wire::encode_card(card, nullptr, true);
    EXPECT_TRUE(wire::is_utf8(text));
    EXPECT_THAT(text, Not(HasSubstr("</script")));
    auto const seen = read(text);
    EXPECT_THAT(at(seen, "/residents/0/name"), HasSubstr("</script>"));
    EXPECT_THAT(at(seen, "/log/0/text"), HasSubstr("</script>"));
}

} // namespace linli::tests
