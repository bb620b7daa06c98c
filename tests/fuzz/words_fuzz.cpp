// Any bytes as the body of each command and message that the pages, the worker's page, the
// administration and the telephone system send: read, with clean texts of a bounded length, or
// refused; nothing is thrown.
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "adapters/wire/booking_words.hpp"
#include "adapters/wire/call_words.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_words.hpp"
#include "adapters/wire/device_words.hpp"
#include "adapters/wire/office_words.hpp"
#include "adapters/wire/plan_words.hpp"
#include "adapters/wire/registry_encoding.hpp"
#include "adapters/wire/visit_words.hpp"
#include "fuzz/require.hpp"
#include "runtime/utc_text.hpp"

namespace {

using namespace linli;

constexpr std::size_t id_bytes = 3 * 200; // what is no UTF-8 becomes U+FFFD, of three bytes
constexpr std::size_t text_bytes = 4 * 2000;

void clean(std::size_t most, std::initializer_list<std::string_view> texts) {
    for (auto const each : texts)
        require(each.size() <= most && wire::is_utf8(each) && each.find('\0') == each.npos);
}

void check_desk(std::string_view bytes) {
    if (auto const said = wire::read_sign_in(bytes)) {
        clean(id_bytes, {said->user});
        require(said->password.size() <= 1000);
    }
    wire::read_duty(bytes);
    if (auto const said = wire::read_command(bytes)) {
        clean(text_bytes, {said->text});
        clean(id_bytes,
              {said->outcome, said->ask, said->worker, said->provider, said->offer, said->reply,
               said->field, said->resident, said->to, said->if_state, said->alert});
    }
    if (auto const said = wire::read_painted(bytes)) {
        require(said->size() <= 2000);
        for (auto const& each : *said)
            clean(id_bytes, {each});
    }
    if (auto const said = wire::read_live_call(bytes)) {
        require(said->painted.size() <= 2000);
        if (said->hello) clean(id_bytes, {said->hello->epoch});
    }
}

void check_services(std::string_view bytes) {
    if (auto const said = wire::read_new_booking(bytes)) {
        clean(text_bytes, {said->words});
        clean(id_bytes, {said->resident, said->service, said->request});
    }
    if (auto const said = wire::read_booking_move(bytes)) {
        clean(text_bytes, {said->text});
        clean(id_bytes, {said->if_state});
    }
    if (auto const said = wire::read_new_complaint(bytes)) {
        clean(text_bytes, {said->words});
        clean(id_bytes, {said->order, said->alert, said->worker, said->against, said->kind,
                         said->complainer});
    }
}

void check_worker(std::string_view bytes) {
    if (auto const said = wire::read_visit_proof(bytes)) {
        clean(id_bytes, {said->what.note, said->code});
        require(said->what.type == domain::picture_type(said->picture));
        require(said->picture.empty() == said->what.digest.empty());
        require(said->picture.size() <= bytes.size());
        require(!said->what.fix || domain::is_usable(*said->what.fix));
    }
    if (auto const said = wire::read_own_sos(bytes))
        require(!said->fix || domain::is_usable(*said->fix));
}

void check_office(std::string_view bytes) {
    if (auto const said = wire::read_user_change(bytes))
        clean(id_bytes, {said->who.user.value, said->who.name, said->who.area.value,
                         said->who.site.value, said->who.provider.value, said->role});
    if (auto const said = wire::read_dry_run(bytes))
        clean(id_bytes, {said->kind, said->resident, said->home});
    if (auto const said = wire::read_registry_change(bytes)) {
        require(said->rows.size() <= 1000);
        for (auto const& row : said->rows)
            for (auto const& [name, cell] : row)
                clean(4 * 64 * 1024, {name, cell});
    }
    if (auto const files = wire::read_registry_files(bytes)) {
        std::size_t all = 0;
        for (auto const& each : *files)
            all += each.text.size();
        require(all <= bytes.size());
    }
}

void check_telephone(std::string_view bytes) {
    if (auto const said = wire::read_call_report(bytes)) {
        clean(id_bytes, {said->what.name, said->what.number, said->what.called, said->what.seat,
                         said->what.recording});
        require(said->what.source.empty()); // not the body's to say
        require(!said->wrong.empty() || !said->what.name.empty());
    }
}

// What a maker's device or a provider's program reads of ours, from whoever may publish to it.
void check_readers_of_ours(std::string_view bytes) {
    wire::decode_receipt(bytes);
    wire::decode_command(bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    check_desk(bytes);
    check_services(bytes);
    check_worker(bytes);
    check_office(bytes);
    check_telephone(bytes);
    check_readers_of_ours(bytes);
    if (auto const at = wire::read_time(bytes))
        require(wire::read_time(runtime::utc_text(*at)) ==
                std::chrono::floor<std::chrono::milliseconds>(*at));
    return 0;
}
