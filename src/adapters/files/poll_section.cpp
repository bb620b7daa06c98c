#include "adapters/files/poll_section.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/files/written_pointer.hpp"

namespace linli::files {

namespace {

constexpr auto required = strict_table::presence::required;
constexpr auto optional = strict_table::presence::optional;

constexpr std::size_t longest_name = 64;
constexpr std::int64_t an_hour = 3600;
constexpr int most_hours = 72; // of telemetry an event's id is known for three days
constexpr int largest_page = 1000;
constexpr int largest_first_page = 1;

bool is_word_of_url(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

// A parameter's name, or a header's: as it goes over the wire.
bool is_parameter(std::string_view text) {
    return !text.empty() && text.size() <= longest_name &&
           std::ranges::all_of(text, is_word_of_url);
}

// HTTPS; in clear only to this machine, where a helper may sit that speaks the cloud's own way. No
// user in it: the file may be read by many.
bool is_poll_url(std::string_view url) {
    bool const plain = std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f; });
    if (!plain || url.find('#') != url.npos) return false;
    bool const in_clear = url.starts_with("http://");
    if (!in_clear && !url.starts_with("https://")) return false;
    url.remove_prefix(url.find("//") + 2);
    auto const authority = url.substr(0, url.find_first_of("/?"));
    if (authority.find_first_of("@\\") != authority.npos) return false;
    auto const name_end =
        authority.starts_with('[') ? authority.find(']') : authority.find(':') - 1;
    auto const host = authority.substr(0, name_end + 1);
    constexpr std::array<std::string_view, 3> ours{"localhost", "127.0.0.1", "[::1]"};
    return !host.empty() && (!in_clear || std::ranges::find(ours, host) != ours.end());
}

class poll_reading {
public:
    poll_reading(toml::table const& section, toml_problems& problems)
        : section_(section), problems_(problems), keys_(section, "poll", problems) {}

    poll_rule take() {
        take_url();
        keys_.seconds("every_s", optional, 1, an_hour, rule_.every);
        take_proof();
        take_window();
        take_pages();
        take_list();
        keys_.finish();
        return std::move(rule_);
    }

private:
    void take_url() {
        keys_.text("url", required, rule_.url);
        if (auto const* node = section_.get("url");
            node && !rule_.url.empty() && !is_poll_url(rule_.url))
            keys_.expected("url", *node,
                           "an address that begins with https:// (http:// for this machine alone), "
                           "without a user, blanks or #");
        std::string authority;
        keys_.text("ca_file", optional, authority);
        rule_.ca_file = authority;
        if (auto const* node = section_.get("ca_file"); node && !rule_.ca_file.is_absolute())
            keys_.expected("ca_file", *node, "a whole path, of the authority's certificate");
    }

    void take_proof() {
        keys_.word("proof", required, rule_.proof);
        if (rule_.proof != poll_proof::bearer) take_name("proof_name", required, rule_.proof_name);
    }

    void take_window() {
        take_name("from", required, rule_.from);
        take_name("until", required, rule_.until);
        keys_.word("time", required, rule_.time);
        keys_.seconds("overlap_s", optional, 1, an_hour, rule_.overlap);
        int hours = static_cast<int>(rule_.back.count() / an_hour);
        keys_.number("back_h", required, 1, most_hours, hours);
        rule_.back = domain::seconds(hours * an_hour);
    }

    void take_pages() {
        take_name("size_name", optional, rule_.size_name);
        bool const has_size = section_.contains("size");
        keys_.number("size", optional, 1, largest_page, rule_.size);
        take_name("page", optional, rule_.page);
        keys_.number("first_page", optional, 0, largest_first_page, rule_.first_page);
        take_name("cursor", optional, rule_.cursor);
        rule_.next = pointer("next", optional);
        if (!rule_.page.empty() && !rule_.cursor.empty())
            problems_.add(section_, "poll.page and poll.cursor: a cloud knows one of them: remove "
                                    "the other");
        if (rule_.cursor.empty() != !section_.contains("next"))
            problems_.add(section_, "poll.cursor and poll.next go together: the parameter, and "
                                    "where the answer tells its next value");
        if (!has_size && (!rule_.page.empty() || !rule_.size_name.empty()))
            problems_.add(section_, "poll.size is missing: how many messages are on a full page");
    }

    void take_list() {
        if (auto const at = pointer("list", required)) rule_.list = *at;
        if (auto const* node = keys_.find("ok", optional))
            rule_.ok = conditions_of(*node, "poll.ok", problems_);
    }

    void take_name(std::string_view key, strict_table::presence must, std::string& into) {
        keys_.text(key, must, into);
        if (auto const* node = section_.get(key); node && node->is_string() && !is_parameter(into))
            keys_.expected(key, *node, "a name of up to 64 letters, digits, \"-\", \"_\", \".\"");
    }

    std::optional<json_pointer> pointer(std::string_view key, strict_table::presence must) {
        auto const* node = keys_.find(key, must);
        if (!node) return std::nullopt;
        auto const* text = node->as_string();
        auto at = text ? pointer_of(text->get()) : std::nullopt;
        if (!at) problems_.add(*node, not_a_pointer(keys_.full_name(key), text ? text->get() : ""));
        return at;
    }

    toml::table const& section_;
    toml_problems& problems_;
    strict_table keys_;
    poll_rule rule_;
};

} // namespace

poll_rule take_poll(toml::table const& section, toml_problems& problems) {
    return poll_reading(section, problems).take();
}

} // namespace linli::files
