// The messages of proto/linli/v1/own_work.proto, offer.proto and reply.proto as they travel.
export type {
  OwnContactJson as OwnContact, OwnContactsJson as OwnContacts, OwnOfferJson as OwnOffer,
  OwnSosJson as OwnSos, OwnWorkerJson as OwnWorker, OwnWorkersJson as OwnWorkers,
  OwnWorkJson as OwnWork, ProofTakenJson as ProofTaken, VisitProofJson as VisitProof,
} from "../generated/linli/v1/own_work_pb.ts";
export type { ReplyJson as Reply, ReplyKindJson as ReplyKind } from
  "../generated/linli/v1/reply_pb.ts";
