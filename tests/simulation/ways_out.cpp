#include "simulation/ways_out.hpp"

namespace linli::simulation {

app::notice_texts const& some_words() {
    static app::notice_texts const texts = [] {
        app::notice_words zh;
        for (auto const& [kind, text] : domain::names<domain::alert_kind>::table)
            zh.kinds[kind] = text;
        for (auto const& [why, text] : domain::names<domain::notice_reason>::table)
            zh.contacts[why] = zh.staff[why] = "{kind}";
        return app::notice_texts{{"zh", zh}};
    }();
    return texts;
}

app::carried sending_of(dice& chance, int not_told_percent) {
    if (not_told_percent == 0 || !chance.percent(not_told_percent))
        return {chance.percent(50) ? domain::sending::confirmed : domain::sending::accepted, {}};
    auto const drawn = chance.below(3);
    if (drawn == 0) return {domain::sending::refused, "wrong_number"};
    if (drawn == 1) return {domain::sending::unreachable, "unreachable"};
    return {domain::sending::silent, "silent"};
}

} // namespace linli::simulation
