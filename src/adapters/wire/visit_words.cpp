#include "adapters/wire/visit_words.hpp"

#include <array>
#include <utility>

#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/own_work.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_word = 100;

// As "sha256sum" prints it, so that anybody can compare a picture with the log.
std::string sha256(std::string const& bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<unsigned char const*>(bytes.data()),
                       bytes.size());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    return hex.data();
}

void write_proof(domain::visit_proof const& p, v1::KeptProof& into) {
    into.set_proof_id(to_string(p.id));
    into.set_kind(std::string(to_text(p.what)));
    into.set_worker(shown_text(p.worker.value));
    write_time(p.taken_at, &v1::KeptProof::mutable_taken_at, into);
    write_time(p.came_at, &v1::KeptProof::mutable_came_at, into);
    if (p.fix) write_position(*p.fix, *into.mutable_position());
    if (p.distance_m) into.set_distance_m(*p.distance_m);
    into.set_note(shown_text(p.note));
    into.set_holds(p.holds);
    into.set_type(p.type);
    into.set_digest(p.digest);
}

} // namespace

std::optional<app::given_proof> read_visit_proof(std::string_view json) {
    auto message = read_body<v1::VisitProof>(json);
    if (!message) return std::nullopt;
    auto const id = domain::parse_uuid(message->proof_id());
    auto const kind = domain::from_text<domain::proof_kind>(message->kind());
    if (!id || !kind) return std::nullopt;
    app::given_proof given;
    given.what.id = domain::proof_id{*id};
    given.what.what = *kind;
    if (message->has_happened_at()) given.what.taken_at = read_instant(message->happened_at());
    if (message->has_position()) given.what.fix = read_position(message->position());
    given.what.note = clean_text(message->note(), longest_word);
    given.code = clean_text(message->code(), longest_word);
    given.picture = std::move(*message->mutable_picture());
    given.what.type = domain::picture_type(given.picture);
    if (!given.picture.empty()) given.what.digest = sha256(given.picture);
    return given;
}

std::optional<own_sos> read_own_sos(std::string_view json) {
    auto const message = read_body<v1::OwnSos>(json);
    if (!message) return std::nullopt;
    auto const id = domain::parse_uuid(message->sos_id());
    if (!id) return std::nullopt;
    own_sos said{*id, std::nullopt, std::nullopt};
    if (message->has_happened_at()) said.happened_at = read_instant(message->happened_at());
    if (message->has_position()) said.fix = read_position(message->position());
    return said;
}

std::string encode_proof_taken(bool holds) {
    v1::ProofTaken message;
    message.set_holds(holds);
    return bytes_of(message, form::json);
}

std::string encode_proofs(std::vector<domain::visit_proof> const& all) {
    v1::KeptProofs message;
    for (auto const& each : all)
        write_proof(each, *message.add_proofs());
    return bytes_of(message, form::json);
}

std::string encode_contacts(std::vector<app::own_contact> const& all) {
    v1::OwnContacts message;
    for (auto const& each : all) {
        auto& row = *message.add_contacts();
        row.set_place(static_cast<std::uint32_t>(each.place));
        row.set_name(shown_text(each.name));
        row.set_relation(shown_text(each.relation));
        row.set_phone(shown_text(each.phone));
        row.set_resident(shown_text(each.resident.value));
    }
    return bytes_of(message, form::json);
}

} // namespace linli::wire
