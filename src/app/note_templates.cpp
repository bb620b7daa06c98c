#include "app/note_templates.hpp"

namespace linli::app {

std::vector<note_template> usual_note_templates() {
    return {
        {"已回拨，老人应答，人没事。", "Rung back: the resident answers and is well."},
        {"已回拨，无人接听。", "Rung back: nobody answers."},
        {"已接通，只听到声音，没有应答。", "Connected: sounds, but no answer."},
        {"已联系家属，家属前往。", "A relative was reached and is on the way."},
        {"家属电话无人接听。", "The relatives don't answer."},
        {"已报 120，等待救护车。", "120 was called; waiting for the ambulance."},
        {"已进门，老人清醒。", "Inside: the resident is conscious."},
        {"门敲不开，联系持钥匙人。", "Nobody opens: ringing who holds the key."},
        {"老人拒绝救护，30 分钟后再回拨。",
         "The resident refuses an ambulance; ring again in 30 minutes."},
    };
}

} // namespace linli::app
