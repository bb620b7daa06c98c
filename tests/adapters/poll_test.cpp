// A cloud that is asked what it may have pushed: by windows, pages and a cursor, and what we make
// of one that says anything at all. Over real sockets.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "adapters/cloud_poll/cloud_poller.hpp"
#include "adapters/cloud_poll/poll_mark.hpp"
#include "adapters/files/device_mapping.hpp"
#include "adapters/files/file_error.hpp"
#include "adapters/http/push_secrets.hpp"
#include "support/loopback_gateway.hpp"
#include "support/places.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using cloud_poll::poll_limits;
using cloud_poll::round_end;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr domain::instant noon = std::chrono::sys_days(std::chrono::days(20'000)) + 12h;

// Rings run side by side.
std::filesystem::path own_folder(std::string const& name) {
    return std::filesystem::path(testing::TempDir()) / (name + '-' + std::to_string(::getpid()));
}

std::int64_t seconds_of(domain::instant at) {
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

// The value of a parameter in "GET /events?from=1&until=2 HTTP/1.1".
std::string said(loopback_gateway::request const& in, std::string const& name) {
    auto at = in.first_line.find('?' + name + '=');
    if (at == std::string::npos) at = in.first_line.find('&' + name + '=');
    if (at == std::string::npos) return {};
    auto const from = at + name.size() + 2;
    return in.first_line.substr(from, in.first_line.find_first_of("& ", from) - from);
}

std::string list_of(std::vector<std::string> const& messages, std::string const& more = {}) {
    std::string text = R"({"data":{"list":[)";
    for (auto const& each : messages)
        text += (text.back() == '[' ? "" : ",") + each;
    return text + "]" + more + "}}";
}
std::string const nothing = list_of({});

std::string event(int n) {
    return R"({"id":)" + std::to_string(n) + "}";
}

class poll : public testing::Test {
protected:
    poll() {
        std::filesystem::create_directories(folder_);
        mark_ = cloud_poll::mark_file(folder_, "acme");
        std::filesystem::remove(mark_);
        rule_.url = cloud_.url("/events");
        rule_.from = "from";
        rule_.until = "until";
        rule_.time = files::poll_time::epoch_s;
        rule_.list = {"/data/list", false, {"data", "list"}};
        rule_.back = 24h;
        rule_.overlap = 300s;
    }

    ~poll() override {
        poller_.reset();
        std::filesystem::remove_all(folder_);
    }

    // As after a start of the server.
    cloud_poll::cloud_poller& poller() {
        if (!poller_)
            poller_ = std::make_unique<cloud_poll::cloud_poller>(
                rule_, "s3cret", mark_,
                [this](
                    std::string_view message) -> std::optional<cloud_poll::cloud_poller::settle> {
                    if (disk_is_full_ || message == no_room_for_) return std::nullopt;
                    kept_.emplace_back(message);
                    return [this] { return !disk_is_broken_; };
                },
                limits_);
        return *poller_;
    }
    cloud_poll::round asks(domain::instant at = noon) { return poller().ask(at); }
    void was_asked_through(domain::instant at) { ASSERT_FALSE(cloud_poll::keep_mark(mark_, at)); }
    void restarts() { poller_.reset(); }
    void pages_by_number(int size) {
        rule_.page = "page";
        rule_.size_name = "size";
        rule_.size = size;
    }
    void pages_by_cursor() {
        rule_.cursor = "after";
        rule_.next = files::json_pointer{"/data/next", false, {"data", "next"}};
    }

    std::filesystem::path const folder_ = own_folder("poll");
    std::filesystem::path mark_;
    loopback_gateway cloud_;
    files::poll_rule rule_;
    poll_limits limits_;
    bool disk_is_full_ = false;
    std::string no_room_for_;
    bool disk_is_broken_ = false;
    std::vector<std::string> kept_;
    std::unique_ptr<cloud_poll::cloud_poller> poller_;
};

// --- what is asked for ---------------------------------------------------------------------------

TEST_F(poll, asks_from_where_it_ended_and_a_little_before_and_proves_itself) {
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({event(1), event(2)}));
    auto const r = asks();
    EXPECT_EQ(r.how, round_end::well);
    EXPECT_EQ(r.written, 2U);
    EXPECT_FALSE(r.goes_on);
    EXPECT_THAT(kept_, ElementsAre(event(1), event(2)));
    auto const request = cloud_.requests().at(0);
    EXPECT_EQ(request.first_line, "GET /events?from=" + std::to_string(seconds_of(noon - 360s)) +
                                      "&until=" + std::to_string(seconds_of(noon)) + " HTTP/1.1");
    EXPECT_EQ(request.header("Authorization"), "Bearer s3cret");
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon);
}

TEST_F(poll, proves_itself_by_a_header_or_in_the_url) {
    rule_.proof = files::poll_proof::header;
    rule_.proof_name = "X-Api-Key";
    was_asked_through(noon - 60s);
    cloud_.answers(200, nothing);
    asks();
    EXPECT_EQ(cloud_.requests().at(0).header("X-Api-Key"), "s3cret");
    rule_.proof = files::poll_proof::query;
    rule_.proof_name = "token";
    restarts();
    cloud_.answers(200, nothing);
    asks(noon + 60s);
    EXPECT_EQ(said(cloud_.requests().at(1), "token"), "s3cret");
    EXPECT_EQ(cloud_.requests().at(1).header("Authorization"), "");
}

TEST_F(poll, says_times_as_the_cloud_wants_them) {
    rule_.url += "?kind=all";
    rule_.time = files::poll_time::rfc3339;
    was_asked_through(noon - 60s);
    cloud_.answers(200, nothing);
    asks();
    EXPECT_THAT(cloud_.requests().at(0).first_line, HasSubstr("?kind=all&from=2024-10-04T11%3A54"));
    rule_.time = files::poll_time::epoch_ms;
    restarts();
    cloud_.answers(200, nothing);
    asks(noon + 1s);
    EXPECT_EQ(said(cloud_.requests().at(1), "until"), std::to_string(seconds_of(noon) + 1) + "000");
}

TEST_F(poll, takes_a_text_that_holds_json_as_the_message_itself) {
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({R"("{\"id\":1}")"}));
    asks();
    EXPECT_THAT(kept_, ElementsAre(R"({"id":1})"));
}

// --- windows -------------------------------------------------------------------------------------

TEST_F(poll, goes_back_to_where_it_was_after_an_outage_hour_by_hour) {
    was_asked_through(noon - 150min);
    cloud_.answers_by([](auto const&) { return nothing; });
    EXPECT_TRUE(asks().goes_on);
    EXPECT_TRUE(asks().goes_on);
    EXPECT_FALSE(asks().goes_on);
    auto const asked = cloud_.requests();
    ASSERT_THAT(asked, SizeIs(3));
    EXPECT_EQ(said(asked[0], "from"), std::to_string(seconds_of(noon - 155min)));
    EXPECT_EQ(said(asked[0], "until"), std::to_string(seconds_of(noon - 90min)));
    EXPECT_EQ(said(asked[1], "from"), std::to_string(seconds_of(noon - 95min)));
    EXPECT_EQ(said(asked[2], "until"), std::to_string(seconds_of(noon)));
}

TEST_F(poll, goes_back_no_further_than_the_cloud_keeps_and_says_what_is_lost) {
    rule_.back = 1h;
    was_asked_through(noon - 48h);
    cloud_.answers(200, nothing);
    auto const r = asks();
    EXPECT_EQ(said(cloud_.requests().at(0), "from"), std::to_string(seconds_of(noon - 1h)));
    EXPECT_EQ(r.lost_since, noon - 48h);
    cloud_.answers(200, nothing);
    EXPECT_EQ(asks(noon + 60s).lost_since, std::nullopt);
}

TEST_F(poll, goes_on_after_a_restart_where_it_had_come_to) {
    was_asked_through(noon - 60s);
    cloud_.answers(200, nothing);
    asks();
    restarts();
    cloud_.answers(200, nothing);
    asks(noon + 10min);
    EXPECT_EQ(said(cloud_.requests().at(1), "from"), std::to_string(seconds_of(noon - 300s)));
}

TEST_F(poll, of_a_new_cloud_begins_now_and_of_a_spoilt_mark_as_far_back_as_it_may) {
    ASSERT_FALSE(cloud_poll::begin_mark(mark_, noon - 10s));
    ASSERT_FALSE(cloud_poll::begin_mark(mark_, noon)); // it has one
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 10s);
    for (auto const* spoilt : {"", "x\n", "12x\n", "-5\n", "99999999999999999999\n"}) {
        std::ofstream(mark_) << spoilt;
        EXPECT_EQ(cloud_poll::read_mark(mark_), std::nullopt) << spoilt;
    }
    cloud_.answers(200, nothing);
    asks();
    EXPECT_EQ(said(cloud_.requests().at(0), "from"), std::to_string(seconds_of(noon - 24h)));
}

TEST_F(poll, whose_mark_lies_in_the_future_asks_for_now) {
    was_asked_through(noon + 5h);
    cloud_.answers(200, nothing);
    EXPECT_EQ(asks().how, round_end::well);
    EXPECT_EQ(said(cloud_.requests().at(0), "from"), std::to_string(seconds_of(noon - 300s)));
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon);
}

TEST_F(poll, does_not_write_down_twice_what_two_windows_hold) {
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({event(1)}));
    asks();
    cloud_.answers(200, list_of({event(1), event(2)}));
    EXPECT_EQ(asks(noon + 60s).written, 1U);
    EXPECT_THAT(kept_, ElementsAre(event(1), event(2)));
}

