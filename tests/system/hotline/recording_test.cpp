// What is spoken at the hotline: recorded by the real rtpengine when the caller has heard that it
// is, sealed by the real server, heard at a page, and unreadable with whom it is about.
#include <filesystem>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include "adapters/postgres/erasure_record.hpp"
#include "adapters/postgres/personal.hpp"
#include "app/erasures.hpp"
#include "support/manual_clock.hpp"
#include "support/page_client.hpp"
#include "system/hotline/joined_house.hpp"

namespace linli::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char his_sound = 0x11, her_sound = 0x22; // each packet is full of it
constexpr std::size_t wav_head = 58;

std::string text_of(fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Somebody at a page of the server that has the hotline.
struct at_page : page_client {
    at_page(joined const& of, std::string const& user)
        : page_client(of.pages, of.h.folder() / "console/ca.crt") {
        auto const in =
            post("/v1/session",
                 R"({"user":")" + user + R"(","password":"a long secret of )" + user + R"("})");
        EXPECT_EQ(in.status, 200) << in.body;
    }
};

class recorded : public joined {
protected:
    recorded() : joined({.records = true}) { h.adds_user("qian", domain::role::quality, "620102"); }

    // A talk in which both have heard each other, and that he ends.
    void talk(std::function<void()> const& meanwhile = [] {}) {
        says("wang", seat_word::ready);
        auto phone = caller("caller_talks_and_leaves");
        has("they talk", "call where seat = 'wang' and ended_at is null");
        auto const before = seats->voice().heard_of(phone.voice());
        until("both hear each other", [&] {
            phone.finds_whom_to_speak_to();
            seats->finds_whom_to_speak_to();
            return seats->voice().heard_of(phone.voice()) > before + 40 &&
                   phone.voice().heard_of(seats->voice()) > 40;
        });
        meanwhile();
        phone.hangs_up();
        EXPECT_EQ(phone.ends(), "");
    }
    std::vector<std::string> files_in(fs::path const& folder) const {
        std::vector<std::string> all;
        if (fs::exists(folder))
            for (auto const& each : fs::recursive_directory_iterator(folder))
                if (each.is_regular_file()) all.push_back(each.path().string());
        return all;
    }
    std::vector<std::string> plain() const { return files_in(engine.folder() / "recordings"); }
    std::vector<std::string> sealed() const { return files_in(h.folder() / "hotline/sealed"); }
    // Of all that both houses have written anywhere, what has a voice in it.
    std::vector<std::string> with_a_voice() const {
        std::vector<std::string> found;
        for (auto const& folder : {engine.folder(), fs::path(h.folder())})
            for (auto const& each : files_in(folder)) {
                auto const text = text_of(each);
                for (auto const sound : {his_sound, her_sound})
                    if (text.find(std::string(100, sound)) != text.npos) found.push_back(each);
            }
        return found;
    }
    void is_sealed() {
        has("it is sealed", "recording where state = 'sealed'");
        until("nothing lies in clear", [this] { return plain().empty(); });
    }
    std::string call() const {
        pqxx::connection on(h.config().database.url);
        return pqxx::nontransaction(on).exec1("select id from call")[0].c_str();
    }

    static page_client::answer part(page_client& page, std::string const& call,
                                    std::string const& range) {
        return page.asks(
            {"GET", "/v1/calls/" + call + "/recordings/" + call, {}, "Range: " + range + "\r\n"});
    }
    long listenings(std::string const& who) {
        return h.count("access_log where what = 'recording' and who = '" + who + "'");
    }
};

// How much of one side is that sound.
double share(std::string const& wav, std::size_t side, char sound) {
    std::size_t all = 0, his = 0;
    for (std::size_t at = wav_head + side; at < wav.size(); at += 2, ++all)
        his += wav[at] == sound ? 1U : 0U;
    return all == 0 ? 0 : static_cast<double>(his) / static_cast<double>(all);
}

TEST_F(recorded, each_is_heard_on_his_side_and_nothing_of_it_lies_in_clear) {
    talk();
    is_sealed();
    EXPECT_EQ(h.count("recording where length_ms > 500 and pieces = 1 and bytes > 8000"), 1);
    EXPECT_EQ(sealed().size(), 1U);
    EXPECT_THAT(with_a_voice(), IsEmpty());

    auto const of = call();
    at_page operator_(*this, "li");
    EXPECT_EQ(part(operator_, of, "bytes=0-").status, 403);
    at_page page(*this, "qian");
    auto const listed = page.get("/v1/calls/" + of + "/recordings").body;
    EXPECT_THAT(listed, HasSubstr(R"("state":"sealed")"));
    EXPECT_EQ(listenings("qian"), 0);
    auto const first = part(page, of, "bytes=0-999");
    EXPECT_EQ(first.status, 206) << first.body;
    EXPECT_EQ(first.headers.at("content-type"), "audio/wav");
    EXPECT_EQ(first.body.size(), 1000U);
    EXPECT_EQ(listenings("qian"), 1);
    auto const rest = part(page, of, "bytes=1000-");
    EXPECT_EQ(listenings("qian"), 1) << "it is one listening";
    EXPECT_EQ(listenings("li"), 0);
    auto const wav = first.body + rest.body;
    EXPECT_THAT(first.headers.at("content-range"), HasSubstr('/' + std::to_string(wav.size())));
    EXPECT_EQ(wav.substr(0, 4), "RIFF");
    EXPECT_GT(share(wav, 0, his_sound), 0.5);
    EXPECT_EQ(share(wav, 0, her_sound), 0);
    EXPECT_GT(share(wav, 1, her_sound), 0.5);
    EXPECT_EQ(share(wav, 1, his_sound), 0);
}

TEST_F(recorded, goes_with_the_key_of_whom_it_is_about) {
    auto const keys = postgres::key_ring::load(h.config().database.key_file);
    pqxx::connection on(h.config().database.url);
    auto const number = postgres::phone_lookup(keys, "13800000001");
    auto const data_key = keys.make_data_key();
    pqxx::nontransaction(on).exec_params(
        "insert into resident (id, home, data_key, personal, phone_hmac) "
        "select 'he', min(id), $1, $2, $3 from home",
        pqxx::binarystring(data_key),
        pqxx::binarystring(keys.seal_for(data_key, postgres::resident_personal::sealed_for, "{}")),
        pqxx::binarystring(number.data(), number.size()));
    talk();
    is_sealed();
    has("it is his", "recording where whose = 'resident:he'");

    auto const erased = postgres::open_erasures(h.config().database.url);
    auto const now = std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
    manual_clock clock{now};
    app::erasures erasures(*erased, clock);
    for (auto const& asked :
         {run_on(loop, erasures.ask({{"he"}, domain::erasure_reason::consent, {"li"}})),
          run_on(loop, erasures.confirm({"he"}, {"wang"}))})
        ASSERT_TRUE(asked && !asked->refused);
    erased->stop();
    EXPECT_EQ(h.count("recording where state = 'gone' and sealed_key is null"), 1) << "at once";
    at_page page(*this, "qian");
    auto const answer = part(page, call(), "bytes=0-");
    EXPECT_EQ(answer.status, 409);
    EXPECT_THAT(answer.body, HasSubstr("gone"));
    EXPECT_EQ(listenings("qian"), 0);
    until("the file goes, too", [this] { return sealed().empty(); });
}

TEST_F(recorded, whoever_dies_in_the_talk_and_after_it_loses_nothing_and_doubles_nothing) {
    talk([this] {
        until("it is recorded", [this] { return !plain().empty(); });
        server->dies();
    });
    EXPECT_EQ(h.count("recording where state = 'sealed'"), 0);
    server->starts();
    is_sealed();
    EXPECT_EQ(h.count("recording"), 1);
    EXPECT_EQ(sealed().size(), 1U);
}

TEST_F(recorded, what_was_left_between_two_steps_is_done_again_or_taken_away) {
    auto const kept = fs::path(h.folder()) / "kept";
    talk([&] {
        until("it is recorded", [this] { return !plain().empty(); });
        server->dies();
    });
    until("it has ended",
          [this] { return !fs::is_empty(engine.folder() / "recordings/metadata"); });
    fs::copy(engine.folder() / "recordings", kept, fs::copy_options::recursive);
    // It had sealed it and not said so: the record knows nothing of that file.
    fs::create_directories(fs::path(h.folder()) / "hotline/sealed");
    auto const orphan = fs::path(h.folder()) / "hotline/sealed/orphan.sealed";
    std::ofstream(orphan) << "sealed for nothing";
    fs::last_write_time(orphan, fs::file_time_type::clock::now() - std::chrono::hours(2));
    server->starts();
    is_sealed();
    until("what was sealed for nothing is gone", [&] { return !fs::exists(orphan); });
    auto const before = sealed();
    // It had said so, and not taken away what lay in clear.
    fs::copy(kept, engine.folder() / "recordings",
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::remove_all(kept);
    until("it is taken away", [this] { return plain().empty(); });
    EXPECT_EQ(sealed(), before);
    EXPECT_EQ(h.count("recording"), 1);
    EXPECT_THAT(with_a_voice(), IsEmpty());
}

TEST_F(recorded, a_media_server_that_dies_leaves_what_was_heard_until_then) {
    talk([this] {
        until("something is on the disk", [this] { return engine.recorded() > 4096; });
        engine.kill_rtpengine();
    });
    has("it is over", "call where ended_at is not null");
    for (auto const& each : plain()) // a minute goes by
        fs::last_write_time(each, fs::file_time_type::clock::now() - std::chrono::seconds(61));
    is_sealed();
    at_page page(*this, "qian");
    auto const wav = part(page, call(), "bytes=0-").body;
    EXPECT_GT(share(wav, 0, his_sound), 0.4);
    EXPECT_EQ(share(wav, 0, her_sound), 0);
}

} // namespace
} // namespace linli::tests
