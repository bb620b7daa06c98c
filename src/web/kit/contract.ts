// The messages of proto/linli/v1/console.proto as they travel: ProtoJSON.
export type {
  AlertCardJson as AlertCard,
  CandidateCardJson as Candidate,
  ContactCardJson as Contact,
  DeskCommandJson as Command,
  DeviceCardJson as Device,
  DoneJson as Done,
  HomeCardJson as Home,
  LiveCallJson as LiveCall,
  LiveUpdateJson as LiveUpdate,
  LogEntryJson as LogEntry,
  OfferCardJson as Offer,
  OrderCardJson as OrderCard,
  OrderLineJson as OrderLine,
  PlanCardJson as Plan,
  PlanStepJson as PlanStep,
  ProblemJson as Problem,
  ResidentCardJson as Resident,
  RevealedJson as Revealed,
  SessionJson as Session,
  WorkLineJson as WorkLine,
} from "../generated/linli/v1/console_pb.js";
export type { PositionJson as Position } from "../generated/linli/v1/signal_pb.js";
