// [3G*ID*LLLL*…]: frames that real watches have sent, as TCP may bring them, and what comes of
// each.
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "adapters/watch_tcp/command_words.hpp"
#include "adapters/watch_tcp/frame.hpp"
#include "adapters/watch_tcp/frame_splitter.hpp"
#include "adapters/watch_tcp/signal_reading.hpp"

namespace linli::watch_tcp {
namespace {

using domain::signal_kind;

domain::instant const noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) +
                           std::chrono::hours(12)};

struct vector {
    std::string bytes;
    std::string id;
    std::string type;
    std::optional<signal_kind> raises;
    std::string answer;
};

constexpr auto nobody = std::nullopt;

// As published by people who read such watches (the sources are in the frames' issue threads).
std::vector<vector> const& vectors() {
    static std::vector<vector> const all{
        // sos, no fix, a blank before the longitude
        {"[3G*8809008845*00C0*AL,271219,094744,V,00.000000,N, 0.0000000,E,0.00,0.0,0.0,0,100,81,0,"
         "0,00010000,7,0,460,0,9336,3981,141,9336,3912,141,9336,3982,140,9765,4233,134,9765,4071,"
         "134,9765,4321,134,9336,4353,132,0,0.0]",
         "8809008845", "AL", signal_kind::sos, "[3G*8809008845*0002*AL]"},
        // with an index
        {"[ZJ*014111001332708*0075*0064*AL,040418,052156,A,22.536207,N,113.938673,E,0,0,0,5,100,82,"
         "1000,50,00100000,1,255,460,0,9340,3663,35]",
         "014111001332708", "AL", signal_kind::removed, "[ZJ*014111001332708*0075*0002*AL]"},
        {"[3G*8308373902*0080*AL,230817,095346,A,47.083950,N,15.4821850,E,7.60,273.8,0.0,4,15,44,0,"
         "0,00200010,2,255,232,1,7605,42530,118,7605,58036,119,0,65.8]",
         "8308373902", "AL", signal_kind::fall, "[3G*8308373902*0002*AL]"},
        // an id of 15 digits, and a type of its maker's own
        {"[3G*358839237678820*0122*ALCUSTOMER1,251120,081821,V,0.0,N,0.0,E,2.58,317.462,35.147,14,"
         "100,2,11089,0,00100008,1,1,460,01,42308,101992452,100,5,shizhou1,44:56:e2:03:ea:2a,-69,"
         "FART3,30:0d:9e:bb:fa:4d,-70,ZKY-A209,88:c3:97:c1:f4:7f,-73,ChinaNet-HNeD,e8:84:c6:21:7c:"
         "dc,-77,,30:45:96:10:14:5d,-79,1.2035439]",
         "358839237678820", "ALCUSTOMER1", signal_kind::removed, "[3G*358839237678820*0002*AL]"},
        // no bit is set
        {"[SG*9051004074*0058*AL,120117,145602,V,40.058413,N,76.336618,W,11.519,188,99,00,01,80,0,"
         "50,00000000,0,1,0,0,,10]",
         "9051004074", "AL", signal_kind::sos, "[SG*9051004074*0002*AL]"},
        // a status of four digits: no room for an alarm bit
        {"[SG*8800000015*0087*AL,220414,134652,A,22.571707,N,113.8613968,E,0.1,0.0,100,7,60,90,"
         "1000,"
         "50,0001,4,1,460,0,9360,4082,131,9360,4092,148,9360,4091,143,9360,4153,141]",
         "8800000015", "AL", signal_kind::sos, "[SG*8800000015*0002*AL]"},
        // empty hemispheres
        {"[3G*8904355190*00C2*AL_LTE,050423,121656,V,00.000000,,00.0000000,,0.00,0.0,0.0,0,100,81,"
         "0,"
         "0,00010000,1,1,460,01,42308,101992452,100,0,0.0]",
         "8904355190", "AL_LTE", signal_kind::sos, "[3G*8904355190*0002*AL]"},
        {"[3G*6005412902*0008*heart,71]", "6005412902", "heart", nobody, ""},
        {"[3G*6005412902*0007*heart,0]", "6005412902", "heart", nobody, ""},
        {"[3G*4700609403*0013*bphrt,120,79,73,,,,]", "4700609403", "bphrt", nobody, ""},
        {"[ZJ*357653059860416*0007*000c*BLOOD,109,68]", "357653059860416", "BLOOD", nobody, ""},
        {"[3G*2104326058*000E*btemp2,1,35.29]", "2104326058", "btemp2", nobody, ""},
        {"[CS*8800000015*0008*PULSE,72]", "8800000015", "PULSE", nobody, ""},
        {"[3G*9031853319*004E*UD2,220322,055105,A,22.761162,N,114.360192,E,0,0,47,14,100,64,0,0,"
         "00000008,0,0]",
         "9031853319", "UD2", nobody, ""},
        {"[3G*2104326058*00E9*UD_LTE,300621,135101,A,32.162652,N,34.888748,E,30.84,265.158,65.621,"
         "18,100,83,0,0,00000000,1,1,425,01,10223,8012811,100,3,ES4104,22:74:1d:39:64:ff,-46,"
         "metropoline-wifi,a8:3f:a1:e0:66:ba,-89,Egged.co.il,00:0c:42:51:cf:cd,-81,1.7055488]",
         "2104326058", "UD_LTE", nobody, ""},
        {"[SG*9051000884*009B*UD,030117,161129,V,52.745450,N,0.369512,,0.1481,000,99,00,70,5,0,50,"
         "00000000,5,1,234,15,893,3611,135,893,3612,132,893,3993,131,893,30986,129,893,40088,126,,"
         "00]",
         "9051000884", "UD", nobody, ""},
        {"[3G*6005412902*011F*WT,170517,133811,V,18.512200,N,73.7750283,E,0.00,0.0,0.0,0,92,82,"
         "4262,"
         "0,00000010,2,1,404,22,10125,8301,141,10125,13921,122,5,Skynet,28:c6:8e:be:87:c0,-60,13."
         "8]",
         "6005412902", "WT", nobody, ""},
        // a length that is wrong, as it came
        {"[SG*9081000548*0009*LK,0,100]", "9081000548", "LK", nobody, "[SG*9081000548*0002*LK]"},
        {"[3G*4700186508*000B*LK,0,10,100]", "4700186508", "LK", nobody, "[3G*4700186508*0002*LK]"},
        {"[SG*8800000015*0002*LK]", "8800000015", "LK", nobody, "[SG*8800000015*0002*LK]"},
        {"[3G*8800000015*0003*TKQ]", "8800000015", "TKQ", nobody, "[3G*8800000015*0003*TKQ]"},
        {"[3G*8800000015*0004*INIT]", "8800000015", "INIT", nobody, "[3G*8800000015*0006*INIT,1]"},
        {"[CS*1234567890*000e*TK,#!AMR}\x01}\x02}\x03}\x04}\x05\xff]", "1234567890", "TK", nobody,
         ""},
    };
    return all;
}

