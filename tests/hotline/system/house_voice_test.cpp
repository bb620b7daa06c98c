#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "adapters/hotline_link/engine_link.hpp"
#include "adapters/speech/espeak.hpp"
#include "app/call_placer.hpp"
#include "app/house_dialler.hpp"
#include "app/house_voice.hpp"
#include "hotline/system/hotline_house.hpp"
#include "hotline/system/until.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_placed_calls.hpp"
#include "support/run_on.hpp"

// The house rings by itself: what the dispatch server has for it, with the twin in place of the
// database; a real engine, a real voice, and telephones of another make.
namespace linli::tests {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

// As much of the dispatch server as this takes. Its clock goes on while somebody waits for it.
class a_server final : public app::hotline_listener {
public:
    explicit a_server(hotline_house& house)
        : speech_({.folder = house.folder() / "spoken"}),
          link_(loop_.get_executor(), {.socket = house.folder() / "socket"}),
          placer_({kept_, link_, speech_, clock_}, {.domain = "desk.test",
                                                    .trunk = "trunk.test",
                                                    .browsers = false,
                                                    .pause = domain::seconds(1)}),
          voice_({kept_, clock_, ids_}), dialler_({kept_, clock_, ids_}),
          tasks_(loop_.get_executor()) {
        tasks_.spawn("link", link_.run(*this));
        tasks_.spawn("voice", voice_.run());
        placer_.start(tasks_);
    }
    ~a_server() override {
        run_on(loop_, link_.stop());
        run_on(loop_, tasks_.stop());
        speech_.stop();
    }

    void tells(std::string phone, std::string text, std::string language) {
        app::letter what;
        what.by = domain::channel::voice;
        what.key = "delivery-1";
        what.phone = std::move(phone);
        what.text = std::move(text);
        what.language = std::move(language);
        voice_.carry(std::move(what), [this](app::carried how) { came = std::move(how); });
    }
    void dials(std::string seat, std::string phone) {
        boost::asio::co_spawn(
            loop_, dialler_.dial({"wish", {std::move(seat)}, std::move(phone), "alert-1"}),
            [this](std::exception_ptr, app::dialled how) { dialled = how; });
    }
    // For as long as somebody has looked elsewhere.
    void goes_on() {
        auto const now = std::chrono::steady_clock::now();
        clock_.fast_forward(std::chrono::duration_cast<domain::duration>(now - seen_));
        seen_ = now;
        loop_.restart();
        loop_.poll();
    }

    void lines_came(std::string const&) override {}
    void line_happened(app::line_event const&) override {}
    void line_was(app::line_over const&) override {}
    void placed_was(app::placed_over const& what) override { placer_.placed_was(what); }
    void lines_stand(app::lines_snapshot const& what) override { placer_.lines_stand(what); }
    void lines_answered(std::string const& command, app::line_refusal why) override {
        placer_.lines_answered(command, why);
    }
    void lines_went() override { placer_.lines_went(); }

    std::optional<app::carried> came;
    std::optional<app::dialled> dialled;

private:
    boost::asio::io_context loop_;
    manual_clock clock_{evening};
    std::chrono::steady_clock::time_point seen_ = std::chrono::steady_clock::now();
    app::id_source ids_{7};
    memory_placed_calls kept_;
    speech::espeak speech_;
    hotline_link::engine_link link_;
    app::call_placer placer_;
    app::house_voice voice_;
    app::house_dialler dialler_;
    runtime::work_scope tasks_;
};

// All that we ring goes to one telephone: the edge is the telephone itself.
struct a_ringing_house {
    explicit a_ringing_house(std::string scenario)
        : phone(folder.path(), {.scenario = std::move(scenario), .engine = 1}, 0x11),
          house({.edge = phone.port()}), server(house) {
        for (auto const* const each : {"notice", "press_1", "thanks"})
            for (auto const* const language : {"_zh", "_en"})
                fs::copy_file(house.folder() / "sounds/press_1.wav",
                              house.folder() / "sounds" / (std::string(each) + language + ".wav"));
    }

    std::size_t spoken() const {
        auto const all = fs::directory_iterator(house.folder() / "spoken");
        return static_cast<std::size_t>(std::distance(fs::begin(all), fs::end(all)));
    }
    void waits_for_the_outcome() {
        until("it is known what has come of it", [&] {
            server.goes_on();
            return server.came.has_value();
        });
    }

    private_folder const folder;
    sipp phone;
    hotline_house house;
    a_server server;
};

TEST(HouseVoice, SomebodyIsRungHearsItPressesOneAndHasIt) {
    a_ringing_house h("leg_answers");
    h.server.tells("13900000001", "孙美按了呼救，请回拨12349。", "zh");
    until("the house is heard", [&] {
        h.server.goes_on();
        h.phone.finds_whom_to_speak_to();
        return h.phone.voice().heard() > 30;
    });
    EXPECT_EQ(h.spoken(), 1U);
    h.phone.voice().presses(1);
    h.waits_for_the_outcome();
    EXPECT_EQ(h.server.came->how, domain::sending::confirmed) << h.server.came->reason;
    EXPECT_EQ(h.phone.ends(), "");
    EXPECT_EQ(h.spoken(), 0U) << "what was said is gone";
}

TEST(HouseVoice, WhoeverIsBusyIsToldSo) {
    a_ringing_house h("leg_is_busy");
    h.server.tells("13900000001", "Sun Mei has pressed.", "en");
    h.waits_for_the_outcome();
    EXPECT_EQ(h.server.came->how, domain::sending::unreachable);
    EXPECT_EQ(h.server.came->reason, "busy");
    EXPECT_EQ(h.spoken(), 0U);
}

TEST(HouseVoice, WhoeverPressesNothingDoesNotHaveIt) {
    a_ringing_house h("leg_answers");
    h.server.tells("13900000001", "孙美。", "zh");
    h.waits_for_the_outcome();
    EXPECT_EQ(h.server.came->how, domain::sending::silent);
    EXPECT_EQ(h.server.came->reason, "no_key");
}

} // namespace
} // namespace linli::tests
