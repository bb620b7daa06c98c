#include "hotline/sip/sip_telephone.hpp"

#include <condition_variable>
#include <cstdarg>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nua.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_string.h>
#include <sofia-sip/su_tag_io.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "hotline/core/sdp.hpp"
#include "hotline/sip/sip_text.hpp"

namespace linli::hotline {

namespace {

constexpr int bad_request = 400;
constexpr int unauthorized = 401;
constexpr int proxy_unauthorized = 407;
constexpr auto sdp_type = "application/sdp";
constexpr auto methods = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE";

// One of ours with one peer.
struct dialog {
    call_id call;
    leg_id leg; // empty: the caller's
    nua_handle_t* handle = nullptr;
    std::string sdp;    // what we have last said, and he has taken
    std::string asked;  // what our re-INVITE says that is on its way
    std::string theirs; // what he has last said
    bool answered = false;
    bool placed = false;    // of the caller's: we call him
    bool confirmed = false; // of the caller's: by his ACK
    bool rang = false;
    bool hung_up = false; // by a BYE of the peer
    bool ending = false;  // by us, or refused: nobody needs to be told
    bool moving = false;  // our re-INVITE is on its way

    bool is_callers() const { return leg.value.empty(); }
};

std::string text_of(char const* text) {
    return text ? std::string(text) : std::string();
}

std::string body_of(sip_t const* sip) {
    if (!sip || !sip->sip_payload || !sip->sip_payload->pl_data) return {};
    return {sip->sip_payload->pl_data, sip->sip_payload->pl_len};
}

std::string header_of(sip_t const* sip, char const* name) {
    for (auto const* each = sip->sip_unknown; each; each = each->un_next)
        if (su_casematch(each->un_name, name)) return text_of(each->un_value);
    return {};
}

std::string user_in(sip_addr_t const* address) {
    return address ? text_of(address->a_url->url_user) : std::string();
}

// The network's word before the telephone's own. Who withholds his number has none.
std::string number_of(sip_t const* sip) {
    auto const asserted = user_of(header_of(sip, "P-Asserted-Identity"));
    if (!asserted.empty()) return asserted;
    auto const own = user_in(sip->sip_from);
    return own == "anonymous" ? std::string() : own;
}

} // namespace

// All of it but the constructor, the destructor and post() runs in sofia's thread.
class sip_telephone::stack {
public:
    stack(boost::asio::any_io_executor loop, settings with, on_call came, on_input tell)
        : loop_(std::move(loop)), with_(std::move(with)), came_(std::move(came)),
          tell_(std::move(tell)), woken_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (woken_ < 0) throw std::runtime_error("no eventfd for SIP");
        thread_ = std::thread([this] { run(); });
        std::unique_lock lock(mutex_);
        started_.wait(lock, [this] { return state_ != state::starting; });
        if (state_ == state::running) return;
        lock.unlock();
        thread_.join();
        ::close(woken_);
        throw std::runtime_error("SIP can't listen on " + with_.listen +
                                 ": is another engine running there?");
    }

    ~stack() {
        post([this] { nua_shutdown(nua_); });
        thread_.join();
        ::close(woken_);
    }

    void post(std::function<void()> work) {
        {
            std::lock_guard const lock(mutex_);
            posted_.push_back(std::move(work));
        }
        std::uint64_t const one = 1;
        [[maybe_unused]] auto const written = ::write(woken_, &one, sizeof one);
    }

    void answer(call_id const& call, std::string sdp) {
        auto* const d = find(call, {});
        if (!d) return;
        d->sdp = std::move(sdp);
        d->answered = true;
        nua_respond(d->handle, SIP_200_OK, SIPTAG_CONTENT_TYPE_STR(sdp_type),
                    SIPTAG_PAYLOAD_STR(d->sdp.c_str()), TAG_END());
    }

    void refuse(call_id const& call, int sip_code) {
        auto* const d = find(call, {});
        if (!d) return;
        d->ending = true;
        nua_respond(d->handle, sip_code, sip_status_phrase(sip_code), TAG_END());
    }

    void move(call_id const& call, std::string sdp) {
        auto* const d = find(call, {});
        if (!d) return;
        d->asked = std::move(sdp);
        d->moving = true;
        nua_invite(d->handle, SIPTAG_CONTENT_TYPE_STR(sdp_type),
                   SIPTAG_PAYLOAD_STR(d->asked.c_str()), TAG_END());
    }

    void invite(call_id const& call, invite_leg what) {
        dialog d;
        d.call = call;
        d.leg = what.leg;
        d.sdp = std::move(what.sdp);
        if (!ring(d, what.address, with_.identity, header_lines(what.headers)))
            tell(d, leg_refused{d.leg, bad_request});
    }

