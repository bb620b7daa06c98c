#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "adapters/files/device_mapping.hpp"

namespace linli::mapped {

// What stands at a pointer: a text, number or truth, as text. Null is not told.
struct found {
    bool is_told = false;
    bool is_wrong = false; // told, and an object or a list
    std::string text;

    explicit operator bool() const { return is_told && !is_wrong; }
    std::optional<double> number() const; // also of "36.6"
};

// Any bytes, looked into by pointers. JSON with comments, a byte order mark or text that is no
// UTF-8 is taken; depth is bounded. Bytes that are broken JSON are searched for the pointer's last
// name. A text that holds JSON is walked into: clouds wrap a device's message so.
class json_document {
public:
    explicit json_document(std::string_view bytes);

    bool is_json() const { return is_json_; }
    bool is_plain() const { return is_plain_; } // a text that doesn't even try to be JSON

    // `item`: where a pointer starts that isn't of the whole; null: at the whole message.
    using item = boost::json::value const*;
    found at(files::json_pointer const& where, item from = nullptr) const;

    // Of the list there; nothing if there is none.
    std::optional<std::vector<item>> items(files::json_pointer const& where) const;
    static std::string text_of(item one); // as JSON

private:
    item walk(files::json_pointer const& where, item from) const;
    item opened(boost::json::value const& text) const;

    std::string_view bytes_;
    boost::json::value root_;
    bool is_json_ = false;
    bool is_plain_ = false;
    // Texts that held JSON, by where they stand.
    mutable std::map<item, boost::json::value> opened_;
};

} // namespace linli::mapped