std::vector<std::string> split(std::vector<std::string> const& segments) {
    frame_splitter splitter(70'000);
    std::vector<std::string> frames;
    for (auto const& each : segments) {
        splitter.put(each);
        for (auto piece = splitter.next(); piece; piece = splitter.next())
            frames.push_back(piece->bytes);
    }
    if (auto rest = splitter.rest()) frames.push_back(rest->bytes);
    return frames;
}

std::vector<std::string> byte_by_byte(std::string_view text) {
    std::vector<std::string> segments;
    for (auto const c : text)
        segments.emplace_back(1, c);
    return segments;
}

domain::signal signal_of(std::string_view bytes) {
    return read_signal({read_frame(bytes).id}, bytes, noon);
}

// The same watch, saying something else.
std::string al(std::string_view status) {
    auto const body =
        fmt::format("AL,271219,094744,V,0.0,N,0.0,E,0,0,0,0,100,81,0,0,{},0,0", status);
    return fmt::format("[3G*8809008845*{:04X}*{}]", body.size(), body);
}

TEST(watch_frame, every_vector_is_read_and_answered_and_raises_what_it_should) {
    for (auto const& each : vectors()) {
        SCOPED_TRACE(each.bytes);
        auto const f = read_frame(each.bytes);
        EXPECT_EQ(f.id, each.id);
        EXPECT_EQ(f.type, each.type);
        EXPECT_EQ(answer_to(f), each.answer);
        ASSERT_EQ(is_signal(f), each.raises.has_value());
        if (!each.raises) continue;
        EXPECT_EQ(signal_of(each.bytes).kind, *each.raises);
    }
}

TEST(watch_frame, every_vector_comes_byte_by_byte_and_all_of_them_in_one_segment) {
    std::string glued;
    std::vector<std::string> expected;
    for (auto const& each : vectors()) {
        EXPECT_EQ(split(byte_by_byte(each.bytes)), std::vector{each.bytes});
        glued += each.bytes;
        expected.push_back(each.bytes);
    }
    EXPECT_EQ(split({glued}), expected);
    EXPECT_EQ(split(byte_by_byte(glued)), expected);
}

TEST(watch_frame, a_press_tells_where_when_and_how_much_battery_is_left) {
    auto const s = signal_of(vectors()[2].bytes);
    ASSERT_TRUE(s.fix);
    EXPECT_DOUBLE_EQ(s.fix->latitude, 47.08395);
    EXPECT_DOUBLE_EQ(s.fix->longitude, 15.482185);
    EXPECT_EQ(s.happened_at,
              domain::instant(std::chrono::sys_days(std::chrono::year(2017) / 8 / 23) +
                              std::chrono::seconds(9 * 3600 + 53 * 60 + 46)));
    EXPECT_EQ(s.battery_percent, 44);
    EXPECT_EQ(s.text, "AL 00200010: fall, moving");
    EXPECT_EQ(s.door, "watch_tcp");
    EXPECT_FALSE(s.is_awaited) << "nobody is subscribed to its receipts";
}

TEST(watch_frame, south_and_west_are_negative_and_without_a_fix_there_is_no_place) {
    auto const at = [](std::string_view place) {
        return signal_of(fmt::format("[3G*8809008845*0000*AL,271219,094744,{},0,0]", place)).fix;
    };
    EXPECT_DOUBLE_EQ(at("A,33.5,S,70.25,W")->latitude, -33.5);
    EXPECT_DOUBLE_EQ(at("A,-33.5,S,-70.25,W")->longitude, -70.25);
    EXPECT_DOUBLE_EQ(at("A,33.5,, 70.25,")->longitude, 70.25);
    EXPECT_FALSE(at("V,33.5,N,70.25,E"));
    EXPECT_FALSE(at("A,0.0,N,0.0,E"));
    EXPECT_FALSE(at("A,lat,N,70.25,E"));
    EXPECT_FALSE(at("A,133.5,N,70.25,E"));
}

TEST(watch_frame, of_several_bits_the_worst_is_the_kind_and_all_are_told) {
    EXPECT_EQ(signal_of(al("00110001")).kind, signal_kind::sos);
    EXPECT_EQ(signal_of(al("00110001")).text, "AL 00110001: sos, removed, low battery");
    EXPECT_EQ(signal_of(al("00700000")).kind, signal_kind::fall);
    EXPECT_EQ(signal_of(al("001F0000")).kind, signal_kind::sos);
    EXPECT_EQ(signal_of(al("00140000")).kind, signal_kind::removed);
    EXPECT_EQ(signal_of(al("00060000")).kind, signal_kind::fence);
}

TEST(watch_frame, an_alarm_of_the_battery_alone_is_no_press) {
    EXPECT_EQ(signal_of(al("00020000")).kind, signal_kind::battery);
    EXPECT_EQ(signal_of(al("00020011")).kind, signal_kind::battery); // and what is a state
    EXPECT_EQ(signal_of(al("00030000")).kind, signal_kind::sos);
    EXPECT_EQ(signal_of(al("00220000")).kind, signal_kind::fall);
    EXPECT_EQ(signal_of(al("00820000")).kind, signal_kind::sos); // beside it nobody knows what
    EXPECT_EQ(signal_of(al("00800000")).kind, signal_kind::sos);
    EXPECT_EQ(signal_of(al("00000001")).kind, signal_kind::sos); // the state is no alarm
}

TEST(watch_frame, an_alarm_whose_status_cannot_be_read_is_a_press_and_its_bytes_are_kept) {
    for (std::string_view status : {"", "0001000", "00010000x", "zzzzzzzz", "-1"}) {
        auto const s = signal_of(al(status));
        EXPECT_EQ(s.kind, signal_kind::sos) << status;
        EXPECT_EQ(s.raw, al(status));
    }
    EXPECT_EQ(signal_of("[3G*8809008845*0002*AL]").kind, signal_kind::sos);
    EXPECT_EQ(signal_of("[3G*8809008845*00C0*AL,2712").kind, signal_kind::sos);
}

TEST(watch_frame, a_position_raises_by_its_alarm_bits_and_not_by_its_states) {
    auto const kind = [](std::string_view type, std::string_view status) {
        auto bytes = al(status);
        bytes.replace(bytes.find("AL,"), 2, type);
        return is_signal(read_frame(bytes)) ? std::optional(signal_of(bytes).kind) : std::nullopt;
    };
    EXPECT_EQ(kind("UD", "00010001"), signal_kind::sos);
    EXPECT_EQ(kind("UD_LTE", "00400000"), signal_kind::fall);
    EXPECT_EQ(kind("UD2", "00100000"), signal_kind::removed);
    EXPECT_EQ(kind("WT", "00010000"), signal_kind::sos);
    EXPECT_EQ(kind("NEWTYPE", "00010000"), signal_kind::sos);
    EXPECT_EQ(kind("UD", "00020000"), signal_kind::battery);
    EXPECT_EQ(kind("UD", "0000401F"), std::nullopt);
    EXPECT_EQ(kind("UD", "?"), signal_kind::unreadable);
}

TEST(watch_frame, what_is_no_call_and_can_be_read_calls_nobody) {
    EXPECT_FALSE(is_signal(read_frame("[3G*8809008845*0009*NEWTYPE,1]")));
    EXPECT_FALSE(is_signal(read_frame("[3G*8809008845*0002*UD]")));
    EXPECT_FALSE(is_signal(read_frame("[3G*8809008845*0006*ICCID,]")));
    // Also with a length that is wrong.
    for (std::string_view known : {"heart,72", "HEART,72", "iccid,8986", "img,1"})
        EXPECT_FALSE(is_signal(read_frame(fmt::format("[3G*8809008845*0002*{}]", known)))) << known;
}

TEST(watch_frame, what_cannot_be_read_is_unreadable_with_an_id_if_there_is_one) {
    for (std::string_view bytes :
         {"[3G*8809008845*0009*\x01\x02\x03]", "[3G*8809008845*00C0*", "[3G*8809008845*0003*NEW,1]",
          "[??*8809008845*0002*\xff]", "[3G8809008845*0002*!]", "[3G*8809008845]"}) {
        auto const f = read_frame(bytes);
        EXPECT_EQ(f.id, "8809008845") << bytes;
        EXPECT_TRUE(is_signal(f)) << bytes;
        EXPECT_EQ(signal_of(bytes).kind, signal_kind::unreadable) << bytes;
        EXPECT_EQ(signal_of(bytes).raw, bytes);
    }
    EXPECT_EQ(read_frame("[3G*12345*0002*LK]").id, "");
    EXPECT_EQ(read_frame("[3G*1234567890123456*0002*LK]").id, "");
    EXPECT_EQ(read_frame("").id, "");
}

TEST(watch_frame, a_broken_header_does_not_hide_a_press) {
    EXPECT_EQ(signal_of("[3GX*8809008845*0002*AL,1]").kind, signal_kind::sos);
    EXPECT_EQ(signal_of("[3G*8809008845*XXXX*AL,1]").kind, signal_kind::sos);
    EXPECT_EQ(signal_of("[3G*8809008845*AL,1]").kind, signal_kind::sos);
}

TEST(watch_frame, an_escaped_separator_separates_nothing) {
    auto const f = read_frame("[3G*8809008845*000C*XYZ,a}\x04}\x05}\x01,b]");
    EXPECT_EQ(f.fields, (std::vector<std::string>{"a,*}", "b"}));
}

TEST(watch_frame, the_same_press_again_is_the_same_event_also_with_another_index) {
    auto const once = signal_of("[ZJ*014111001332708*0075*0004*AL,1]");
    EXPECT_EQ(once.event, signal_of("[ZJ*014111001332708*0076*0004*AL,1]").event);
    EXPECT_NE(once.event, signal_of("[ZJ*014111001332708*0076*0004*AL,2]").event);
}

TEST(watch_stream, a_length_that_is_wrong_holds_nothing_back) {
    std::string const too_long = "[3G*8809008845*FFFF*AL,1]";
    std::string const too_short = "[3G*8809008845*0001*AL,2]";
    std::string const next = "[3G*8809008845*0002*LK]";
    EXPECT_EQ(split({too_long}), std::vector{too_long});
    EXPECT_EQ(split(byte_by_byte(too_long + too_short + next)),
              (std::vector{too_long, too_short, next}));
}

TEST(watch_stream, the_rest_of_a_name_with_a_bracket_belongs_to_its_frame) {
    std::string const next = "[3G*8809008845*0002*LK]";
    auto const frames = split({"[3G*8809008845*000A*UD,a]b,c,d]" + next});
    EXPECT_EQ(frames, (std::vector<std::string>{"[3G*8809008845*000A*UD,a]", next}));
}

TEST(watch_stream, a_frame_that_another_cuts_off_is_a_frame_of_its_own) {
    std::string const first = "[3G*8809008845*00C0*AL,2712";
    std::string const second = "[3G*8809008845*0002*LK]";
    EXPECT_EQ(split({first + second}), (std::vector{first, second}));
}

TEST(watch_stream, blanks_between_frames_are_nothing_and_anything_else_is_no_frame) {
    std::string const frame = "[3G*8809008845*0002*LK]";
    EXPECT_EQ(split({"\r\n" + frame + "\r\n " + frame + "\r\n"}), (std::vector{frame, frame}));
    frame_splitter splitter(100);
    splitter.put("GET / HTTP/1.1\r\n");
    EXPECT_FALSE(splitter.next());
    splitter.put(frame);
    auto const first = splitter.next();
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->is_frame);
    auto const second = splitter.next();
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->is_frame);
}

