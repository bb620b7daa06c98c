#include "adapters/wire/kinds.hpp"

namespace linli::wire {

// No `default` anywhere: -Wswitch finds the word that was added on one side only. The sentinels are
// protobuf's own.

domain::signal_kind from_wire(v1::SignalKind value) {
    switch (value) {
    case v1::SIGNAL_KIND_SOS:
        return domain::signal_kind::sos;
    case v1::SIGNAL_KIND_HELP_REQUEST:
        return domain::signal_kind::help_request;
    case v1::SIGNAL_KIND_FALL:
        return domain::signal_kind::fall;
    case v1::SIGNAL_KIND_FALL_CONFIRMED:
        return domain::signal_kind::fall_confirmed;
    case v1::SIGNAL_KIND_FALL_CANCELLED:
        return domain::signal_kind::fall_cancelled;
    case v1::SIGNAL_KIND_VITALS:
        return domain::signal_kind::vitals;
    case v1::SIGNAL_KIND_POSITION:
        return domain::signal_kind::position;
    case v1::SIGNAL_KIND_FENCE:
        return domain::signal_kind::fence;
    case v1::SIGNAL_KIND_INACTIVITY:
        return domain::signal_kind::inactivity;
    case v1::SIGNAL_KIND_SMOKE:
        return domain::signal_kind::smoke;
    case v1::SIGNAL_KIND_GAS:
        return domain::signal_kind::gas;
    case v1::SIGNAL_KIND_WATER:
        return domain::signal_kind::water;
    case v1::SIGNAL_KIND_BED:
        return domain::signal_kind::bed;
    case v1::SIGNAL_KIND_BATTERY:
        return domain::signal_kind::battery;
    case v1::SIGNAL_KIND_REMOVED:
        return domain::signal_kind::removed;
    case v1::SIGNAL_KIND_CLEARED:
        return domain::signal_kind::cleared;
    case v1::SIGNAL_KIND_TEST:
        return domain::signal_kind::test;
    case v1::SIGNAL_KIND_ONLINE:
        return domain::signal_kind::online;
    case v1::SIGNAL_KIND_OFFLINE:
        return domain::signal_kind::offline;
    case v1::SIGNAL_KIND_UNSPECIFIED:
    case v1::SignalKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::SignalKind_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    return domain::signal_kind::unreadable;
}

domain::position_source from_wire(v1::PositionSource value) {
    switch (value) {
    case v1::POSITION_SOURCE_GPS:
        return domain::position_source::gps;
    case v1::POSITION_SOURCE_WIFI:
        return domain::position_source::wifi;
    case v1::POSITION_SOURCE_LBS:
        return domain::position_source::lbs;
    case v1::POSITION_SOURCE_UNSPECIFIED:
    case v1::PositionSource_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::PositionSource_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    return domain::position_source::unknown;
}

std::optional<domain::reply_kind> from_wire(v1::ReplyKind value) {
    switch (value) {
    case v1::REPLY_KIND_ACCEPT:
        return domain::reply_kind::accept;
    case v1::REPLY_KIND_DECLINE:
        return domain::reply_kind::decline;
    case v1::REPLY_KIND_EN_ROUTE:
        return domain::reply_kind::en_route;
    case v1::REPLY_KIND_ARRIVED:
        return domain::reply_kind::arrived;
    case v1::REPLY_KIND_NO_ACCESS:
        return domain::reply_kind::no_access;
    case v1::REPLY_KIND_STARTED:
        return domain::reply_kind::started;
    case v1::REPLY_KIND_COMPLETED:
        return domain::reply_kind::completed;
    case v1::REPLY_KIND_FAILED:
        return domain::reply_kind::failed;
    case v1::REPLY_KIND_STOOD_DOWN:
        return domain::reply_kind::stood_down;
    case v1::REPLY_KIND_ASSIGN:
        return domain::reply_kind::assign;
    case v1::REPLY_KIND_UNSPECIFIED:
    case v1::ReplyKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReplyKind_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    return std::nullopt;
}

std::optional<domain::offer_state> from_wire(v1::OfferState value) {
    switch (value) {
    case v1::OFFER_STATE_OPEN:
        return domain::offer_state::open;
    case v1::OFFER_STATE_ACCEPTED:
        return domain::offer_state::accepted;
    case v1::OFFER_STATE_DECLINED:
        return domain::offer_state::declined;
    case v1::OFFER_STATE_EXPIRED:
        return domain::offer_state::expired;
    case v1::OFFER_STATE_WITHDRAWN:
        return domain::offer_state::withdrawn;
    case v1::OFFER_STATE_UNSPECIFIED:
    case v1::OfferState_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::OfferState_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    return std::nullopt;
}

std::optional<domain::receipt_stage> from_wire(v1::ReceiptStage value) {
    switch (value) {
    case v1::RECEIPT_STAGE_STORED:
        return domain::receipt_stage::stored;
    case v1::RECEIPT_STAGE_ACCEPTED:
        return domain::receipt_stage::accepted;
    case v1::RECEIPT_STAGE_ARRIVED:
        return domain::receipt_stage::arrived;
    case v1::RECEIPT_STAGE_UNSPECIFIED:
    case v1::ReceiptStage_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReceiptStage_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    return std::nullopt;
}

std::optional<domain::command_kind> from_wire(v1::CommandKind value) {
    switch (value) {
    case v1::COMMAND_KIND_LOCATE:
        return domain::command_kind::locate;
    case v1::COMMAND_KIND_REPORT_EVERY:
        return domain::command_kind::report_every;
    case v1::COMMAND_KIND_SOS_NUMBERS:
        return domain::command_kind::sos_numbers;
    case v1::COMMAND_KIND_RING:
        return domain::command_kind::ring;
    case v1::COMMAND_KIND_CALL_BACK:
        return domain::command_kind::call_back;
    case v1::COMMAND_KIND_UNSPECIFIED:
    case v1::CommandKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::CommandKind_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    return std::nullopt;
}

std::optional<domain::refusal> from_wire(v1::ReplyRefusal value) {
    switch (value) {
    case v1::REPLY_REFUSAL_UNKNOWN_OFFER:
        return domain::refusal::unknown;
    case v1::REPLY_REFUSAL_NOT_YOURS:
        return domain::refusal::not_yours;
    case v1::REPLY_REFUSAL_TAKEN:
        return domain::refusal::taken;
    case v1::REPLY_REFUSAL_CLOSED:
        return domain::refusal::closed;
    case v1::REPLY_REFUSAL_OUT_OF_TURN:
        return domain::refusal::out_of_turn;
    case v1::REPLY_REFUSAL_UNTESTED:
        return domain::refusal::untested;
    case v1::REPLY_REFUSAL_UNFIT:
        return domain::refusal::unfit;
    case v1::REPLY_REFUSAL_BUSY:
        return domain::refusal::busy;
    case v1::REPLY_REFUSAL_UNREADABLE:
    case v1::REPLY_REFUSAL_UNSPECIFIED:
    case v1::ReplyRefusal_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReplyRefusal_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    return std::nullopt;
}

v1::SignalKind to_wire(domain::signal_kind value) {
    switch (value) {
    case domain::signal_kind::sos:
        return v1::SIGNAL_KIND_SOS;
    case domain::signal_kind::help_request:
        return v1::SIGNAL_KIND_HELP_REQUEST;
    case domain::signal_kind::fall:
        return v1::SIGNAL_KIND_FALL;
    case domain::signal_kind::fall_confirmed:
        return v1::SIGNAL_KIND_FALL_CONFIRMED;
    case domain::signal_kind::fall_cancelled:
        return v1::SIGNAL_KIND_FALL_CANCELLED;
    case domain::signal_kind::vitals:
        return v1::SIGNAL_KIND_VITALS;
    case domain::signal_kind::position:
        return v1::SIGNAL_KIND_POSITION;
    case domain::signal_kind::fence:
        return v1::SIGNAL_KIND_FENCE;
    case domain::signal_kind::inactivity:
        return v1::SIGNAL_KIND_INACTIVITY;
    case domain::signal_kind::smoke:
        return v1::SIGNAL_KIND_SMOKE;
    case domain::signal_kind::gas:
        return v1::SIGNAL_KIND_GAS;
    case domain::signal_kind::water:
        return v1::SIGNAL_KIND_WATER;
    case domain::signal_kind::bed:
        return v1::SIGNAL_KIND_BED;
    case domain::signal_kind::battery:
        return v1::SIGNAL_KIND_BATTERY;
    case domain::signal_kind::removed:
        return v1::SIGNAL_KIND_REMOVED;
    case domain::signal_kind::cleared:
        return v1::SIGNAL_KIND_CLEARED;
    case domain::signal_kind::test:
        return v1::SIGNAL_KIND_TEST;
    case domain::signal_kind::online:
        return v1::SIGNAL_KIND_ONLINE;
    case domain::signal_kind::offline:
        return v1::SIGNAL_KIND_OFFLINE;
    case domain::signal_kind::unreadable:
    case domain::signal_kind::clock_jump: // no device can say it
    case domain::signal_kind::outage:
        break;
    }
    return v1::SIGNAL_KIND_UNSPECIFIED;
}

v1::PositionSource to_wire(domain::position_source value) {
    switch (value) {
    case domain::position_source::gps:
        return v1::POSITION_SOURCE_GPS;
    case domain::position_source::wifi:
        return v1::POSITION_SOURCE_WIFI;
    case domain::position_source::lbs:
        return v1::POSITION_SOURCE_LBS;
    case domain::position_source::unknown:
        break;
    }
    return v1::POSITION_SOURCE_UNSPECIFIED;
}

v1::ReplyKind to_wire(domain::reply_kind value) {
    switch (value) {
    case domain::reply_kind::accept:
        return v1::REPLY_KIND_ACCEPT;
    case domain::reply_kind::decline:
        return v1::REPLY_KIND_DECLINE;
    case domain::reply_kind::en_route:
        return v1::REPLY_KIND_EN_ROUTE;
    case domain::reply_kind::arrived:
        return v1::REPLY_KIND_ARRIVED;
    case domain::reply_kind::no_access:
        return v1::REPLY_KIND_NO_ACCESS;
    case domain::reply_kind::started:
        return v1::REPLY_KIND_STARTED;
    case domain::reply_kind::completed:
        return v1::REPLY_KIND_COMPLETED;
    case domain::reply_kind::failed:
        return v1::REPLY_KIND_FAILED;
    case domain::reply_kind::stood_down:
        return v1::REPLY_KIND_STOOD_DOWN;
    case domain::reply_kind::assign:
        return v1::REPLY_KIND_ASSIGN;
    }
    return v1::REPLY_KIND_UNSPECIFIED;
}

v1::OfferState to_wire(domain::offer_state value) {
    switch (value) {
    case domain::offer_state::open:
        return v1::OFFER_STATE_OPEN;
    case domain::offer_state::accepted:
        return v1::OFFER_STATE_ACCEPTED;
    case domain::offer_state::declined:
        return v1::OFFER_STATE_DECLINED;
    case domain::offer_state::expired:
        return v1::OFFER_STATE_EXPIRED;
    case domain::offer_state::withdrawn:
        return v1::OFFER_STATE_WITHDRAWN;
    }
    return v1::OFFER_STATE_UNSPECIFIED;
}

v1::ReceiptStage to_wire(domain::receipt_stage value) {
    switch (value) {
    case domain::receipt_stage::stored:
        return v1::RECEIPT_STAGE_STORED;
    case domain::receipt_stage::accepted:
        return v1::RECEIPT_STAGE_ACCEPTED;
    case domain::receipt_stage::arrived:
        return v1::RECEIPT_STAGE_ARRIVED;
    }
    return v1::RECEIPT_STAGE_UNSPECIFIED;
}

v1::ReplyRefusal to_wire(domain::refusal value) {
    switch (value) {
    case domain::refusal::unknown:
        return v1::REPLY_REFUSAL_UNKNOWN_OFFER;
    case domain::refusal::not_yours:
        return v1::REPLY_REFUSAL_NOT_YOURS;
    case domain::refusal::taken:
        return v1::REPLY_REFUSAL_TAKEN;
    case domain::refusal::closed:
        return v1::REPLY_REFUSAL_CLOSED;
    case domain::refusal::out_of_turn:
        return v1::REPLY_REFUSAL_OUT_OF_TURN;
    case domain::refusal::busy:
        return v1::REPLY_REFUSAL_BUSY;
    case domain::refusal::untested:
        return v1::REPLY_REFUSAL_UNTESTED;
    case domain::refusal::unfit:
        return v1::REPLY_REFUSAL_UNFIT;
    // Answers to an operator; no reply is refused with them, but a provider would read them so.
    case domain::refusal::held:
    case domain::refusal::stale:
        return v1::REPLY_REFUSAL_TAKEN;
    case domain::refusal::needs_reason:
        return v1::REPLY_REFUSAL_OUT_OF_TURN;
    }
    return v1::REPLY_REFUSAL_UNSPECIFIED;
}

v1::CommandKind to_wire(domain::command_kind value) {
    switch (value) {
    case domain::command_kind::locate:
        return v1::COMMAND_KIND_LOCATE;
    case domain::command_kind::report_every:
        return v1::COMMAND_KIND_REPORT_EVERY;
    case domain::command_kind::sos_numbers:
        return v1::COMMAND_KIND_SOS_NUMBERS;
    case domain::command_kind::ring:
        return v1::COMMAND_KIND_RING;
    case domain::command_kind::call_back:
        return v1::COMMAND_KIND_CALL_BACK;
    }
    return v1::COMMAND_KIND_UNSPECIFIED;
}

} // namespace linli::wire
