#include "system/provider.hpp"

#include "adapters/wire/topics.hpp"

namespace linli::tests {

provider::provider(std::string id, peer::who const& is)
    : id_{std::move(id)}, at_broker_(is, wire::offers_topic(id_), [this](auto payload) {
          if (auto offer = wire::decode_offer(payload)) news_.put(*offer);
      }) {}

wire::seen_offer provider::gets_offer() {
    return news_.wait_for("an offer to " + id_.value, [](wire::seen_offer const& o) {
        return o.state == domain::offer_state::open && o.in_reply_to.empty();
    });
}

wire::seen_offer provider::hears(domain::offer_state state, std::string const& offer) {
    // Not the answer to what it has said itself; its worker may have said it on the telephone.
    return news_.wait_for("news of offer " + offer, [&](wire::seen_offer const& o) {
        auto const& to = o.in_reply_to;
        return o.offer == offer && o.state == state && (to.empty() || to.starts_with("telephone-"));
    });
}

wire::seen_offer provider::replies(domain::reply_kind kind, std::string const& offer,
                                   std::string const& reason) {
    domain::reply said;
    said.reply_id = id_.value + '-' + std::to_string(next_reply_++);
    said.offer = {domain::parse_uuid(offer).value()};
    said.kind = kind;
    said.reason = reason;
    at_broker_.says(wire::replies_topic(id_), wire::encode_reply(said));
    return news_.wait_for("the answer to " + said.reply_id, [&](wire::seen_offer const& o) {
        return o.in_reply_to == said.reply_id;
    });
}

} // namespace linli::tests
