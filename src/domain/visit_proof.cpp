#include "domain/visit_proof.hpp"

#include <algorithm>
#include <cmath>

namespace linli::domain {

namespace {

constexpr std::size_t longest_note = 80;

bool is_picture(std::string_view bytes, std::string_view type, std::size_t most) {
    return bytes.size() <= most && picture_type(bytes) == type;
}

// Written as it is into the log, which holds no text of people.
bool is_note(std::string_view text) {
    return text.size() <= longest_note && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == ' ' || c == '.' || c == '_' || c == '-';
           });
}

} // namespace

std::string_view picture_type(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
    return {};
}

bool is_visit_code(std::string_view text) {
    return text.size() >= 4 && text.size() <= 6 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string_view> objection_to(proof_kind what, std::string_view picture,
                                             std::string_view digits, std::string_view note) {
    using enum proof_kind;
    bool const is_photo = what == photo || what == door_photo;
    bool const is_signed = what == signature || what == consent;
    bool const fits = is_photo    ? is_picture(picture, "image/jpeg", most_photo_bytes)
                      : is_signed ? is_picture(picture, "image/png", most_signature_bytes)
                                  : picture.empty();
    if (!fits) return "picture";
    if (what == code ? !is_visit_code(digits) : !digits.empty()) return "code";
    bool const needs_note = what == bound || what == consent || what == contact;
    if (!is_note(note) || needs_note == note.empty()) return "note";
    return std::nullopt;
}

std::string written(visit_proof const& what) {
    std::string text(to_text(what.what));
    if (!what.note.empty()) text += ' ' + what.note;
    if (!what.digest.empty()) text += ' ' + what.digest;
    if (what.distance_m) text += ' ' + std::to_string(*what.distance_m) + 'm';
    return text;
}

std::optional<std::uint32_t> distance_from_door(std::optional<position> const& fix,
                                                std::optional<position> const& door) {
    if (!fix || !door) return std::nullopt;
    return static_cast<std::uint32_t>(std::lround(distance_m(*fix, *door)));
}

} // namespace linli::domain