    void call(call_id const& call, call_caller what) {
        dialog d;
        d.call = call;
        d.placed = true;
        d.sdp = std::move(what.sdp);
        if (!ring(d, what.to, what.from.empty() ? with_.identity : what.from, {}))
            tell(d, caller_refused{bad_request});
    }

    void end(call_id const& call, leg_id const& leg) {
        auto* const d = find(call, leg);
        if (!d) return;
        d->ending = true;
        if (d->answered)
            nua_bye(d->handle, TAG_END());
        else if (d->is_callers() && !d->placed)
            nua_respond(d->handle, SIP_480_TEMPORARILY_UNAVAILABLE, TAG_END());
        else
            nua_cancel(d->handle, TAG_END());
    }

private:
    enum class state { starting, running, failed };

    // False: the address is none. The one retry is for who wants a longer session timer.
    bool ring(dialog const& what, std::string const& to, std::string const& from,
              std::string const& headers) {
        auto added = std::make_unique<dialog>(what);
        auto* const d = added.get();
        d->handle = nua_handle(nua_, d, NUTAG_URL(to.c_str()), SIPTAG_TO_STR(to.c_str()),
                               SIPTAG_FROM_STR(from.c_str()), TAG_END());
        if (!d->handle) return false;
        dialogs_[{d->call, d->leg}] = std::move(added);
        nua_invite(d->handle, SIPTAG_CONTENT_TYPE_STR(sdp_type), SIPTAG_PAYLOAD_STR(d->sdp.c_str()),
                   TAG_IF(!headers.empty(), SIPTAG_HEADER_STR(headers.c_str())),
                   TAG_IF(with_.session_timer_s > 0, NUTAG_RETRY_COUNT(1)), TAG_END());
        return true;
    }

    using key = std::pair<call_id, leg_id>;

    // By itself nua asks for nothing again, and each refusal is told at once: it would wait for
    // credentials that never come and let no other request of that call by, and ring again, after
    // the pause that a 503 names, whom nobody wants any more.
    void run() {
        su_init();
        su_log_redirect(su_log_default, &stack::take_log, nullptr);
        su_log_soft_set_level(su_log_default, 1);
        root_ = su_root_create(nullptr);
        su_root_threading(root_, 0); // it is in a thread of its own already
        nua_ = nua_create(root_, &stack::on_event, this, NUTAG_URL(with_.listen.c_str()),
                          TAG_IF(!with_.edge.empty(), NUTAG_PROXY(with_.edge.c_str())),
                          NUTAG_MEDIA_ENABLE(0), NTATAG_UDP_MTU(65535), NUTAG_AUTOACK(0),
                          NUTAG_AUTOANSWER(0), NUTAG_AUTOALERT(0), NUTAG_APPL_METHOD("UPDATE"),
                          NUTAG_RETRY_COUNT(0), NUTAG_MAX_RETRY_AFTER(0),
                          NUTAG_SESSION_TIMER(with_.session_timer_s), SIPTAG_ALLOW_STR(methods),
                          SIPTAG_USER_AGENT_STR("linli-hotline"), TAG_END());
        say_started(nua_ ? state::running : state::failed);
        if (nua_) serve();
        su_root_destroy(root_);
        su_deinit();
    }

    void serve() {
        su_wait_t wait = SU_WAIT_INIT;
        su_wait_create(&wait, woken_, SU_WAIT_IN);
        auto const registered = su_root_register(root_, &wait, &stack::on_woken, this, 0);
        su_root_run(root_);
        su_root_deregister(root_, registered);
        nua_destroy(nua_);
    }

    void say_started(state is) {
        std::lock_guard const lock(mutex_);
        state_ = is;
        started_.notify_all();
    }

    static void take_log(void*, char const*, va_list) {} // its words may hold numbers

    static int on_woken(su_root_magic_t*, su_wait_t*, su_wakeup_arg_t* self) {
        static_cast<stack*>(self)->do_posted();
        return 0;
    }

    void do_posted() {
        std::uint64_t count = 0;
        [[maybe_unused]] auto const read = ::read(woken_, &count, sizeof count);
        std::vector<std::function<void()>> work;
        {
            std::lock_guard const lock(mutex_);
            work.swap(posted_);
        }
        for (auto& each : work)
            each();
    }

    static void on_event(nua_event_t event, int status, char const*, nua_t*, nua_magic_t* self,
                         nua_handle_t* handle, nua_hmagic_t* of, sip_t const* sip, tagi_t tags[]) {
        static_cast<stack*>(self)->take(event, status, handle, static_cast<dialog*>(of), sip, tags);
    }

