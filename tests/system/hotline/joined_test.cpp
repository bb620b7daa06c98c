// The house's own hotline as it runs: `linli serve` with PostgreSQL, the engine with rtpengine, and
// telephones of another make for the caller and the operators. What the record has is what counts.
#include <fstream>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/postgres/hotline_record.hpp"
#include "hotline/system/hotline_house.hpp"
#include "support/free_port.hpp"
#include "support/run_on.hpp"
#include "system/another_server.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {
namespace {

using domain::seat_word;
using testing::HasSubstr;

class joined : public testing::Test {
protected:
    joined() : h(small_city()) {
        h.opens_console();
        for (auto const* who : {"li", "wang"})
            h.adds_user(who, domain::role::operator_, "620102");
        seats.emplace(engine.folder(), sipp::call{"seats", engine.sip_port(), {}, 2}, 0x22);
        server.emplace(h.config(), h.folder() / "hotline");
        write_config();
        desk = postgres::open_hotline(h.config().database.url,
                                      postgres::key_ring::load(h.config().database.key_file));
        server->starts();
        has_the_lines();
    }
    ~joined() override { desk->stop(); }

    void write_config() const {
        auto const& console = h.config().console;
        std::ofstream(h.folder() / "hotline/linli.toml", std::ios::app)
            << "[console]\nlisten = \"127.0.0.1:" << free_port() << "\"\ncertificate = \""
            << console.certificate.string() << "\"\nkey = \"" << console.key.string()
            << "\"\n[hotline]\nsocket = \"" << (engine.folder() / "socket").string()
            << "\"\nbrowsers = false\ndomain = \"127.0.0.1:" << seats->port()
            << "\"\nlines = { \"12349\" = \"620102\" }\n";
    }
    void has_the_lines() {
        until("it has the lines",
              [this] { return server->says().find("waiting, ") != std::string::npos; });
    }
    // What her page says.
    void says(std::string who, seat_word what) {
        auto const now = std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
        auto const done = run_on(loop, desk->says({std::move(who)}, what, {}, now));
        ASSERT_TRUE(done);
    }
    sipp caller(std::string scenario) { return engine.phone(std::move(scenario)); }
    void has(std::string const& what, std::string const& sql) {
        until(what, [&] { return h.count(sql) == 1; });
    }

    house h;
    hotline_house engine{{}};
    boost::asio::io_context loop;
    std::optional<sipp> seats;
    std::optional<another_server> server;
    std::unique_ptr<postgres::hotline_database> desk;
};

TEST_F(joined, who_refuses_is_followed_by_the_next_and_all_times_of_the_talk_are_in_the_record) {
    says("li", seat_word::ready);
    says("wang", seat_word::ready);
    auto phone = caller("caller_talks_and_leaves");
    has("wang talks", "call where source = 'hotline' and seat = 'wang' and "
                      "rang_at <= answered_at and not waits and ended_at is null");
    has("her seat says so", "seat s join call c on c.id = s.call "
                            "where s.account = 'wang' and s.state = 'talking'");
    until("he is heard", [&] {
        phone.finds_whom_to_speak_to();
        seats->finds_whom_to_speak_to();
        return seats->voice().heard_of(phone.voice()) > 5 &&
               phone.voice().heard_of(seats->voice()) > 5;
    });
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    EXPECT_EQ(seats->ends(), "");
    has("it is over", "call where answered_at < ended_at");
    has("li has refused", "call_attempt where account = 'li' "
                          "and how = 'refused' and answered_at is null");
    has("wang has talked", "call_attempt where account = 'wang' "
                           "and how = 'call_ended' and rang_at <= answered_at "
                           "and answered_at < ended_at");
    has("she wraps up", "seat where account = 'wang' "
                        "and state = 'wrapping_up' and call is null");
}

TEST_F(joined, a_server_killed_while_somebody_waits_finds_him_again) {
    auto phone = caller("caller_talks_and_leaves");
    has("he waits", "call where source = 'hotline' and waits and place = 1");
    server->dies();
    says("wang", seat_word::ready);
    server->starts();
    has("wang talks with him", "call where seat = 'wang' and not waits");
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    has("it was one call", "call");
    has("and is over", "call where ended_at is not null");
}

TEST_F(joined, a_talk_outlasts_the_server_and_its_end_comes_into_the_record) {
    says("wang", seat_word::ready);
    auto phone = caller("caller_talks_and_leaves");
    has("they talk", "call where seat = 'wang' and ended_at is null");
    server->dies();
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    EXPECT_EQ(h.count("call where ended_at is not null"), 0);
    server->starts();
    has("it is over", "call where answered_at < ended_at");
    has("her telephone, too", "call_attempt where how is not null");
    EXPECT_THAT(server->says(), HasSubstr("0 waiting, 0 talking"));
}

TEST_F(joined, who_waited_when_the_engine_died_is_rung_back) {
    auto phone = caller("caller_stays");
    has("he waits", "call where source = 'hotline' and waits and place = 1");
    engine.kill_engine();
    engine.start_engine();
    has("the record knows that nobody talked with him",
        "call c join request r on r.id = c.request where c.outcome = 'missed' "
        "and c.ended_at is not null and c.answered_at is null and not c.waits");
    has("it was one call", "call");
}

} // namespace
} // namespace linli::tests
