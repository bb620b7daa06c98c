#include "domain/subject.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;

TEST(subject, is_written_as_kind_and_id_and_read_back) {
    struct {
        subject about;
        char const* text;
    } const table[] = {
        {{subject_kind::resident, "R1"}, "resident:R1"},
        {{subject_kind::home, "H1"}, "home:H1"},
        {{subject_kind::worker, "K1"}, "worker:K1"},
        {{subject_kind::device, "w1"}, "device:w1"},
        {{subject_kind::area, "310000/mqtt"}, "area:310000/mqtt"},
        {{subject_kind::area, "a:b"}, "area:a:b"},
    };
    for (auto const& [about, text] : table) {
        EXPECT_EQ(to_string(about), text);
        EXPECT_EQ(parse_subject(text), about);
    }
}

TEST(subject, junk_is_no_subject) {
    for (auto const* junk : {"", "resident", "elder:R1", ":R1", "Resident:R1"})
        EXPECT_FALSE(parse_subject(junk)) << junk;
}

} // namespace linli::tests
