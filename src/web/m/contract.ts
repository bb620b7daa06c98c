// The messages of proto/linli/v1/own_work.proto, offer.proto and reply.proto as they travel.
export type { OwnOfferJson as OwnOffer, OwnWorkJson as OwnWork } from
  "../generated/linli/v1/own_work_pb.ts";
export type { ReplyJson as Reply, ReplyKindJson as ReplyKind } from
  "../generated/linli/v1/reply_pb.ts";