// --- pages ---------------------------------------------------------------------------------------

TEST_F(poll, turns_pages_until_one_is_empty_however_few_are_on_one) {
    pages_by_number(100); // and this cloud gives two
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({event(1), event(2)}));
    cloud_.answers(200, list_of({event(3)}));
    cloud_.answers(200, nothing);
    EXPECT_EQ(asks().how, round_end::well);
    EXPECT_THAT(kept_, ElementsAre(event(1), event(2), event(3)));
    auto const asked = cloud_.requests();
    ASSERT_THAT(asked, SizeIs(3));
    EXPECT_EQ(said(asked[0], "page"), "1");
    EXPECT_EQ(said(asked[2], "page"), "3");
    EXPECT_EQ(said(asked[2], "size"), "100");
}

TEST_F(poll, ends_where_a_cloud_gives_its_last_page_for_ever) {
    pages_by_number(2);
    was_asked_through(noon - 60s);
    cloud_.answers_by([](auto const& r) {
        return list_of(said(r, "page") == "1" ? std::vector{event(1), event(2)}
                                              : std::vector{event(3)});
    });
    EXPECT_EQ(asks().how, round_end::well);
    EXPECT_THAT(kept_, ElementsAre(event(1), event(2), event(3)));
    EXPECT_THAT(cloud_.requests(), SizeIs(3));
}

