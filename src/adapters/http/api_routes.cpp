#include "adapters/http/api_routes.hpp"

#include <algorithm>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/query.hpp"

namespace linli::http {

namespace {

using domain::right;
using enum second_time;

route command(std::string_view pattern, access needs, scope about,
              runtime::task<api_reply> (*answer)(api_ports&, admitted), second_time again,
              std::string_view summary, std::string_view gives = "Done") {
    return {"POST",
            pattern,
            needs,
            about,
            {.summary = summary, .takes = "DeskCommand", .gives = gives, .again = again},
            answer};
}

std::vector<route> session_routes() {
    return {
        {"POST",
         "/v1/session",
         open_route::sign_in,
         scope::own,
         {.summary = "Sign in; the answer sets the cookie", .takes = "SignIn", .gives = "Session"},
         sign_in},
        {"GET",
         "/v1/session",
         own_session::see,
         scope::own,
         {.summary = "Who is signed in, and what she may", .gives = "Session"},
         see_session},
        {"DELETE",
         "/v1/session",
         own_session::end,
         scope::own,
         {.summary = "Sign out", .success = 204, .again = known},
         sign_out},
        {"POST",
         "/v1/session/duty",
         own_session::duty,
         scope::own,
         {.summary = "On duty or off", .takes = "DutyChange", .gives = "Session", .again = known},
         change_duty},
        {"GET",
         "/v1/session/handover",
         right::claim,
         scope::own,
         {.summary = "What one still holds, and who is on duty and could go on with it",
          .gives = "Handover"},
         see_handover},
        {"GET",
         "/v1/openapi.json",
         open_route::description,
         scope::own,
         {.summary = "This description"},
         describe},
    };
}

std::vector<route> reading_routes() {
    return {
        {"GET",
         "/v1/live",
         right::see_queue,
         scope::own,
         {.summary = "The queue and its changes: by WebSocket with the subprotocol linli.v1.json, "
                     "or as a long poll",
          .gives = "LiveUpdate",
          .query = {"epoch", "after", "wait"},
          .by_websocket_too = true},
         poll_live},
        {"POST",
         "/v1/live/painted",
         right::see_queue,
         scope::own,
         {.summary = "These alerts are on a screen in front of somebody who is on duty",
          .takes = "Painted",
          .success = 204,
          .again = known},
         take_painted},
        {"GET",
         "/v1/alerts/{id}",
         right::see_card,
         scope::alert,
         {.summary = "One alert, whole; the seeing is logged", .gives = "AlertCard"},
         see_alert},
        {"GET",
         "/v1/requests/{id}",
         right::see_card,
         scope::request,
         {.summary = "One request, whole; the seeing is logged", .gives = "AlertCard"},
         see_request},
        {"GET",
         "/v1/follow_ups",
         right::follow_up,
         scope::own,
         {.summary = "Whom somebody must still ask whether help came, most overdue first",
          .gives = "FollowUps"},
         see_follow_ups},
        {"GET",
         "/v1/unfinished",
         right::dispatch,
         scope::own,
         {.summary = "Visits whose alert is closed and whose end nobody has told, longest without "
                     "a word first",
          .gives = "Unfinished"},
         see_unfinished},
        {"GET",
         "/v1/note_templates",
         right::claim,
         scope::own,
         {.summary = "What the installation's operators write again and again into a note",
          .gives = "NoteTemplates"},
         see_note_templates},
        {"GET",
         "/v1/alerts/{id}/evidence",
         right::see_evidence,
         scope::alert,
         {.summary = "An alert's record with its hashes, and who saw whom for it; logged",
          .gives = "Evidence"},
         see_evidence},
    };
}

std::vector<route> command_routes() {
    return {
        command("/v1/alerts/{id}/claim", right::claim, scope::alert, claim, refused,
                "Claim it, or acknowledge a new press on one's own"),
        command("/v1/alerts/{id}/release", right::claim, scope::alert, release, refused,
                "Let go of it"),
        command("/v1/alerts/{id}/hand_over", right::claim, scope::alert, hand_over, twice,
                "Ask somebody who is on duty to go on with it, and say what is next"),
        command("/v1/alerts/{id}/shelve", right::claim, scope::alert, shelve, twice,
                "Lay aside what is no emergency, for at most 30 minutes, with a reason"),
        command("/v1/alerts/{id}/note", right::claim, scope::alert, note, twice, "Note a text"),
        command("/v1/alerts/{id}/handle", right::claim, scope::alert, handle, refused,
                "The steps are done, the outcome is not known yet"),
        command("/v1/alerts/{id}/close", right::claim, scope::alert, close, refused,
                "Close it with an outcome"),
        command("/v1/alerts/{id}/asked_done", right::claim, scope::alert, asked_done, refused,
                "What the plan asked of the operators is done"),
        command("/v1/alerts/{id}/take_over", right::take_over, scope::alert, take_over, refused,
                "Hold what somebody else holds, with a reason"),
        command("/v1/alerts/{id}/reveal", right::reveal, scope::alert, reveal, known,
                "What is masked on the card; the asking is logged", "Revealed"),
        command("/v1/orders/{id}/cancel", right::dispatch, scope::order, cancel, refused,
                "Cancel it, with a reason"),
        command("/v1/orders/{id}/follow_up", right::follow_up, scope::order, follow_up, refused,
                "What came of the call after the visit"),
        command("/v1/orders/{id}/offer", right::dispatch, scope::order, offer, twice,
                "Offer it to a chosen worker"),
        command("/v1/orders/{id}/reply", right::dispatch, scope::order, reply, refused,
                "Write down what a worker said on the telephone"),
        command("/v1/requests/{id}/reveal", right::reveal, scope::request, reveal, known,
                "What is masked on the card: whom to ring back; the asking is logged", "Revealed"),
        command("/v1/requests/{id}/ring_back", right::claim, scope::request, ring_back, refused,
                "Close it: whoever asked was rung back"),
    };
}

std::vector<route> call_routes() {
    return {
        {"POST",
         "/v1/calls",
         open_route::telephone,
         scope::own,
         {.summary = "The telephone system tells of a call, signed with Linli-Timestamp and "
                     "Linli-Signature; 200 when it is in the record",
          .takes = "CallReport",
          .gives = "CallTaken"},
         take_call},
        command("/v1/calls/{id}/open_alert", right::claim, scope::call, open_alert_of_call, refused,
                "It is an emergency; `resident`: who calls, if that is known"),
        command("/v1/calls/{id}/open_request", right::claim, scope::call, open_request_of_call,
                refused, "Somebody asks for something"),
        command("/v1/calls/{id}/join", right::claim, scope::call, join_call, refused,
                "It belongs to an alert that is open"),
        command("/v1/calls/{id}/no_case", right::claim, scope::call, no_case_of_call, refused,
                "It is none: why, and in words if a resident may have called in silence"),
        command("/v1/calls/{id}/reveal", right::reveal, scope::call, reveal_call, known,
                "The caller's number; the asking is logged", "Revealed"),
        command("/v1/calls/{id}/dial", right::reveal, scope::call, dial_call, known,
                "Ring her seat, then the caller; logged"),
        command("/v1/alerts/{id}/dial", right::reveal, scope::alert, dial, known,
                "Ring her seat, then a telephone on the card; logged"),
        command("/v1/requests/{id}/dial", right::reveal, scope::request, dial, known,
                "Ring her seat, then a telephone on the card; logged"),
    };
}

route wish(std::string_view pattern, runtime::task<api_reply> (*answer)(api_ports&, admitted),
           std::string_view summary, std::string_view takes = {}) {
    return {"POST",
            pattern,
            right::claim,
            scope::call,
            {.summary = summary, .takes = takes, .gives = "Done", .success = 202, .again = refused},
            answer};
}

std::vector<route> hotline_routes() {
    return {
        {"POST",
         "/v1/hotline/credentials",
         right::claim,
         scope::own,
         {.summary = "By what her browser registers at the hotline's edge, for five minutes",
          .gives = "EdgeCredentials",
          .again = known},
         give_credentials},
        {"GET",
         "/v1/hotline/seat",
         right::claim,
         scope::own,
         {.summary = "Her seat at the hotline", .gives = "Seat"},
         see_seat},
        {"POST",
         "/v1/hotline/seat",
         right::claim,
         scope::own,
         {.summary = "Ready, away, or that her telephone still stands: 30 seconds without, and "
                     "nobody rings there",
          .takes = "SeatReport",
          .gives = "Seat",
          .again = known},
         take_seat},
        {"GET",
         "/v1/hotline/now",
         right::see_queue,
         scope::own,
         {.summary = "Who waits, what the seats do, and today's share that was answered in time; "
                     "nobody's name",
          .gives = "HotlineNow"},
         see_hotline_now},
        {"GET",
         "/v1/hotline/checks",
         right::see_reports,
         scope::own,
         {.summary = "Calls that waited longer than 180 seconds: those that nobody has looked into "
                     "yet, or closed=yes",
          .gives = "WaitChecks",
          .query = {"closed", "page", "per_page"}},
         see_wait_checks},
        command("/v1/calls/{id}/close_check", right::answer_complaint, scope::call,
                close_wait_check, refused,
                "Why it waited so long, and what follows: `text`; 409 closed, no_check"),
        wish("/v1/calls/{id}/hold", hold_call, "The caller hears music, and she nobody"),
        wish("/v1/calls/{id}/resume", resume_call, "The two hear each other again"),
        wish("/v1/calls/{id}/park", park_call, "Back into the line, before all others of its rank"),
        wish("/v1/calls/{id}/transfer", transfer_call,
             "To another operator who is ready, or to a telephone outside", "Transfer"),
        wish("/v1/calls/{id}/hang_up", hang_up_call, "Ends it"),
        wish("/v1/calls/{id}/add_third", add_third_to_call,
             "Rings somebody, who speaks with her alone first; the caller hears music", "Transfer"),
        wish("/v1/calls/{id}/join_third", join_third_to_call, "All three speak"),
        wish("/v1/calls/{id}/drop_third", drop_third_of_call, "The two speak on"),
        wish("/v1/calls/{id}/leave", leave_call, "The caller and the third speak on"),
        {"POST",
         "/v1/calls/{id}/listen",
         right::take_over,
         scope::call,
         {.summary = "Rings her who asks, to hear both and be heard by none; logged",
          .gives = "Done",
          .success = 202,
          .again = refused},
         listen_to_call},
    };
}

route recordings_of(std::string_view pattern, scope about) {
    return {"GET",
            pattern,
            right::see_evidence,
            about,
            {.summary = "What was recorded of its calls; not the sound", .gives = "Recordings"},
            see_recordings};
}

route recording_of(std::string_view pattern, scope about) {
    return {"GET",
            pattern,
            right::see_evidence,
            about,
            {.summary = "The sound of one of them, whom we spoke with on the left; at most 1 MiB a "
                        "time, by Range; the listening is logged",
             .success = 206,
             .gives_file = "audio/wav"},
            hear_recording};
}

std::vector<route> recording_routes() {
    return {
        recordings_of("/v1/alerts/{id}/recordings", scope::alert),
        recordings_of("/v1/requests/{id}/recordings", scope::request),
        recordings_of("/v1/calls/{id}/recordings", scope::call),
        recording_of("/v1/alerts/{id}/recordings/{key}", scope::alert),
        recording_of("/v1/requests/{id}/recordings/{key}", scope::request),
        recording_of("/v1/calls/{id}/recordings/{key}", scope::call),
    };
}

std::vector<route> own_routes() {
    return {
        {"GET",
         "/v1/own/offers",
         right::see_own_offers,
         scope::own,
         {.summary =
              "A worker's own offers and visits, or those of a provider's people; waits while "
              "they are as `seen`; `known` offers are told whatever became of them",
          .gives = "OwnWork",
          .query = {"seen", "known", "wait"}},
         see_own_offers},
        {"POST",
         "/v1/own/offers/{id}/replies",
         right::reply_own,
         scope::own,
         {.summary = "Accept, decline, set out, arrive …",
          .takes = "Reply",
          .gives = "Done",
          .again = refused},
         take_own_reply},
        {"POST",
         "/v1/own/offers/{id}/proofs",
         right::go,
         scope::own,
         {.summary = "A proof of one's own visit: a photo, a signature, the resident's code …",
          .takes = "VisitProof",
          .gives = "ProofTaken",
          .body = body_size::picture,
          .again = known},
         take_proof},
        {"GET",
         "/v1/own/offers/{id}/contacts",
         right::go,
         scope::own,
         {.summary = "Whom to ring from the door at an installation; the asking is logged",
          .gives = "OwnContacts"},
         see_own_contacts},
        {"GET",
         "/v1/own/offers/{id}/workers",
         right::name_worker,
         scope::own,
         {.summary = "Whom the company could send to it, the best first, each with what speaks "
                     "against him; telephones masked",
          .gives = "OwnWorkers"},
         see_own_workers},
        {"POST",
         "/v1/own/offers/{id}/workers/{key}/reveal",
         right::name_worker,
         scope::own,
         {.summary = "One of these workers' telephone; the asking is logged",
          .gives = "Revealed",
          .again = known},
         reveal_own_worker},
        {"POST",
         "/v1/own/sos",
         right::go,
         scope::own,
         {.summary = "Help for oneself: an emergency at the desk",
          .takes = "OwnSos",
          .gives = "Done",
          .again = known},
         take_own_sos},
    };
}

std::vector<route> proof_routes() {
    return {
        {"GET",
         "/v1/orders/{id}/proofs",
         right::see_proofs,
         scope::order,
         {.summary = "What its worker has left to prove the visit; no pictures",
          .gives = "KeptProofs"},
         see_proofs},
        {"GET",
         "/v1/orders/{id}/proofs/{key}",
         right::see_proofs,
         scope::order,
         {.summary = "One picture, as it was sent; the seeing is logged",
          .gives_file = "image/jpeg"},
         see_proof_picture},
    };
}

std::vector<route> account_routes() {
    return {
        {"GET",
         "/v1/users",
         right::change_users,
         scope::own,
         {.summary = "Who may sign in, of the own area",
          .gives = "UserPage",
          .query = {"q", "role", "page", "per_page"}},
         see_users},
        {"GET",
         "/v1/roles",
         right::change_users,
         scope::own,
         {.summary = "What each role may", .gives = "Roles"},
         see_roles},
        {"POST",
         "/v1/users",
         right::change_users,
         scope::own,
         {.summary = "Somebody new; his password is told once",
          .takes = "UserChange",
          .gives = "NewPassword",
          .again = known},
         add_user},
        {"POST",
         "/v1/users/{user}",
         right::change_users,
         scope::account,
         {.summary = "Another name, role, area, desk …; 409 `stale` if it isn't the version seen",
          .takes = "UserChange",
          .gives = "Done",
          .again = refused},
         change_user},
        {"POST",
         "/v1/users/{user}/password",
         right::change_users,
         scope::account,
         {.summary = "A new password, told once; his sessions end",
          .gives = "NewPassword",
          .again = known},
         renew_password},
        {"POST",
         "/v1/users/{user}/disable",
         right::change_users,
         scope::account,
         {.summary = "Out at once, and not in again", .gives = "Done", .again = refused},
         disable_user},
        {"POST",
         "/v1/users/{user}/enable",
         right::change_users,
         scope::account,
         {.summary = "May sign in again, with the password as it was",
          .gives = "Done",
          .again = refused},
         enable_user},
        {"GET",
         "/v1/access_log",
         right::see_access_log,
         scope::own,
         {.summary =
              "Who saw whom, and who changed whose account, newest first; the look is logged",
          .gives = "AccessPage",
          .query = {"subject", "who", "what", "from", "until", "before", "limit"}},
         see_access_log},
    };
}

route erasing(std::string_view pattern, access needs,
              runtime::task<api_reply> (*answer)(api_ports&, admitted), std::string_view summary,
              std::string_view takes = {}) {
    return {"POST",
            pattern,
            needs,
            scope::person,
            {.summary = summary, .takes = takes, .gives = "ErasureStanding", .again = refused},
            answer};
}

std::vector<route> person_routes() {
    return {
        {"GET",
         "/v1/erasures",
         right::ask_erasure,
         scope::own,
         {.summary = "Whose data was asked to go, and what became of it: those that wait first",
          .gives = "ErasurePage",
          .query = {"state", "page", "per_page"}},
         see_erasures},
        {"GET",
         "/v1/residents/{key}/erasure",
         right::ask_erasure,
         scope::person,
         {.summary = "How he stands: what is asked for, what is in the way, what would go and stay",
          .gives = "ErasureStanding"},
         see_erasure},
        erasing("/v1/residents/{key}/erasure/ask", right::ask_erasure, ask_erasure,
                "Ask that his data go, for good; 409 twice, gone", "ErasureAsk"),
        erasing("/v1/residents/{key}/erasure/withdraw", right::ask_erasure, withdraw_erasure,
                "Take it back, or refuse it; 409 not_asked, gone", "ErasureWithdrawal"),
        erasing("/v1/residents/{key}/erasure/confirm", right::confirm_erasure, confirm_erasure,
                "Destroy his keys: nothing brings them back; 409 alone, needed, not_asked, gone"),
        {"GET",
         "/v1/residents/{key}/file",
         right::hand_out,
         scope::person,
         {.summary = "A copy of all that is stored about him, as a page to print or with "
                     "format=json; logged",
          .query = {"format"},
          .gives_file = "text/html"},
         hand_out},
    };
}

std::vector<route> report_routes() {
    return {
        {"GET",
         "/v1/reports/tonight",
         right::see_reports,
         scope::own,
         {.summary = "What help can't reach tonight, why, and who must mend it",
          .gives = "CoverageReport",
          .query = {"kind", "area"}},
         see_tonight},
        {"GET",
         "/v1/reports/service",
         right::see_reports,
         scope::own,
         {.summary = "A day's or a month's figures of an area and its parts; format=csv for a "
                     "spreadsheet",
          .gives = "ServiceReport",
          .query = {"area", "period", "format"}},
         see_service_report},
        {"GET",
         "/v1/reports/hotline",
         right::see_reports,
         scope::own,
         {.summary = "A day's or a month's figures of our own hotline: as a whole, by line and by "
                     "seat, and its worst 24 hours; format=csv for a spreadsheet",
          .gives = "HotlineReport",
          .query = {"area", "period", "format"}},
         see_hotline_report},
        {"GET",
         "/v1/plans",
         right::see_plans,
         scope::own,
         {.summary = "The plans in force, as they stand in their files", .gives = "Plans"},
         see_plans},
        {"POST",
         "/v1/plans/dry_run",
         right::see_plans,
         scope::own,
         {.summary = "What would happen if somebody pressed there then; nothing is written",
          .takes = "DryRun",
          .gives = "DryRunResult",
          .again = known},
         dry_run},
    };
}

// Before those of the sheets, whose patterns would take them.
std::vector<route> import_routes() {
    constexpr auto change = right::change_registry;
    return {
        {"POST",
         "/v1/registry/check",
         change,
         scope::registry,
         {.summary = "What an import of these files would do; nothing is loaded. 202: the job goes "
                     "on; 409 importing: somebody's runs",
          .takes = "RegistryFiles",
          .gives = "ImportJob",
          .may_go_on = true,
          .body = body_size::large,
          .again = known},
         check_import},
        {"POST",
         "/v1/registry/import",
         change,
         scope::registry,
         {.summary = "Load these files, all of them or, with a mistake, nothing; as a check",
          .takes = "RegistryFiles",
          .gives = "ImportJob",
          .may_go_on = true,
          .body = body_size::large,
          .again = known},
         do_import},
        {"GET",
         "/v1/registry/imports",
         change,
         scope::own,
         {.summary = "Checks and imports of the last hour, newest first", .gives = "ImportJobs"},
         see_imports},
        {"GET",
         "/v1/registry/imports/{id}",
         change,
         scope::import_job,
         {.summary = "How far one is, or what came of it; 404: nothing of it was loaded",
          .gives = "ImportJob"},
         see_import},
        {"POST",
         "/v1/registry/imports/{id}/cancel",
         change,
         scope::import_job,
         {.summary = "Give up one's own before its commit; 409 too_late",
          .success = 204,
          .again = known},
         cancel_import},
    };
}

std::vector<route> registry_routes() {
    constexpr auto see = right::see_registry;
    constexpr auto change = right::change_registry;
    return {
        {"GET",
         "/v1/registry",
         see,
         scope::own,
         {.summary = "The sheets that whoever asks may see, with their columns",
          .gives = "RegistrySheets"},
         see_sheets},
        {"GET",
         "/v1/registry/{sheet}",
         see,
         scope::own,
         {.summary = "Records by key, masked; `q`: how a key begins, a whole telephone or identity "
                     "number, part of a name; and any column that isn't personal by its own name",
          .gives = "RegistryPage",
          .query = {"q", "area", "owner", "status", "kind", "provider", "resident", "home", "page",
                    "per_page"}},
         see_sheet},
        {"GET",
         "/v1/registry/{sheet}/export",
         see,
         scope::own,
         {.summary = "The sheet as an import takes it; masked, and then an import refuses it, but "
                     "with personal=yes, which needs change_registry and is logged",
          .query = {"personal"},
          .gives_file = "text/csv"},
         export_sheet},
        {"GET",
         "/v1/registry/{sheet}/{key}",
         see,
         scope::record,
         {.summary = "One record, masked, and who changed it last", .gives = "RegistryRecord"},
         see_record},
        {"POST",
         "/v1/registry/{sheet}/{key}",
         change,
         scope::record,
         {.summary = "Change a record, or make one; 409 stale, 422 with RegistryMistakes",
          .takes = "RegistryChange",
          .gives = "RegistryRecord",
          .again = refused},
         change_record},
        {"POST",
         "/v1/registry/{sheet}/{key}/reveal",
         change,
         scope::record,
         {.summary = "One record in clear; the seeing is logged",
          .gives = "RegistryRecord",
          .again = known},
         reveal_record},
    };
}

std::vector<route> booking_routes() {
    return {
        {"GET",
         "/v1/catalogue",
         right::book,
         scope::own,
         {.summary = "The life services that can be booked", .gives = "Catalogue"},
         see_catalogue},
        {"GET",
         "/v1/bookings",
         right::book,
         scope::own,
         {.summary =
              "What is booked and not done yet, by its time; ended=yes: also what has ended, of "
              "the last 31 days unless `from` or a resident says otherwise",
          .gives = "BookingPage",
          .query = {"resident", "from", "until", "ended", "page", "per_page"}},
         see_bookings},
        {"GET",
         "/v1/bookings/residents",
         right::book,
         scope::own,
         {.summary = "For whom, masked; `q`: how a key begins, or a whole telephone or identity "
                     "number",
          .gives = "BookablePeople",
          .query = {"q"}},
         see_bookable},
        {"POST",
         "/v1/bookings",
         right::book,
         scope::own,
         {.summary = "Book a life service; the request that it answers is closed by it",
          .takes = "NewBooking",
          .gives = "Booking",
          .again = known},
         book},
        {"POST",
         "/v1/bookings/{id}/move",
         right::book,
         scope::order,
         {.summary = "To another time, with a reason; whoever had accepted it is asked again",
          .takes = "BookingMove",
          .gives = "Done"},
         move_booking},
        command("/v1/bookings/{id}/cancel", right::book, scope::order, cancel_booking, refused,
                "Cancel it, with a reason"),
    };
}

std::vector<route> complaint_routes() {
    return {
        {"GET",
         "/v1/complaints",
         right::complain,
         scope::own,
         {.summary = "Complaints, without their words: open ones by their clock, then the others",
          .gives = "ComplaintPage",
          .query = {"state", "page", "per_page"}},
         see_complaints},
        {"GET",
         "/v1/complaints/{id}",
         right::complain,
         scope::complaint,
         {.summary = "One complaint with its words; the seeing is logged", .gives = "Complaint"},
         see_complaint},
        {"POST",
         "/v1/complaints",
         right::complain,
         scope::own,
         {.summary = "Write down what somebody complains of",
          .takes = "NewComplaint",
          .gives = "Complaint"},
         complain},
        {"POST",
         "/v1/complaints/{id}/answer",
         right::answer_complaint,
         scope::complaint,
         {.summary = "Answer it; never by whoever it is about",
          .takes = "DeskCommand",
          .gives = "Complaint",
          .again = refused},
         answer_complaint},
        {"POST",
         "/v1/complaints/{id}/accept",
         right::complain,
         scope::complaint,
         {.summary = "Whoever complained accepts the answer",
          .takes = "DeskCommand",
          .gives = "Complaint",
          .again = refused},
         accept_answer},
    };
}

// An id of the registry, or nothing that could be one.
std::string key_in(std::string_view part) {
    constexpr std::size_t longest = 64;
    constexpr std::string_view fits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789._-";
    auto key = unescaped(part, false);
    if (!key || key->size() > longest || key->find_first_not_of(fits) != key->npos) return {};
    return std::move(*key);
}

// Its first part, which is taken off with the slash after it.
std::string_view take_part(std::string_view& path) {
    auto const stop = std::min(path.find('/'), path.size());
    auto const part = path.substr(0, stop);
    path.remove_prefix(std::min(stop + 1, path.size()));
    return part;
}

// Nothing if the path has another form.
std::optional<named_in_path> named_in(std::string_view path, std::string_view pattern) {
    named_in_path named;
    // A slash too many is a part, too.
    if (std::ranges::count(path, '/') != std::ranges::count(pattern, '/')) return std::nullopt;
    while (!pattern.empty() || !path.empty()) {
        auto const part = take_part(path);
        auto const place = take_part(pattern);
        bool const is_place = place.starts_with('{');
        if (is_place ? part.empty() : part != place) return std::nullopt;
        if (place == "{id}") named.id = domain::parse_uuid(part);
        if (place == "{sheet}") named.sheet = part;
        if (place == "{key}") named.key = key_in(part);
        if (place == "{user}") named.user = unescaped(part, false).value_or("");
    }
    return named;
}

} // namespace

std::uint32_t version_of(app::work_line const& line, domain::uuid const& id) {
    for (auto const& each : line.orders)
        if (each.id.value == id) return each.version;
    if (line.call) return static_cast<std::uint32_t>(line.version());
    return line.alert ? line.alert->version : line.request->version;
}

bool lies_in(app::work_line const& line, domain::area_id const& area) {
    auto const& all = line.areas;
    return !area.empty() && std::find(all.begin(), all.end(), area) != all.end();
}

std::vector<route> const& api_routes() {
    static auto const all = [] {
        auto routes = session_routes();
        std::ranges::move(reading_routes(), std::back_inserter(routes));
        std::ranges::move(command_routes(), std::back_inserter(routes));
        std::ranges::move(call_routes(), std::back_inserter(routes));
        std::ranges::move(hotline_routes(), std::back_inserter(routes));
        std::ranges::move(recording_routes(), std::back_inserter(routes));
        std::ranges::move(own_routes(), std::back_inserter(routes));
        std::ranges::move(proof_routes(), std::back_inserter(routes));
        std::ranges::move(account_routes(), std::back_inserter(routes));
        std::ranges::move(person_routes(), std::back_inserter(routes));
        std::ranges::move(report_routes(), std::back_inserter(routes));
        std::ranges::move(import_routes(), std::back_inserter(routes));
        std::ranges::move(registry_routes(), std::back_inserter(routes));
        std::ranges::move(booking_routes(), std::back_inserter(routes));
        std::ranges::move(complaint_routes(), std::back_inserter(routes));
        return routes;
    }();
    return all;
}

found_route find_route(std::string_view method, std::string_view path) {
    found_route found;
    for (auto const& each : api_routes()) {
        auto const named = named_in(path, each.pattern);
        if (!named) continue;
        if (each.method == method) return {&each, {}, *named};
        found.allow += (found.allow.empty() ? "" : ", ") + std::string(each.method);
    }
    return found;
}

body_size size_of_body(std::string_view method, std::string_view path) {
    auto const found = find_route(method, path);
    return found.to ? found.to->words.body : body_size::usual;
}

} // namespace linli::http
