#include "adapters/files/note_template_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/file_error.hpp"
#include "support/places.hpp"

namespace linli::tests {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

std::vector<std::string> problems_of(std::string const& text) {
    try {
        files::parse_note_templates(text, "n.toml");
    } catch (files::file_error const& e) {
        return e.problems();
    }
    return {};
}

constexpr auto one = "[[template]]\nzh = \"已回拨\"\nen = \"Rung back\"\n";

} // namespace

TEST(note_templates, delivered_are_those_of_a_house_that_names_none) {
    EXPECT_EQ(files::load_note_templates(shipped_config("note_templates.toml")),
              app::usual_note_templates());
    EXPECT_EQ(app::usual_note_templates().size(), app::most_note_templates);
}

TEST(note_templates, that_are_wrong_are_told_with_their_line) {
    EXPECT_THAT(files::parse_note_templates(one, "n.toml"),
                ElementsAre(app::note_template{"已回拨", "Rung back"}));
    EXPECT_THAT(problems_of("[[template]]\nzh = \"已回拨\"\n"),
                ElementsAre(HasSubstr("template.en is missing")));
    EXPECT_THAT(problems_of("[[template]]\nzh = \"\"\nen = \"x\"\n"),
                ElementsAre(HasSubstr("1 to 200 bytes")));
    EXPECT_THAT(problems_of(std::string(one) + "key = 1\n"),
                ElementsAre(HasSubstr("unknown key template.key")));
    EXPECT_THAT(problems_of("[templates]\n"), testing::Contains(HasSubstr("template is missing")));
    std::string ten;
    for (int n = 0; n < 10; ++n)
        ten += one;
    EXPECT_THAT(problems_of(ten), ElementsAre(HasSubstr("no digit for this one")));
}

// It ends on somebody's terminal, and the file may be somebody else's.
TEST(note_templates, that_are_wrong_are_told_on_one_line) {
    EXPECT_THAT(problems_of(std::string(one) + "\"x\\n\\u001b[2Jall is well\" = 1\n"),
                ElementsAre(HasSubstr(R"(x\n\u{1b}[2Jall is well)")));
}

} // namespace linli::tests
