#include "adapters/mapped/json_document.hpp"

#include <charconv>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include "adapters/wire/loose_text.hpp"

namespace linli::mapped {

namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 32;
constexpr std::size_t most_opened = 16; // texts that hold JSON, a message

json::parse_options lenient() {
    json::parse_options options;
    options.max_depth = deepest;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    options.allow_invalid_utf8 = true;
    return options;
}

std::string_view trimmed(std::string_view text) {
    text = wire::skip_blanks(text);
    while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != text.npos)
        text.remove_suffix(1);
    return text;
}

bool opens_json(std::string_view text) {
    return text.starts_with('{') || text.starts_with('[');
}

found told(std::string text) {
    return {true, false, std::move(text)};
}

found read(json::value const* at) {
    if (!at || at->is_null()) return {};
    if (auto const* text = at->if_string()) return told(std::string(trimmed(*text)));
    if (auto const* truth = at->if_bool()) return told(*truth ? "true" : "false");
    if (auto const* number = at->if_int64()) return told(std::to_string(*number));
    if (auto const* number = at->if_uint64()) return told(std::to_string(*number));
    if (auto const* number = at->if_double()) return told(fmt::format("{}", *number));
    return {true, true, {}};
}

} // namespace

std::optional<double> found::number() const {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

json_document::json_document(std::string_view bytes) : bytes_(trimmed(bytes)) {
    json::error_code error;
    root_ = json::parse(bytes_, error, {}, lenient());
    is_json_ = !error;
    is_plain_ = !is_json_ && !bytes_.empty() && !opens_json(bytes_);
    if (is_plain_) root_ = json::string(bytes_);
}

found json_document::at(files::json_pointer const& where, item from) const {
    if (is_json_ || where.tokens.empty()) return read(walk(where, from));
    auto const word = wire::word_after(where.tokens.back(), bytes_);
    return word ? told(std::string(*word)) : found{};
}

std::optional<std::vector<json_document::item>>
json_document::items(files::json_pointer const& where) const {
    auto const* list = walk(where, nullptr);
    if (list && list->is_string()) list = opened(*list);
    if (!list || !list->is_array()) return std::nullopt;
    std::vector<item> all;
    for (auto const& each : list->get_array())
        all.push_back(&each);
    return all;
}

std::string json_document::text_of(item one) {
    return json::serialize(*one);
}

json_document::item json_document::walk(files::json_pointer const& where, item from) const {
    item at = from && !where.of_whole ? from : &root_;
    for (auto const& token : where.tokens) {
        if (at->is_string()) at = opened(*at);
        if (!at) return nullptr;
        if (auto const* object = at->if_object()) {
            at = object->if_contains(token);
        } else if (auto const* list = at->if_array()) {
            std::size_t index = 0;
            auto const* last = token.data() + token.size();
            auto const [end, error] = std::from_chars(token.data(), last, index);
            at = error == std::errc{} && end == last ? list->if_contains(index) : nullptr;
        } else {
            return nullptr;
        }
        if (!at) return nullptr;
    }
    return at;
}

json_document::item json_document::opened(json::value const& text) const {
    if (auto const known = opened_.find(&text); known != opened_.end()) return &known->second;
    auto const inside = trimmed(text.get_string());
    if (!opens_json(inside) || opened_.size() >= most_opened) return nullptr;
    json::error_code error;
    auto value = json::parse(inside, error, {}, lenient());
    if (error) return nullptr;
    return &opened_.emplace(&text, std::move(value)).first->second;
}

} // namespace linli::mapped