TEST_F(poll, follows_a_cursor_as_far_as_it_leads) {
    pages_by_cursor();
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({event(1)}, R"(,"next":"a/b=")"));
    cloud_.answers(200, list_of({event(2)}, R"(,"next":7)"));
    cloud_.answers(200, list_of({event(3)}, R"(,"next":null)"));
    EXPECT_EQ(asks().how, round_end::well);
    EXPECT_THAT(kept_, SizeIs(3));
    auto const asked = cloud_.requests();
    EXPECT_EQ(said(asked[0], "after"), "");
    EXPECT_EQ(said(asked[1], "after"), "a%2Fb%3D");
    EXPECT_EQ(said(asked[2], "after"), "7");
}

TEST_F(poll, that_breaks_off_between_two_pages_begins_the_window_anew_after_a_restart) {
    pages_by_cursor();
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({event(1)}, R"(,"next":"a")"));
    cloud_.answers(500);
    auto const broken = asks();
    EXPECT_EQ(broken.how, round_end::failed);
    EXPECT_EQ(broken.why, "status_500");
    EXPECT_EQ(broken.written, 1U);
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 60s);
    restarts();
    cloud_.answers(200, list_of({event(1)}, R"(,"next":"a")"));
    cloud_.answers(200, list_of({event(2)}));
    EXPECT_EQ(asks(noon + 60s).how, round_end::well);
    auto const asked = cloud_.requests();
    EXPECT_EQ(said(asked[2], "from"), said(asked[0], "from"));
    EXPECT_EQ(said(asked[2], "after"), "");
    EXPECT_THAT(kept_, testing::Contains(event(2)));
}

TEST_F(poll, that_is_asked_again_writes_down_only_what_was_missing) {
    pages_by_cursor();
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({event(1)}, R"(,"next":"a")"));
    cloud_.answers(500);
    asks();
    cloud_.answers(200, list_of({event(1)}, R"(,"next":"a")"));
    cloud_.answers(200, list_of({event(2)}));
    asks(noon + 60s);
    EXPECT_THAT(kept_, ElementsAre(event(1), event(2)));
}