    void take(nua_event_t event, int status, nua_handle_t* handle, dialog* d, sip_t const* sip,
              tagi_t const* tags) {
        if (event == nua_r_shutdown) {
            if (status >= 200) su_root_break(root_);
        } else if (d) {
            take(event, status, *d, sip, tags);
        } else if (event == nua_i_invite) {
            begin(handle, sip);
        } // else it is of a handle that we have destroyed, or of what never was a call
    }

    void take(nua_event_t event, int status, dialog& d, sip_t const* sip, tagi_t const* tags) {
        if (event == nua_i_invite || event == nua_i_update) {
            if (status < 200) take_change(d, event, sip); // else nua has refused it: they cross
        } else if (event == nua_i_ack) {
            if (d.is_callers() && !std::exchange(d.confirmed, true)) tell(d, caller_confirmed{});
            learn(d, body_of(sip)); // whoever asked without SDP says in it where he is
        } else if (event == nua_i_bye) {
            d.hung_up = true;
        } else if (event == nua_i_info) {
            take_info(d, sip);
        } else if (event == nua_r_invite && d.is_callers() && (!d.placed || d.answered)) {
            take_move(d, status, sip);
        } else if (event == nua_r_invite) {
            take_ring(d, status, sip);
        } else if (event == nua_i_state) {
            int is = nua_callstate_init;
            tl_gets(tags, NUTAG_CALLSTATE_REF(is), TAG_END());
            if (is == nua_callstate_terminated) finish(d);
        }
    }

    void begin(nua_handle_t* handle, sip_t const* sip) {
        auto added = std::make_unique<dialog>();
        added->call.value = with_.run + "-" + std::to_string(++calls_);
        added->handle = handle;
        added->theirs = body_of(sip);
        nua_handle_bind(handle, added.get());
        refresh_by_update(handle, sip);
        arrival from{added->call, visible(number_of(sip)),
                     visible(text_of(sip->sip_request->rq_url->url_user)),
                     visible(header_of(sip, "X-Trunk")), body_of(sip)};
        dialogs_[{added->call, {}}] = std::move(added);
        boost::asio::post(loop_,
                          [this, from = std::move(from)]() mutable { came_(std::move(from)); });
    }

    void take_info(dialog const& d, sip_t const* sip) {
        if (!sip || !sip->sip_content_type) return;
        auto const digit = digit_in(text_of(sip->sip_content_type->c_type), body_of(sip));
        if (!digit) return;
        auto const by = d.is_callers() ? std::nullopt : std::optional(d.leg);
        tell(d, digit_pressed{by, *digit});
    }

    // The peer's re-INVITE or UPDATE: a hold of its own, a refresh, or it is elsewhere now. It is
    // answered with what it has been told already, since that stays; whoever asks without SDP, but
    // by UPDATE, wants to hear just that. A leg by SRTP stays where it is: rtpengine can't be told.
    void take_change(dialog& d, nua_event_t event, sip_t const* sip) {
        auto offered = body_of(sip);
        bool const has_sdp = !offered.empty();
        auto const ours = has_sdp ? answer_within(offered, d.sdp, d.theirs) : std::optional(d.sdp);
        bool const is_stuck = has_sdp && !d.is_callers() &&
                              carriage_of(offered) == carriage::srtp &&
                              !is_same_place(offered, d.theirs);
        if (!ours || is_stuck) {
            nua_respond(d.handle, SIP_488_NOT_ACCEPTABLE, NUTAG_WITH_THIS(nua_), TAG_END());
        } else if (event == nua_i_update && !has_sdp) {
            nua_respond(d.handle, SIP_200_OK, NUTAG_WITH_THIS(nua_), TAG_END());
        } else {
            nua_respond(d.handle, SIP_200_OK, NUTAG_WITH_THIS(nua_),
                        SIPTAG_CONTENT_TYPE_STR(sdp_type), SIPTAG_PAYLOAD_STR(ours->c_str()),
                        TAG_END());
            learn(d, std::move(offered));
        }
    }

    void learn(dialog& d, std::string said) {
        if (said.empty()) return;
        d.theirs = said;
        if (d.is_callers())
            tell(d, caller_changed{std::move(said)});
        else
            tell(d, leg_changed{d.leg, std::move(said)});
    }

    void take_move(dialog& d, int status, sip_t const* sip) {
        if (status < 200) return;
        if (!std::exchange(d.moving, false)) return take_refresh(d, status);
        if (status >= 300) return tell(d, caller_stayed{status});
        nua_ack(d.handle, TAG_END());
        d.sdp = std::move(d.asked);
        auto said = body_of(sip);
        if (!said.empty()) d.theirs = said;
        tell(d, caller_moved{std::move(said)});
    }