TEST(watch_stream, a_press_that_has_lost_its_first_byte_is_a_press) {
    auto const frames = split(byte_by_byte("3G*8809008845*0002*AL]"));
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(signal_of(frames[0]).kind, signal_kind::sos);
}

TEST(watch_stream, a_frame_without_an_end_is_told) {
    frame_splitter splitter(100);
    splitter.put("[" + std::string(99, 'x'));
    EXPECT_FALSE(splitter.next());
    EXPECT_FALSE(splitter.is_overfull());
    splitter.put("x");
    EXPECT_FALSE(splitter.next());
    EXPECT_TRUE(splitter.is_overfull());
}

// ---- whatever happens to the bytes

class mutation {
public:
    explicit mutation(unsigned seed) : dice_(seed) {}

    // Changes, drops or adds up to four bytes from `from` on.
    std::string of(std::string bytes, std::size_t from) {
        for (auto left = number(1, 4); left > 0 && bytes.size() > from; --left) {
            auto const at = number(from, bytes.size() - 1);
            auto const any = static_cast<char>(number(0, 255));
            auto const what = number(0, 2);
            if (what == 0) bytes[at] = any;
            if (what == 1) bytes.erase(at, 1);
            if (what == 2) bytes.insert(at, 1, any);
        }
        return bytes;
    }
    std::size_t number(std::size_t from, std::size_t to) {
        return std::uniform_int_distribution<std::size_t>(from, to)(dice_);
    }

private:
    std::mt19937 dice_;
};