// A cloud that can show ten events at a time, and nothing behind them.
TEST_F(poll, halves_a_window_that_holds_more_than_fits_until_it_has_all) {
    rule_.size = 10;
    rule_.overlap = 1s;
    auto const start = seconds_of(noon - 1h);
    was_asked_through(noon - 1h);
    cloud_.answers_by([start](auto const& r) {
        std::vector<std::string> shown; // one event a minute
        for (int n = 0; n < 60 && shown.size() < 10; ++n) {
            auto const at = start + n * 60;
            if (at >= std::stoll(said(r, "from")) && at < std::stoll(said(r, "until")))
                shown.push_back(event(n));
        }
        return list_of(shown);
    });
    for (int round = 0; cloud_poll::read_mark(mark_) != noon; ++round) {
        ASSERT_LT(round, 30);
        asks();
    }
    EXPECT_THAT(std::set(kept_.begin(), kept_.end()), SizeIs(60));
    EXPECT_THAT(kept_, SizeIs(60)); // none twice
}

// --- clouds that say anything --------------------------------------------------------------------

struct strange {
    std::string body;
    std::string why;
};
class poll_of_a_strange_cloud : public poll, public testing::WithParamInterface<strange> {};

TEST_P(poll_of_a_strange_cloud, fails_and_stays_where_it_is) {
    pages_by_cursor();
    was_asked_through(noon - 60s);
    cloud_.answers(200, GetParam().body);
    auto const r = asks();
    EXPECT_EQ(r.how, round_end::failed);
    EXPECT_EQ(r.why, GetParam().why);
    EXPECT_THAT(kept_, SizeIs(r.why == "cursor" ? 1 : 0)); // what could be read is no less true
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 60s);
}

INSTANTIATE_TEST_SUITE_P(
    each, poll_of_a_strange_cloud,
    testing::Values(strange{"", "not_json"}, strange{"<html>sign in</html>", "not_json"},
                    strange{R"({"data":{"list":[{"id":1})", "not_json"},
                    strange{std::string(100'000, '['), "not_json"},
                    strange{R"({"code":401,"data":null})", "no_list"},
                    strange{R"({"data":{"list":null}})", "no_list"},
                    strange{R"({"data":{"list":{"id":1}}})", "no_list"},
                    strange{R"({"data":{"list":"two"}})", "no_list"}, strange{"[]", "no_list"},
                    strange{list_of({event(1)}, R"(,"next":{})"), "cursor"},
                    strange{list_of({event(1)}, ",\"next\":\"" + std::string(5000, 'a') + "\""),
                            "cursor"}));

TEST_F(poll, asks_whether_all_is_well_where_the_cloud_says_so) {
    rule_.ok = {{{"/code", false, {"code"}}, {"0"}}};
    was_asked_through(noon - 60s);
    cloud_.answers(200, R"({"code":500,"data":{"list":[]}})");
    EXPECT_EQ(asks().why, "refused");
    cloud_.answers(200, R"({"code":0,"data":null})"); // so some say that there is nothing
    EXPECT_EQ(asks().how, round_end::well);
}

TEST_F(poll, that_is_refused_or_unheard_fails) {
    limits_.one_page_s = 1;
    was_asked_through(noon - 60s);
    for (int const status : {302, 401, 429, 503}) {
        cloud_.answers(status, nothing);
        EXPECT_EQ(asks().why, "status_" + std::to_string(status));
    }
    cloud_.hangs();
    EXPECT_EQ(asks().why, "timeout");
    rule_.url = "http://127.0.0.1:1/events";
    restarts();
    EXPECT_EQ(asks().why, "connection");
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 60s);
}

TEST_F(poll, believes_no_cloud_whose_certificate_nobody_knows) {
    loopback_certificate const certificate;
    loopback_gateway secured(&certificate);
    rule_.url = secured.url("/events");
    was_asked_through(noon - 60s);
    EXPECT_EQ(asks().why, "certificate");
    rule_.ca_file = certificate.certificate;
    restarts();
    secured.answers(200, list_of({event(1)}));
    EXPECT_EQ(asks().how, round_end::well);
}

TEST_F(poll, of_a_cloud_that_never_ends_its_answer_ends) {
    loopback_server const endless([](loopback_server::tcp::socket with) {
        std::string request;
        boost::asio::read_until(with, boost::asio::dynamic_buffer(request), "\r\n\r\n");
        std::string const blanks(64 * 1024, ' ');
        boost::asio::write(with, boost::asio::buffer(std::string("HTTP/1.1 200 OK\r\n\r\n")));
        for (;;)
            boost::asio::write(with, boost::asio::buffer(blanks)); // throws when we hang up
    });
    rule_.url = "http://127.0.0.1:" + std::to_string(endless.port()) + "/events";
    was_asked_through(noon - 60s);
    auto const r = asks();
    EXPECT_EQ(r.how, round_end::too_full);
    EXPECT_EQ(r.why, "too_large");
}

TEST_F(poll, of_pages_without_end_ends_and_goes_on_behind_the_narrowest_window) {
    pages_by_number(1);
    limits_.pages = 5;
    rule_.overlap = 1s;
    was_asked_through(noon - 4s);
    int said_so_far = 0;
    cloud_.answers_by([&](auto const&) { return list_of({event(++said_so_far)}); });
    EXPECT_EQ(asks().how, round_end::too_full); // four seconds, then two
    EXPECT_EQ(asks().how, round_end::too_full);
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 4s);
    auto const last = asks();
    EXPECT_EQ(last.how, round_end::passed);
    EXPECT_EQ(last.why, "pages");
    EXPECT_FALSE(last.goes_on); // not at once: it is no cloud to hurry for
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 3s);
    EXPECT_THAT(kept_, SizeIs(15)); // what it said is kept all the same
}

