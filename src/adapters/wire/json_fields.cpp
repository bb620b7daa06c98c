#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "adapters/wire/json_scalar.hpp"
#include "adapters/wire/message_fields.hpp"

namespace linli::wire {

namespace {

namespace pb = google::protobuf;
namespace json = boost::json;

// Both of ProtoJSON's names of a field: "happenedAt", "happened_at".
pb::FieldDescriptor const* field_named(pb::Descriptor const& type, std::string const& key) {
    if (auto const* field = type.FindFieldByName(key)) return field;
    return type.FindFieldByCamelcaseName(key);
}

bool takes_object(pb::FieldDescriptor const& field) {
    return field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE &&
           field.message_type()->full_name() != "google.protobuf.Timestamp";
}

// Puts values into the message as the parser comes to them, so that what stood before a fault has
// been read when the fault is met.
class field_filler {
public:
    // Boost.JSON asks for these four.
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    field_filler(pb::Message& root, reading& result) : root_(root), result_(result) {}

    // The field that was being read when the text ended.
    void broken_off() {
        result_.whole = false;
        if (top_field_) result_.damaged.insert(top_field_->name());
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code&) {
        auto const* wanted = expected();
        pb::Message* inner = nullptr;
        if (open_.empty()) {
            inner = &root_;
        } else if (wanted && takes_object(*wanted)) {
            inner = place_for(*open_.back().message, *wanted);
        } else {
            refuse();
        }
        open_.push_back({inner, nullptr});
        field_ = nullptr;
        return true;
    }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code&) {
        bool const is_list = field_ && field_->is_repeated() && takes_object(*field_);
        if (!is_list) refuse();
        open_.push_back(is_list ? level{open_.back().message, field_} : level{});
        field_ = nullptr;
        return true;
    }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        text_ += part;
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        text_ += part;
        auto* message = open_.back().message;
        field_ = message ? field_named(*message->GetDescriptor(), text_) : nullptr;
        if (open_.size() == 1) top_field_ = field_;
        text_.clear();
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        text_ += part;
        return true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        text_ += part;
        take(std::string_view(text_));
        text_.clear();
        return true;
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t value, json::string_view, json::error_code&) { return take(value); }
    bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
        return take(value);
    }
    bool on_double(double value, json::string_view, json::error_code&) { return take(value); }
    bool on_bool(bool value, json::error_code&) { return take(value); }
    bool on_null(json::error_code&) { return take(std::monostate{}); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    // An object, or a list of objects, that is being read.
    struct level {
        pb::Message* message = nullptr;          // null: skipped
        pb::FieldDescriptor const* of = nullptr; // the list's field in the message
    };

    // The field whose value comes next, or one more of its values.
    pb::FieldDescriptor const* expected() const {
        if (!open_.empty() && open_.back().of) return open_.back().of;
        return field_;
    }

    static pb::Message* place_for(pb::Message& in, pb::FieldDescriptor const& field) {
        auto const& access = *in.GetReflection();
        return field.is_repeated() ? access.AddMessage(&in, &field)
                                   : access.MutableMessage(&in, &field);
    }

    bool take(json_scalar const& value) {
        if (open_.empty()) result_.whole = false; // the text is a lone scalar
        auto const* wanted = expected();
        if (wanted && !set_field(*open_.back().message, *wanted, value)) refuse();
        return value_done();
    }

    bool close() {
        open_.pop_back();
        return value_done();
    }

    bool value_done() {
        field_ = nullptr;
        if (open_.size() == 1) top_field_ = nullptr;
        return true;
    }

    // A value that the field can't take. One inside an unknown field is none of our business.
    void refuse() {
        if (open_.empty()) result_.whole = false;
        if (!expected()) return;
        result_.whole = false;
        if (top_field_) result_.damaged.insert(top_field_->name());
    }

    pb::Message& root_;
    reading& result_;
    std::vector<level> open_;
    pb::FieldDescriptor const* field_ = nullptr;     // whose value comes next; null: skipped
    pb::FieldDescriptor const* top_field_ = nullptr; // of the root, while its value is read
    std::string text_;
};

json::parse_options lenient() {
    json::parse_options options;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    options.allow_invalid_utf8 = true;
    return options;
}

} // namespace

reading read_json(std::string_view payload, pb::Message& into) {
    reading result;
    result.was_json = true;
    auto const text = skip_blanks(payload);
    json::basic_parser<field_filler> parser(lenient(), into, result);
    json::error_code error;
    // "More may come": else a number that was cut in two would be taken for a whole one.
    auto const used = parser.write_some(true, text.data(), text.size(), error);
    if (error || !parser.done()) {
        parser.handler().broken_off();
    } else if (!skip_blanks(text.substr(used)).empty()) {
        result.whole = false;
    }
    return result;
}

} // namespace linli::wire