bool raises(signal_kind kind) {
    return kind == signal_kind::sos || kind == signal_kind::fall || kind == signal_kind::removed ||
           kind == signal_kind::fence || kind == signal_kind::unreadable;
}

TEST(watch_mutations, an_alarm_raises_whatever_comes_behind_its_first_two_letters) {
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        mutation any(seed);
        auto const& from = vectors()[any.number(0, 6)].bytes;
        auto const bytes = any.of(from, from.find("*AL") + 3);
        auto const f = read_frame(bytes);
        ASSERT_EQ(f.id, read_frame(from).id) << "seed " << seed;
        ASSERT_TRUE(is_signal(f)) << "seed " << seed << ": " << bytes;
        ASSERT_TRUE(raises(signal_of(bytes).kind)) << "seed " << seed << ": " << bytes;
    }
}

TEST(watch_mutations, a_status_that_can_be_read_and_has_the_bit_raises_in_any_position) {
    int with_the_bit = 0;
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        mutation any(seed);
        auto from = al(any.number(0, 1) == 0 ? "00010001" : "00300010");
        from.replace(from.find("AL,"), 2, "UD");
        auto const bytes = any.of(from, from.find("*UD"));
        auto const f = read_frame(bytes);
        auto const status = status_of(f);
        bool const told =
            status && (status->has(status_bit::sos) || status->has(status_bit::fall) ||
                       status->has(status_bit::removed));
        if (!told || is_known(f)) continue;
        ++with_the_bit;
        ASSERT_TRUE(is_signal(f)) << "seed " << seed << ": " << bytes;
        ASSERT_TRUE(raises(signal_of(bytes).kind)) << "seed " << seed << ": " << bytes;
    }
    EXPECT_GT(with_the_bit, 1000);
}

