// Our enumerations and the wire's, both ways. Total: what the other side doesn't know becomes
// `unreadable`, `unknown` or nothing.
#pragma once

#include <optional>

#include "domain/device_command.hpp"
#include "domain/errc.hpp"
#include "domain/offer.hpp"
#include "domain/order.hpp"
#include "domain/place.hpp"
#include "domain/signal.hpp"
#include "linli/v1/command.pb.h"
#include "linli/v1/offer.pb.h"
#include "linli/v1/receipt.pb.h"
#include "linli/v1/reply.pb.h"
#include "linli/v1/signal.pb.h"

namespace linli::wire {

domain::signal_kind from_wire(v1::SignalKind kind);
domain::position_source from_wire(v1::PositionSource source);
std::optional<domain::reply_kind> from_wire(v1::ReplyKind kind);
std::optional<domain::offer_state> from_wire(v1::OfferState state);
std::optional<domain::receipt_stage> from_wire(v1::ReceiptStage stage);
std::optional<domain::command_kind> from_wire(v1::CommandKind kind);
std::optional<domain::refusal> from_wire(v1::ReplyRefusal why); // nothing for UNREADABLE

v1::SignalKind to_wire(domain::signal_kind kind);
v1::PositionSource to_wire(domain::position_source source);
v1::ReplyKind to_wire(domain::reply_kind kind);
v1::OfferState to_wire(domain::offer_state state);
v1::ReceiptStage to_wire(domain::receipt_stage stage);
v1::CommandKind to_wire(domain::command_kind kind);
v1::ReplyRefusal to_wire(domain::refusal why);

} // namespace linli::wire
