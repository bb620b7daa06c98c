#include "adapters/cloud_poll/poll_answer.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "adapters/mapped/json_document.hpp"

namespace linli::cloud_poll {

namespace {

constexpr std::size_t longest_message =
    256 * 1024; // as of a push; cut, it is read as far as it goes
constexpr std::size_t longest_cursor = 2048;

bool is_well(files::poll_rule const& by, mapped::json_document const& document) {
    return std::ranges::all_of(by.ok, [&](files::condition const& each) {
        auto const told = document.at(each.at);
        return told && std::ranges::find(each.values, told.text) != each.values.end();
    });
}

// A text is a message that was wrapped.
std::string bytes_of(boost::json::value const& message) {
    auto const* text = message.if_string();
    auto bytes = text ? std::string(*text) : boost::json::serialize(message);
    if (bytes.size() > longest_message) bytes.resize(longest_message);
    return bytes;
}

void read_next(files::poll_rule const& by, mapped::json_document const& document, poll_page& into) {
    if (!by.next) return;
    auto const told = document.at(*by.next);
    if (told.is_wrong || told.text.size() > longest_cursor) into.wrong = "cursor";
    if (told.text != "false") into.next = told.text;
}

} // namespace

poll_page read_page(files::poll_rule const& by, std::string_view bytes, std::size_t most) {
    poll_page page;
    mapped::json_document const document(bytes);
    if (!document.is_json()) {
        page.wrong = "not_json";
        return page;
    }
    if (!is_well(by, document)) {
        page.wrong = "refused";
        return page;
    }
    read_next(by, document, page);
    auto const all = document.items(by.list);
    // A cloud that says in another place that all is well may have nothing in place of no messages.
    bool const is_left_out = !by.ok.empty() && !document.at(by.list).is_told;
    if (!all) {
        if (!is_left_out) page.wrong = "no_list";
        return page;
    }
    page.is_too_long = all->size() > most;
    if (page.is_too_long) return page;
    for (auto const* each : *all)
        page.messages.push_back(bytes_of(*each));
    return page;
}

} // namespace linli::cloud_poll