TEST(watch_mutations, of_any_bytes_and_any_cuts_nothing_breaks_and_nothing_is_endless) {
    for (unsigned seed = 0; seed < 5'000; ++seed) {
        mutation any(seed);
        std::string bytes;
        for (auto left = any.number(1, 4); left > 0; --left)
            bytes += any.of(vectors()[any.number(0, vectors().size() - 1)].bytes, 0);
        auto const cut = any.number(0, bytes.size());
        auto const pieces = split({bytes.substr(0, cut), bytes.substr(cut)});
        ASSERT_LE(pieces.size(), bytes.size()) << "seed " << seed;
        for (auto const& each : pieces) {
            auto const f = read_frame(each);
            auto const s = signal_of(each);
            ASSERT_TRUE(!s.fix || domain::is_usable(*s.fix)) << "seed " << seed;
            ASSERT_LE(s.text.size(), 2000U) << "seed " << seed;
            ASSERT_TRUE(answer_to(f).size() < 60) << "seed " << seed;
        }
        ASSERT_EQ(split(byte_by_byte(bytes)), split({bytes})) << "seed " << seed;
    }
}

// ---- what watches are asked

domain::device_command asked(domain::command_kind kind, std::vector<std::string> values = {}) {
    domain::device_command c;
    c.kind = kind;
    c.values = std::move(values);
    return c;
}

