#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "adapters/postgres/hotline_record.hpp"
#include "hotline/system/hotline_house.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"
#include "support/run_on.hpp"
#include "system/another_server.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

using domain::seat_word;

// `linli serve` with PostgreSQL, the engine with rtpengine, and telephones of another make for the
// caller and for two operators, li, who refuses, and wang.
class joined : public testing::Test {
public:
    struct wishes {
        bool records = false;           // what is spoken
        bool rings = false;             // whoever has a number, k1's telephone among them
        bool offers_at_once = false;    // by the demo's plans, which both servers have then
        std::string line_of = "620102"; // the area whose number 12349 is
    };
    joined() : joined(wishes()) {}
    explicit joined(wishes const& with)
        : h(with_one_telephone(small_city())), engine({.records = with.records}), with_(with) {
        if (with.offers_at_once) h.takes_the_demo_plans();
        h.opens_console();
        for (auto const* who : {"li", "wang"})
            h.adds_user(who, domain::role::operator_, "620102");
        seats.emplace(engine.folder(), sipp::call{"seats", engine.sip_port(), {}, 2}, 0x22);
        if (with.rings) {
            workers.emplace(engine.folder(), sipp::call{"leg_answers", engine.sip_port()}, 0x33);
            auto const sounds = engine.folder() / "sounds";
            std::filesystem::copy_file(sounds / "press_1.wav", sounds / "notice_zh.wav");
        }
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
            << "[console]\nlisten = \"127.0.0.1:" << pages << "\"\ncertificate = \""
            << console.certificate.string() << "\"\nkey = \"" << console.key.string()
            << "\"\n[hotline]\nsocket = \"" << (engine.folder() / "socket").string()
            << "\"\nbrowsers = false\ndomain = \"127.0.0.1:" << seats->port()
            << "\"\nlines = { \"12349\" = \"" << with_.line_of << "\" }\n"
            << (with_.records ? "recordings = \"sealed\"\nrecorded = \"" +
                                    (engine.folder() / "recordings").string() + "\"\n"
                              : std::string())
            << (with_.rings
                    ? "spoken = \"" + (engine.folder() / "spoken").string() +
                          "\"\ntrunk_domain = \"127.0.0.1:" + std::to_string(workers->port()) +
                          "\"\n[notify]\ncallback = \"12349\"\ntexts = \"" +
                          shipped_config("notices.toml") + "\"\n[notify.voice]\nby = \"hotline\"\n"
                    : std::string());
    }
    void has_the_lines() {
        until("it has the lines",
              [this] { return server->says().find("waiting, ") != std::string::npos; });
    }
    // k1's: whichever of two rang the one that we have here would be answered.
    static app::registry_rows with_one_telephone(app::registry_rows city) {
        for (auto& each : city.workers)
            if (each.id.value != "k1") each.phone.clear();
        return city;
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

    std::uint16_t const pages = free_port(); // of the server that has the hotline
    house h;
    hotline_house engine;
    boost::asio::io_context loop;
    std::optional<sipp> seats;
    std::optional<sipp> workers; // k1's telephone
    std::optional<another_server> server;
    std::unique_ptr<postgres::hotline_database> desk;

private:
    wishes const with_;
};

} // namespace linli::tests
