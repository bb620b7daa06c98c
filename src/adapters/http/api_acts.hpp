#pragma once

#include "adapters/http/api_routes.hpp"

// What each route does: parse, call, make the answer. Who may call it has been decided before.
namespace linli::http {

using api_task = runtime::task<api_reply>;

api_task sign_in(api_ports& on, admitted request);
api_task see_session(api_ports& on, admitted request);
api_task sign_out(api_ports& on, admitted request);
api_task change_duty(api_ports& on, admitted request);
api_task see_handover(api_ports& on, admitted request);
api_task describe(api_ports& on, admitted request);

api_task poll_live(api_ports& on, admitted request);
api_task take_painted(api_ports& on, admitted request);
api_task see_alert(api_ports& on, admitted request);
api_task see_request(api_ports& on, admitted request);
api_task see_follow_ups(api_ports& on, admitted request);
api_task see_unfinished(api_ports& on, admitted request);
api_task see_evidence(api_ports& on, admitted request);
api_task reveal(api_ports& on, admitted request);

api_task claim(api_ports& on, admitted request);
api_task release(api_ports& on, admitted request);
api_task hand_over(api_ports& on, admitted request);
api_task shelve(api_ports& on, admitted request);
api_task note(api_ports& on, admitted request);
api_task handle(api_ports& on, admitted request);
api_task close(api_ports& on, admitted request);
api_task asked_done(api_ports& on, admitted request);
api_task take_over(api_ports& on, admitted request);
api_task cancel(api_ports& on, admitted request);
api_task follow_up(api_ports& on, admitted request);
api_task offer(api_ports& on, admitted request);
api_task reply(api_ports& on, admitted request);
api_task ring_back(api_ports& on, admitted request);
api_task see_note_templates(api_ports& on, admitted request);

api_task give_credentials(api_ports& on, admitted request);
api_task see_seat(api_ports& on, admitted request);
api_task take_seat(api_ports& on, admitted request);
api_task see_hotline_now(api_ports& on, admitted request);
api_task see_wait_checks(api_ports& on, admitted request);
api_task close_wait_check(api_ports& on, admitted request);
api_task hold_call(api_ports& on, admitted request);
api_task resume_call(api_ports& on, admitted request);
api_task park_call(api_ports& on, admitted request);
api_task transfer_call(api_ports& on, admitted request);
api_task hang_up_call(api_ports& on, admitted request);
api_task add_third_to_call(api_ports& on, admitted request);
api_task join_third_to_call(api_ports& on, admitted request);
api_task drop_third_of_call(api_ports& on, admitted request);
api_task leave_call(api_ports& on, admitted request);
api_task listen_to_call(api_ports& on, admitted request);

api_task see_recordings(api_ports& on, admitted request);
api_task hear_recording(api_ports& on, admitted request);

api_task take_call(api_ports& on, admitted request);
api_task open_alert_of_call(api_ports& on, admitted request);
api_task open_request_of_call(api_ports& on, admitted request);
api_task join_call(api_ports& on, admitted request);
api_task no_case_of_call(api_ports& on, admitted request);
api_task reveal_call(api_ports& on, admitted request);
api_task dial_call(api_ports& on, admitted request);
api_task dial(api_ports& on, admitted request);

api_task see_sheets(api_ports& on, admitted request);
api_task see_sheet(api_ports& on, admitted request);
api_task see_record(api_ports& on, admitted request);
api_task reveal_record(api_ports& on, admitted request);
api_task change_record(api_ports& on, admitted request);
api_task check_import(api_ports& on, admitted request);
api_task do_import(api_ports& on, admitted request);
api_task see_imports(api_ports& on, admitted request);
api_task see_import(api_ports& on, admitted request);
api_task cancel_import(api_ports& on, admitted request);
api_task export_sheet(api_ports& on, admitted request);

api_task see_own_offers(api_ports& on, admitted request);
api_task take_own_reply(api_ports& on, admitted request);
api_task see_own_workers(api_ports& on, admitted request);
api_task reveal_own_worker(api_ports& on, admitted request);

api_task take_proof(api_ports& on, admitted request);
api_task take_own_sos(api_ports& on, admitted request);
api_task see_own_contacts(api_ports& on, admitted request);
api_task see_proofs(api_ports& on, admitted request);
api_task see_proof_picture(api_ports& on, admitted request);

api_task see_users(api_ports& on, admitted request);
api_task see_roles(api_ports& on, admitted request);
api_task add_user(api_ports& on, admitted request);
api_task change_user(api_ports& on, admitted request);
api_task renew_password(api_ports& on, admitted request);
api_task disable_user(api_ports& on, admitted request);
api_task enable_user(api_ports& on, admitted request);
api_task see_access_log(api_ports& on, admitted request);

api_task see_erasures(api_ports& on, admitted request);
api_task see_erasure(api_ports& on, admitted request);
api_task ask_erasure(api_ports& on, admitted request);
api_task withdraw_erasure(api_ports& on, admitted request);
api_task confirm_erasure(api_ports& on, admitted request);
api_task hand_out(api_ports& on, admitted request);

api_task see_tonight(api_ports& on, admitted request);
api_task see_service_report(api_ports& on, admitted request);
api_task see_hotline_report(api_ports& on, admitted request);

api_task see_plans(api_ports& on, admitted request);
api_task dry_run(api_ports& on, admitted request);

api_task see_catalogue(api_ports& on, admitted request);
api_task see_bookable(api_ports& on, admitted request);
api_task see_bookings(api_ports& on, admitted request);
api_task book(api_ports& on, admitted request);
api_task move_booking(api_ports& on, admitted request);
api_task cancel_booking(api_ports& on, admitted request);

api_task see_complaints(api_ports& on, admitted request);
api_task see_complaint(api_ports& on, admitted request);
api_task complain(api_ports& on, admitted request);
api_task answer_complaint(api_ports& on, admitted request);
api_task accept_answer(api_ports& on, admitted request);

} // namespace linli::http