TEST(watch_command, has_the_word_that_watches_know) {
    using domain::command_kind;
    EXPECT_EQ(words_for(asked(command_kind::locate)), "CR");
    EXPECT_EQ(words_for(asked(command_kind::report_every, {"600"})), "UPLOAD,600");
    EXPECT_EQ(words_for(asked(command_kind::sos_numbers, {"120", "12349"})), "SOS,120,12349");
    EXPECT_EQ(words_for(asked(command_kind::ring)), "FIND");
    EXPECT_EQ(words_for(asked(command_kind::call_back, {"12349"})), "CALL,12349");
}

TEST(watch_command, is_framed_as_the_watch_frames_itself) {
    EXPECT_EQ(framed("SG", "9051004074", "", "CALL,12349"), "[SG*9051004074*000A*CALL,12349]");
    EXPECT_EQ(framed("ZJ", "014111001332708", "0001", "CR"), "[ZJ*014111001332708*0001*0002*CR]");
    EXPECT_EQ(framed("", "9051004074", "", "CR"), "[3G*9051004074*0002*CR]");
}

TEST(watch_command, is_answered_by_its_echo_and_a_locate_by_a_position) {
    using domain::command_kind;
    auto const echo = read_frame("[3G*8809008845*0004*FIND]");
    EXPECT_TRUE(answers(echo, command_kind::ring));
    EXPECT_FALSE(answers(echo, command_kind::locate));
    EXPECT_TRUE(answers(read_frame("[3G*8809008845*0002*CR]"), command_kind::locate));
    EXPECT_TRUE(answers(read_frame("[3G*8809008845*000D*UD,231126,0815]"), command_kind::locate));
    EXPECT_FALSE(answers(read_frame("[3G*8809008845*0002*LK]"), command_kind::locate));
}

} // namespace
} // namespace linli::watch_tcp
