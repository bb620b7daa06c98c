#include "system/load/crew.hpp"

#include <algorithm>
#include <utility>

#include "adapters/wire/topics.hpp"

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;
using domain::offer_state;
using domain::reply_kind;

constexpr steady::duration first_pause = 1s; // before a reply is sent again; then twice as long
constexpr steady::duration longest_pause = 8s;
constexpr auto shortest_step = 50ms;
constexpr auto longest_step = 400ms;

// FNV-1a: the same offer takes the same course in every run with that seed, as far as ids do.
std::uint64_t dice(std::uint64_t seed, std::string const& text) {
    auto value = 14695981039346656037ULL ^ seed;
    for (auto const c : text)
        value = (value ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return value ^ (value >> 32);
}

} // namespace

crew::crew(switchboard& on, ledger& writes, peer::who const& is, domain::provider_id id,
           std::uint64_t seed, std::function<void()> on_offer)
    : on_(on), ledger_(writes), id_(std::move(id)), seed_(seed), on_offer_(std::move(on_offer)),
      at_broker_(on.connect(is, wire::offers_topic(id_),
                            {[this](auto payload) { hear(payload); }, [](int, int) {}})) {}

// In reverse: the next step is the last element.
std::vector<reply_kind> crew::course_of(std::string const& offer) const {
    auto const roll = dice(seed_, offer) % 100;
    if (roll < 55)
        return {reply_kind::completed, reply_kind::started, reply_kind::arrived,
                reply_kind::en_route, reply_kind::accept};
    if (roll < 65) return {reply_kind::completed, reply_kind::arrived, reply_kind::accept};
    if (roll < 75) return {reply_kind::accept}; // and stays at home
    if (roll < 85) return {reply_kind::decline};
    return {};
}

void crew::hear(std::string_view payload) {
    auto const news = wire::decode_offer(payload);
    if (!news) return;
    auto const is_new = note(*news);
    if (!news->in_reply_to.empty()) return take_answer(*news);
    if (is_new) take_up(*news);
}

bool crew::note(wire::seen_offer const& news) {
    if (!news.state) return false; // an answer that says nothing about an offer
    auto& heard = offers_[news.offer];
    ++heard.messages;
    if (heard.messages > 1 && news.version < heard.version) {
        ++heard.older;
        return false;
    }
    if (heard.messages > 1 && news.version == heard.version) {
        ++heard.repeated;
        return false;
    }
    heard.version = news.version;
    heard.state = news.state;
    heard.provider = id_;
    return true;
}

void crew::take_up(wire::seen_offer const& news) {
    if (news.state == offer_state::open && !works_.contains(news.offer)) {
        works_[news.offer].left = course_of(news.offer);
        on_offer_();
        go_on(news.offer);
        return;
    }
    auto& mine = works_[news.offer];
    if (news.state != offer_state::withdrawn || mine.stood_down) return;
    mine.left.clear();
    mine.stood_down = true;
    if (mine.held) reply(news.offer, reply_kind::stood_down); // he has turned round
}

void crew::take_answer(wire::seen_offer const& answer) {
    if (unanswered_.erase(answer.in_reply_to) == 0) return; // answered before
    ledger_.answered(answer.refused);
    auto& mine = works_[answer.offer];
    if (answer.refused) {
        mine.left.clear();
        return;
    }
    mine.held = answer.state == offer_state::accepted;
    go_on(answer.offer);
}

void crew::go_on(std::string const& offer) {
    auto& mine = works_[offer];
    if (mine.left.empty()) return;
    auto const kind = mine.left.back();
    mine.left.pop_back();
    constexpr auto spread = static_cast<std::uint64_t>((longest_step - shortest_step).count());
    auto const wait =
        shortest_step + std::chrono::milliseconds(dice(seed_ + mine.left.size(), offer) % spread);
    on_.after(wait, [this, offer, kind] {
        if (!works_[offer].stood_down) reply(offer, kind);
    });
}

void crew::reply(std::string const& offer, reply_kind kind) {
    domain::reply said;
    said.reply_id = id_.value + '-' + std::to_string(next_reply_++);
    said.offer = {domain::parse_uuid(offer).value()};
    said.kind = kind;
    if (kind == reply_kind::decline) said.reason = "ill";
    unanswered_[said.reply_id] = wire::encode_reply(said);
    ledger_.replied();
    at_broker_.says(wire::replies_topic(id_), unanswered_[said.reply_id]);
    send_later(said.reply_id, first_pause);
}

void crew::send_later(std::string const& reply_id, steady::duration pause) {
    on_.after(pause, [this, reply_id, pause] { send_again(reply_id, pause); });
}

void crew::send_again(std::string const& reply_id, steady::duration paused) {
    auto const at = unanswered_.find(reply_id);
    if (at == unanswered_.end()) return;
    if (at_broker_.says(wire::replies_topic(id_), at->second)) ledger_.replied_again();
    send_later(reply_id, std::min(2 * paused, longest_pause));
}

} // namespace linli::tests::load
