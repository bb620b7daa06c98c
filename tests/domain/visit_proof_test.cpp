// What may prove a visit, and what is written of it.
#include "domain/visit_proof.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

namespace {

using namespace domain;
using enum proof_kind;

std::string jpeg(std::size_t size = 100) {
    std::string bytes = "\xFF\xD8\xFF\xE0";
    bytes.resize(size, 'x');
    return bytes;
}
std::string png(std::size_t size = 100) {
    std::string bytes = "\x89PNG\r\n\x1A\n";
    bytes.resize(size, 'x');
    return bytes;
}

} // namespace

TEST(visit_proof, knows_a_picture_by_its_first_bytes_and_by_nothing_else) {
    EXPECT_EQ(picture_type(jpeg()), "image/jpeg");
    EXPECT_EQ(picture_type(png()), "image/png");
    for (auto const* other : {"", "\xFF\xD8", "GIF89a", "<svg xmlns='x'/>", "<html>", "%PDF-1.7"})
        EXPECT_EQ(picture_type(other), "") << other;
}

TEST(visit_proof, takes_a_photo_as_jpeg_and_what_is_signed_as_png_and_not_without_end) {
    for (auto const what : {photo, door_photo}) {
        EXPECT_FALSE(objection_to(what, jpeg(most_photo_bytes), "", ""));
        EXPECT_EQ(objection_to(what, jpeg(most_photo_bytes + 1), "", ""), "picture");
        EXPECT_EQ(objection_to(what, png(), "", ""), "picture");
        EXPECT_EQ(objection_to(what, "", "", ""), "picture");
    }
    EXPECT_FALSE(objection_to(signature, png(most_signature_bytes), "", ""));
    EXPECT_EQ(objection_to(signature, png(most_signature_bytes + 1), "", ""), "picture");
    EXPECT_EQ(objection_to(signature, jpeg(), "", ""), "picture");
    EXPECT_EQ(objection_to(code, jpeg(), "4711", ""), "picture");
}

TEST(visit_proof, takes_a_code_of_4_to_6_digits_with_a_code_and_with_nothing_else) {
    EXPECT_FALSE(objection_to(code, "", "4711", ""));
    EXPECT_FALSE(objection_to(code, "", "471123", ""));
    for (auto const* wrong : {"", "471", "4711234", "47a1", " 4711"})
        EXPECT_EQ(objection_to(code, "", wrong, ""), "code") << wrong;
    EXPECT_EQ(objection_to(photo, jpeg(), "4711", ""), "code");
}

TEST(visit_proof, notes_codes_and_no_text_of_people) {
    EXPECT_FALSE(objection_to(bound, "", "", "box-1.2"));
    EXPECT_FALSE(objection_to(contact, "", "", "1 no_answer"));
    EXPECT_FALSE(objection_to(consent, png(), "", "2026-11"));
    EXPECT_EQ(objection_to(bound, "", "", ""), "note");
    EXPECT_EQ(objection_to(contact, "", "", "1 王丽没接"), "note");
    EXPECT_EQ(objection_to(contact, "", "", std::string(81, 'a')), "note");
    EXPECT_EQ(objection_to(photo, jpeg(), "", "kitchen"), "note");
}

TEST(visit_proof, is_written_with_its_digest_and_how_far_from_the_door) {
    visit_proof p;
    p.what = photo;
    EXPECT_EQ(written(p), "photo");
    p.digest = "9f86";
    p.distance_m = 12;
    EXPECT_EQ(written(p), "photo 9f86 12m");
    p.what = contact;
    p.note = "1 answered";
    p.digest.clear();
    EXPECT_EQ(written(p), "contact 1 answered 12m");
}

TEST(visit_proof, is_no_distance_from_a_door_that_nobody_knows) {
    position const door{31.26, 121.55, 0, {}};
    position const here{31.261, 121.55, 15, {}};
    EXPECT_EQ(distance_from_door(here, door), 111U);
    EXPECT_FALSE(distance_from_door(here, std::nullopt));
    EXPECT_FALSE(distance_from_door(std::nullopt, door));
}

} // namespace linli::tests
