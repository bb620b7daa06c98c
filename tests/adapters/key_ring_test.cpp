// The key file and what it seals: personal text is unreadable without it, readable after a
// rotation, and gone for good when a resident's own key is destroyed.
#include "adapters/postgres/key_ring.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/postgres/array_literal.hpp"
#include "adapters/postgres/key_file.hpp"
#include "adapters/postgres/personal.hpp"
#include "support/telephone_numbers.hpp"

namespace linli::postgres {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Optional;

class the_key_file : public testing::Test {
protected:
    the_key_file() {
        std::string name = "/tmp/linli-keys-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        file_ = folder_ / "keys" / "record.keys";
    }
    ~the_key_file() override { std::filesystem::remove_all(folder_); }

    std::string content() const {
        std::ifstream in(file_);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(std::string const& text) const {
        std::filesystem::create_directories(file_.parent_path());
        std::ofstream(file_) << text;
        ::chmod(file_.c_str(), 0600);
    }
    std::string refusal() const {
        try {
            key_ring::load(file_);
            return "taken";
        } catch (key_file_error const& error) {
            return error.what();
        }
    }

    std::filesystem::path folder_;
    std::filesystem::path file_;
};

constexpr purpose card{"card"};
constexpr auto one_key = "old AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
constexpr auto new_key = "new MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=\n";

TEST_F(the_key_file, is_made_once_and_only_its_owner_can_read_it) {
    auto const first = key_ring::create_if_missing(file_);
    struct stat about {};
    ASSERT_EQ(::stat(file_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
    auto const made = content();
    auto const sealed = first.seal(card, "王秀英");
    EXPECT_THAT(key_ring::create_if_missing(file_).open(card, sealed),
                Optional(std::string("王秀英")));
    EXPECT_EQ(content(), made);
}

TEST_F(the_key_file, is_refused_with_the_remedy_when_others_can_read_it) {
    write(one_key);
    ::chmod(file_.c_str(), 0640);
    EXPECT_THAT(refusal(), HasSubstr("chmod 600"));
    ::chmod(file_.c_str(), 0604);
    EXPECT_THAT(refusal(), HasSubstr("chmod 600"));
}

TEST_F(the_key_file, tells_what_is_wrong_with_it_and_never_shows_a_key) {
    EXPECT_THAT(refusal(), HasSubstr("can't be read"));
    write("");
    EXPECT_THAT(refusal(), HasSubstr("no key"));
    write(std::string(one_key) + "k2 c2hvcnQ=\n");
    EXPECT_THAT(refusal(), HasSubstr("record.keys:2"));
    EXPECT_THAT(refusal(), Not(HasSubstr("c2hvcnQ")));
    write(std::string(one_key) + one_key);
    EXPECT_THAT(refusal(), HasSubstr("old twice"));
    write(std::string("k/1 ") + (new_key + 4));
    EXPECT_THAT(refusal(), HasSubstr("not a key"));
    write(std::string("# made in May\n\n") + one_key);
    EXPECT_EQ(refusal(), "taken");
}

TEST_F(the_key_file, keeps_old_texts_readable_after_a_rotation) {
    write(one_key);
    auto const before = key_ring::load(file_);
    auto const sealed = before.seal(card, "door 501");
    auto const wrapped = before.make_data_key();
    auto const note = before.seal_for(wrapped, card, "fell in May");

    write(std::string(new_key) + one_key);
    auto const after = key_ring::load(file_);
    EXPECT_EQ(after.current_key_id(), "new");
    EXPECT_THAT(after.open(card, sealed), Optional(std::string("door 501")));
    EXPECT_THAT(after.open_for(wrapped, card, note), Optional(std::string("fell in May")));
    EXPECT_EQ(after.lookup_hmac("phone", "13800000000"),
              before.lookup_hmac("phone", "13800000000"));
    EXPECT_FALSE(after.is_current(sealed));

    // Brought over, the old line may go; what it sealed is gone with it.
    auto const rewrapped = after.rewrap(wrapped);
    auto const resealed = after.seal(card, "door 501");
    write(new_key);
    auto const alone = key_ring::load(file_);
    EXPECT_THAT(alone.open_for(rewrapped, card, note), Optional(std::string("fell in May")));
    EXPECT_THAT(alone.open(card, resealed), Optional(std::string("door 501")));
    EXPECT_EQ(alone.open(card, sealed), std::nullopt);
    EXPECT_THROW(alone.rewrap(wrapped), std::invalid_argument);
}

TEST_F(the_key_file, is_read_again_by_whoever_runs_when_it_has_a_new_first_line) {
    write(one_key);
    auto const running = key_ring::load(file_);
    write(std::string(new_key) + one_key);
    auto const sealed = running.seal(card, "door 501");
    EXPECT_EQ(running.current_key_id(), "new");
    EXPECT_THAT(key_ring::load(file_).open(card, sealed), Optional(std::string("door 501")));
}

TEST_F(the_key_file, finds_numbers_as_before_when_a_key_is_added_behind_any_blanks) {
    for (auto const* blanks : {"", " ", " \t ", "\r"}) {
        std::string line(one_key);
        line.insert(line.size() - 1, blanks);
        write(line);
        auto const before = key_ring::load(file_).lookup_hmac("phone", "13800000001");
        add_key(file_);
        EXPECT_EQ(key_ring::load(file_).lookup_hmac("phone", "13800000001"), before);
    }
}

TEST_F(the_key_file, is_not_taken_when_it_is_another_houses) {
    write(one_key);
    auto const running = key_ring::load(file_);
    write(new_key);
    EXPECT_THAT(running.open(card, running.seal(card, "501")), Optional(std::string("501")));
    EXPECT_EQ(running.current_key_id(), "old");
    write("");
    EXPECT_THAT(running.open(card, running.seal(card, "501")), Optional(std::string("501")));
}

TEST_F(the_key_file, seals_so_that_nothing_shows_and_no_byte_can_change) {
    auto const keys = key_ring::create_if_missing(file_);
    std::string const plain = "王秀英 13800000000";
    auto const sealed = keys.seal(card, plain);
    EXPECT_THAT(sealed, Not(HasSubstr("王秀英")));
    EXPECT_NE(sealed, keys.seal(card, plain));
    EXPECT_EQ(keys.open(purpose{"outbox"}, sealed), std::nullopt);
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_EQ(keys.open(card, changed), std::nullopt) << at;
        EXPECT_EQ(keys.open(card, sealed.substr(0, at)), std::nullopt) << at;
    }
    EXPECT_THAT(keys.open(card, keys.seal(card, "")), Optional(std::string()));
}

TEST_F(the_key_file, gives_each_owner_a_key_whose_loss_is_final) {
    auto const keys = key_ring::create_if_missing(file_);
    auto const hers = keys.make_data_key();
    auto const his = keys.make_data_key();
    auto const note = keys.seal_for(hers, card, "insulin at 7");
    EXPECT_THAT(keys.open_for(hers, card, note), Optional(std::string("insulin at 7")));
    EXPECT_EQ(keys.open_for(his, card, note), std::nullopt);
    EXPECT_EQ(keys.open_for("", card, note), std::nullopt);
    EXPECT_EQ(keys.open(card, note), std::nullopt);
    EXPECT_THROW(keys.seal_for("", card, "lost"), std::invalid_argument);
}

TEST_F(the_key_file, finds_a_number_by_digest_however_it_is_written) {
    auto const keys = key_ring::create_if_missing(file_);
    EXPECT_EQ(phone_lookup(keys, "+86 138-0000-0000"), phone_lookup(keys, "13800000000"));
    EXPECT_NE(phone_lookup(keys, "13800000000"), phone_lookup(keys, "13800000001"));
    EXPECT_EQ(id_number_lookup(keys, "11010519491231002x"),
              id_number_lookup(keys, "11010519491231002X"));
    EXPECT_NE(keys.lookup_hmac("phone", "1"), keys.lookup_hmac("id_number", "1"));
    std::filesystem::remove(file_);
    EXPECT_NE(phone_lookup(key_ring::create_if_missing(file_), "13800000000"),
              phone_lookup(keys, "13800000000"));
}

TEST(a_telephone_number, is_kept_as_it_is_dialled) {
    for (auto const& each : tests::telephone_numbers)
        EXPECT_EQ(normalised_phone(each.written), each.dialled) << each.written;
    EXPECT_EQ(normalised_phone("１２３４９"), "12349");
}

TEST(personal_text, comes_back_as_it_was_and_half_of_it_is_better_than_none) {
    resident_personal const her{"王秀英", "13800000000", "", "says \"so so\"\nfor pain"};
    EXPECT_EQ(from_json<resident_personal>(to_json(her)), her);
    home_personal const door{"3单元501室", "狗"};
    EXPECT_EQ(from_json<home_personal>(to_json(door)), door);
    EXPECT_EQ(from_json<contact_personal>(R"({"name":"李","shoe_size":41,"phone":7})"),
              (contact_personal{"李", ""}));
    EXPECT_EQ(from_json<provider_personal>("not json"), provider_personal{});
    EXPECT_EQ(from_json<worker_personal>("[1]"), worker_personal{});
}

TEST(an_array_literal, keeps_every_text_what_it_is) {
    EXPECT_EQ(array_literal(std::vector<std::string>{}), "{}");
    EXPECT_EQ(array_literal(std::vector<std::string>{"a", "", "NULL", "q\"b\\s", "x,y"}),
              R"({"a","","NULL","q\"b\\s","x,y"})");
    EXPECT_EQ(array_literal(std::vector<std::optional<int>>{1, std::nullopt}), "{1,NULL}");
    EXPECT_EQ(array_literal(std::vector<double>{36.0611, 0.1}), "{36.0611,0.1}");
    EXPECT_EQ(array_literal(std::vector<bool>{true, false}), "{t,f}");
    EXPECT_EQ(array_literal(std::vector<char const*>{"a"}), R"({"a"})");
    EXPECT_EQ(bytea_text(std::string_view("\x00\xff", 2)), "\\x00ff");
}

} // namespace
} // namespace linli::postgres