TEST_F(poll, of_a_cursor_that_leads_nowhere_fails) {
    pages_by_cursor();
    was_asked_through(noon - 60s);
    cloud_.answers_by([](auto const&) { return list_of({event(1)}, R"(,"next":"a")"); });
    EXPECT_EQ(asks().why, "cursor_repeats");
    EXPECT_THAT(kept_, ElementsAre(event(1)));
}

TEST_F(poll, of_a_cloud_that_knows_no_pages_tells_so_when_there_is_more) {
    pages_by_number(2);
    was_asked_through(noon - 60s);
    cloud_.answers_by([](auto const&) { return list_of({event(1), event(2)}); });
    EXPECT_EQ(asks().why, "page_repeats");
}

TEST_F(poll, of_a_slow_cloud_has_its_time_and_no_more) {
    pages_by_number(1);
    limits_.one_window = 0ms;
    was_asked_through(noon - 60s);
    EXPECT_EQ(asks().why, "slow");
    EXPECT_THAT(cloud_.requests(), IsEmpty());
}

TEST_F(poll, of_a_list_of_a_million_is_no_list_that_we_take) {
    was_asked_through(noon - 60s);
    std::string many = "1";
    for (int n = 0; n < 10'000; ++n)
        many += ",1";
    cloud_.answers(200, list_of({many}));
    EXPECT_EQ(asks().how, round_end::too_full);
    EXPECT_THAT(kept_, IsEmpty());
}

TEST_F(poll, cuts_what_is_longer_than_a_push_may_be) {
    was_asked_through(noon - 60s);
    cloud_.answers(200, list_of({"\"" + std::string(300'000, 'x') + "\""}));
    asks();
    ASSERT_THAT(kept_, SizeIs(1));
    EXPECT_EQ(kept_[0].size(), 256U * 1024);
}

// --- the disk, and the end -----------------------------------------------------------------------

TEST_F(poll, that_cant_be_written_down_is_asked_again) {
    was_asked_through(noon - 60s);
    cloud_.answers_by([](auto const&) { return list_of({event(1)}); });
    disk_is_full_ = true;
    EXPECT_EQ(asks().why, "journal");
    disk_is_full_ = false;
    disk_is_broken_ = true;
    EXPECT_EQ(asks().why, "journal");
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 60s);
    disk_is_broken_ = false;
    auto const r = asks();
    EXPECT_EQ(r.how, round_end::well);
    EXPECT_EQ(r.written, 1U);
}

TEST_F(poll, writes_down_what_stands_behind_something_that_cant_be_and_each_once) {
    was_asked_through(noon - 60s);
    cloud_.answers_by([](auto const&) { return list_of({event(1), event(2), event(3)}); });
    no_room_for_ = event(2);
    auto r = asks();
    EXPECT_EQ(r.why, "journal");
    EXPECT_EQ(r.written, 2U);
    EXPECT_THAT(kept_, ElementsAre(event(1), event(3)));
    no_room_for_.clear();
    r = asks();
    EXPECT_EQ(r.how, round_end::well);
    EXPECT_THAT(kept_, ElementsAre(event(1), event(3), event(2)));
}

TEST_F(poll, whose_mark_cant_be_kept_is_asked_again) {
    was_asked_through(noon - 60s);
    poller();
    std::filesystem::remove(mark_);
    std::filesystem::create_directories(mark_ / "in the way");
    cloud_.answers(200, nothing);
    EXPECT_EQ(asks().why, "mark");
    std::filesystem::remove_all(mark_);
}

TEST_F(poll, ends_at_once_when_the_server_stops) {
    was_asked_through(noon - 60s);
    cloud_.hangs();
    auto& p = poller();
    cloud_poll::round r;
    std::thread asking([&] { r = p.ask(noon); });
    while (cloud_.requests().empty())
        std::this_thread::yield();
    p.stop();
    asking.join();
    EXPECT_EQ(r.how, round_end::stopped);
    EXPECT_EQ(p.ask(noon).how, round_end::stopped);
    EXPECT_EQ(cloud_poll::read_mark(mark_), noon - 60s);
}

// --- its secret ----------------------------------------------------------------------------------

TEST(the_secret_of_a_poll, is_kept_beside_that_of_the_push_for_its_owner_alone) {
    auto const folder = own_folder("poll_secrets");
    std::filesystem::remove_all(folder);
    EXPECT_EQ(http::read_poll_secret(folder, "acme"), "");
    http::make_push_secret(folder, "acme");
    http::keep_poll_secret(folder, "acme", "one");
    http::keep_poll_secret(folder, "acme", "the cloud's new one");
    EXPECT_EQ(http::read_poll_secret(folder, "acme"), "the cloud's new one");
    EXPECT_NE(http::read_push_secret(folder, "acme"), "the cloud's new one");
    EXPECT_THROW(http::keep_poll_secret(folder, "acme", ""), std::runtime_error);
    EXPECT_THROW(http::keep_poll_secret(folder, "acme", "a\rX-Header: b"), std::runtime_error);
    std::filesystem::permissions(folder / "acme.poll", std::filesystem::perms(0640));
    EXPECT_THROW(http::read_poll_secret(folder, "acme"), std::runtime_error);
}

// An installation without a database or a broker: only what is said of its mappings counts.
class poll_command : public testing::Test {
protected:
    poll_command() {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_ / "devices");
        std::ofstream(folder_ / "linli.toml")
            << "[installation]\narea = \"620100\"\n[database]\nurl = \"host=/nowhere\"\n"
            << "key_file = \"record.keys\"\n[files]\ndevices = \"devices\"\n"
            << "[mqtt]\nurl = \"tcp://localhost:1\"\npassword_file = \"none\"\n";
        std::ofstream(folder_ / "devices/pushes.toml")
            << "about = \"x\"\n[push]\nproof = \"bearer\"\n[[message]]\nto = \"nobody\"\n";
        std::ofstream(folder_ / "devices/acme.toml")
            << "about = \"x\"\n[poll]\nurl = \"https://a.example/\"\nproof = \"bearer\"\n"
            << "from = \"f\"\nuntil = \"u\"\ntime = \"epoch_s\"\nback_h = 1\nlist = \"\"\n"
            << "[[message]]\nto = \"nobody\"\n";
    }

    ~poll_command() override { std::filesystem::remove_all(folder_); }

    std::string says(std::string const& words, std::string const& typed = "") {
        std::ofstream(folder_ / "input", std::ios::binary) << typed;
        auto const command = linli_program() + " --config " + (folder_ / "linli.toml").string() +
                             " " + words + " <" + (folder_ / "input").string() + " 2>&1";
        auto* const out = ::popen(command.c_str(), "r");
        std::string said;
        std::array<char, 4096> some{};
        while (auto const got = std::fread(some.data(), 1, some.size(), out))
            said.append(some.data(), got);
        ::pclose(out);
        return said;
    }

    std::filesystem::path const folder_ = own_folder("poll_command");
};

TEST_F(poll_command, keeps_the_clouds_secret_and_check_misses_it_before) {
    EXPECT_THAT(says("check"), HasSubstr("acme.toml: [poll] has no secret: \"linli push secret"));
    EXPECT_THAT(says("push secret acme --poll", "the cloud's\r\n"), HasSubstr("is kept"));
    EXPECT_EQ(http::read_poll_secret(folder_ / "keys/push", "acme"), "the cloud's");
    EXPECT_THAT(says("check"), HasSubstr("ok     device mappings"));
}

TEST_F(poll_command, tells_who_is_not_asked_or_does_not_push) {
    EXPECT_THAT(says("push secret pushes --poll", "x\n"), HasSubstr("has no section [poll]"));
    EXPECT_THAT(says("push secret acme"), HasSubstr("has no section [push]"));
    EXPECT_THAT(says("push secret acme --poll", "\n"), HasSubstr("the secret is empty"));
}

} // namespace
} // namespace linli::tests
