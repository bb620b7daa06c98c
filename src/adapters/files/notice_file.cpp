#include "adapters/files/notice_file.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <fmt/core.h>
#include <fmt/format.h>

#include "adapters/files/file_error.hpp"
#include "adapters/files/strict_toml.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;
using names = std::span<std::string_view const>;

constexpr std::array<std::string_view, 4> for_contacts{"name", "kind", "time", "callback"};
constexpr std::array<std::string_view, 4> for_staff{"kind", "time", "place", "callback"};
constexpr std::array<std::string_view, 2> for_test{"name", "callback"};
constexpr std::array<std::string_view, 5> for_degraded{"kind", "time", "place", "device", "event"};
constexpr std::array<std::string_view, 2> for_synthetic{"stage", "time"};
constexpr std::array<std::string_view, 3> for_offer{"kind", "place", "away"};
constexpr std::array<std::string_view, 1> for_distance{"distance"};
constexpr std::array<std::string_view, 1> for_answer{"callback"};
constexpr std::array<std::string_view, 2> for_degraded_many{"count", "devices"};
constexpr std::array<std::string_view, 2> for_more{"count", "places"};

void check_names(toml::node const& at, std::string_view text, names known,
                 toml_problems& problems) {
    for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        auto const end = text.find('}', open);
        auto const name = end == text.npos ? "" : text.substr(open + 1, end - open - 1);
        if (std::ranges::find(known, name) == known.end())
            problems.add(at, fmt::format("{{{}}} can't be said here; there are {{{}}}", name,
                                         fmt::join(known, "}, {")));
    }
}

void take_text(strict_table& keys, toml::table const& section, std::string_view key, names known,
               toml_problems& problems, std::string& into) {
    keys.text(key, presence::required, into);
    if (auto const* node = section.get(key)) check_names(*node, into, known, problems);
}

template <class E>
constexpr bool has_words_of_its_own(E) {
    return false;
}
constexpr bool has_words_of_its_own(domain::notice_reason why) {
    return why == domain::notice_reason::degraded;
}

struct own_words {
    std::string_view key;
    names known;
    std::string& into;
};

// What is not there keeps the words that the house knows.
void take_own(strict_table& language, std::string const& name, std::string_view word,
              toml_problems& problems, std::initializer_list<own_words> all) {
    auto const* section = language.section(word, presence::optional);
    if (!section) return;
    strict_table keys(*section, fmt::format("{}.{}", name, word), problems);
    for (auto const& each : all)
        take_text(keys, *section, each.key, each.known, problems, each.into);
    keys.finish();
}

template <class E>
void take_all(strict_table& language, std::string const& name, std::string_view word, names known,
              toml_problems& problems, std::map<E, std::string>& into) {
    auto const* section = language.section(word, presence::required);
    if (!section) return;
    strict_table keys(*section, fmt::format("{}.{}", name, word), problems);
    for (auto const& [value, text] : domain::names<E>::table)
        if (!has_words_of_its_own(value))
            take_text(keys, *section, text, known, problems, into[value]);
    keys.finish();
}

app::notice_words take_language(std::string const& name, toml::table const& section,
                                toml_problems& problems) {
    app::notice_words words;
    strict_table language(section, name, problems);
    take_text(language, section, "subject", for_contacts, problems, words.subject);
    take_text(language, section, "test", for_test, problems, words.test);
    take_all(language, name, "kinds", {}, problems, words.kinds);
    take_all(language, name, "contacts", for_contacts, problems, words.contacts);
    take_all(language, name, "staff", for_staff, problems, words.staff);
    take_own(
        language, name, "degraded", problems,
        {{"one", for_degraded, words.degraded}, {"many", for_degraded_many, words.degraded_many}});
    take_own(language, name, "set_aside", problems, {{"one", for_degraded, words.set_aside}});
    take_own(language, name, "storm", problems, {{"more", for_more, words.more}});
    take_own(language, name, "synthetic", problems,
             {{"broken", for_synthetic, words.broken}, {"whole", for_synthetic, words.whole}});
    words.offers = app::usual_offer_words(name);
    auto& offers = words.offers;
    take_own(language, name, "offers", problems,
             {{"offered", for_offer, offers.offered},
              {"offered_worker", for_offer, offers.offered_worker},
              {"away", for_distance, offers.away},
              {"somewhere", {}, offers.somewhere},
              {"drill", {}, offers.drill},
              {"accepted", for_answer, offers.accepted},
              {"accepted_company", for_answer, offers.accepted_company},
              {"declined", for_answer, offers.declined},
              {"taken", for_answer, offers.taken},
              {"busy", for_answer, offers.busy},
              {"over", for_answer, offers.over},
              {"noted", for_answer, offers.noted}});
    language.finish();
    return words;
}

} // namespace

app::notice_texts parse_notices(std::string_view text, std::string const& origin) {
    auto const root = parse_toml(text, origin);
    toml_problems problems(origin);
    app::notice_texts texts;
    for (auto const& [key, node] : root) {
        std::string const name(key.str());
        if (auto const* section = node.as_table())
            texts[name] = take_language(name, *section, problems);
        else
            problems.add(node,
                         fmt::format("{} is not a language: write [{}.contacts] …", name, name));
    }
    if (!texts.contains("zh"))
        problems.add(root, "there is no [zh]: copy it from config/notices.toml");
    auto found = std::move(problems).texts();
    if (!found.empty()) throw file_error(std::move(found));
    return texts;
}

app::notice_texts load_notices(std::filesystem::path const& file) {
    return parse_notices(read_text(file, "copy it from config/notices.toml"), file.string());
}

} // namespace linli::files