    // Where a session timer lets us refresh: without SDP, so that none can be an older one.
    static void refresh_by_update(nua_handle_t* handle, sip_t const* sip) {
        bool const can = sip && sip_is_allowed(sip->sip_allow, SIP_METHOD_UPDATE);
        nua_set_hparams(handle, NUTAG_UPDATE_REFRESH(can), TAG_END());
    }

    // nua itself has refreshed, with whom can't do it by UPDATE. A refusal changes nothing.
    static void take_refresh(dialog const& d, int status) {
        if (status >= 200 && status < 300) nua_ack(d.handle, TAG_END());
    }

    void take_ring(dialog& d, int status, sip_t const* sip) {
        if (d.answered) return take_refresh(d, status); // or the 200 again
        if (status < 180) return;
        if (status < 200) {
            if (!d.ending && !std::exchange(d.rang, true))
                tell_ring(d, caller_rang{}, leg_rang{d.leg});
        } else if (status < 300) {
            d.answered = true;
            d.theirs = body_of(sip);
            nua_ack(d.handle, TAG_END());
            nua_set_hparams(d.handle, NUTAG_RETRY_COUNT(0), TAG_END());
            refresh_by_update(d.handle, sip);
            if (d.ending)
                nua_bye(d.handle, TAG_END()); // our CANCEL came too late
            else
                tell_ring(d, caller_answered{body_of(sip)}, leg_answered{d.leg, body_of(sip)});
        } else {
            if (!std::exchange(d.ending, true))
                tell_ring(d, caller_refused{status}, leg_refused{d.leg, status});
            // The edge proves who we are. What gets here nobody answers; with a session timer nua
            // would keep the call, without a word, for credentials that never come.
            if (status == unauthorized || status == proxy_unauthorized) finish(d);
        }
    }

    // Whom we call is rung as a leg is.
    void tell_ring(dialog const& d, input of_caller, input of_leg) {
        tell(d, d.is_callers() ? std::move(of_caller) : std::move(of_leg));
    }

    void finish(dialog& d) {
        if (!d.ending) {
            if (d.is_callers())
                tell(d, caller_left{});
            else
                tell(d, leg_left{d.leg, d.hung_up});
        }
        nua_handle_bind(d.handle, nullptr);
        nua_handle_destroy(d.handle);
        dialogs_.erase(key(d.call, d.leg));
    }

    dialog* find(call_id const& call, leg_id const& leg) {
        auto const at = dialogs_.find({call, leg});
        return at == dialogs_.end() ? nullptr : at->second.get();
    }

    void tell(dialog const& d, input what) {
        boost::asio::post(loop_, [this, call = d.call, what = std::move(what)]() mutable {
            tell_(call, std::move(what));
        });
    }

    boost::asio::any_io_executor const loop_;
    settings const with_;
    on_call const came_;
    on_input const tell_;
    int const woken_;
    std::mutex mutex_; // of state_ and posted_
    std::condition_variable started_;
    state state_ = state::starting;
    std::vector<std::function<void()>> posted_;
    std::thread thread_;

    su_root_t* root_ = nullptr;
    nua_t* nua_ = nullptr;
    std::map<key, std::unique_ptr<dialog>> dialogs_;
    std::uint64_t calls_ = 0;
};

sip_telephone::sip_telephone(boost::asio::any_io_executor loop, settings with, on_call came,
                             on_input tell)
    : stack_(std::make_unique<stack>(std::move(loop), std::move(with), std::move(came),
                                     std::move(tell))) {}

sip_telephone::~sip_telephone() = default;

void sip_telephone::answer(call_id const& call, std::string sdp) {
    stack_->post([s = stack_.get(), call, sdp = std::move(sdp)] { s->answer(call, sdp); });
}

void sip_telephone::refuse(call_id const& call, int sip_code) {
    stack_->post([s = stack_.get(), call, sip_code] { s->refuse(call, sip_code); });
}

void sip_telephone::move(call_id const& call, std::string sdp) {
    stack_->post([s = stack_.get(), call, sdp = std::move(sdp)] { s->move(call, sdp); });
}

void sip_telephone::call(call_id const& call, call_caller what) {
    stack_->post([s = stack_.get(), call, what = std::move(what)] { s->call(call, what); });
}

void sip_telephone::end(call_id const& call) {
    stack_->post([s = stack_.get(), call] { s->end(call, {}); });
}

void sip_telephone::invite(call_id const& call, invite_leg what) {
    stack_->post([s = stack_.get(), call, what = std::move(what)] { s->invite(call, what); });
}

void sip_telephone::end(call_id const& call, leg_id const& leg) {
    stack_->post([s = stack_.get(), call, leg] { s->end(call, leg); });
}

} // namespace linli::hotline
