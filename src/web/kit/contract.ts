// The messages of proto/linli/v1/console.proto as they travel: ProtoJSON.
export type { CallLineJson as Call, PossibleCallerJson as PossibleCaller } from "../generated/linli/v1/call_pb.js";
export type {
  AlertCardJson as AlertCard,
  CandidateCardJson as Candidate,
  ContactCardJson as Contact,
  DeskCommandJson as Command,
  DeviceCardJson as Device,
  DoneJson as Done,
  EvidenceJson as Evidence,
  FollowUpsJson as FollowUps,
  HandoverJson as Handover,
  HomeCardJson as Home,
  LiveCallJson as LiveCall,
  LiveUpdateJson as LiveUpdate,
  LogEntryJson as LogEntry,
  MapTilesJson as MapTiles,
  NoteTemplateJson as NoteTemplate,
  NoteTemplatesJson as NoteTemplates,
  OfferCardJson as Offer,
  OrderCardJson as OrderCard,
  OrderLineJson as OrderLine,
  PlanCardJson as Plan,
  PlanStepJson as PlanStep,
  ProblemJson as Problem,
  ResidentCardJson as Resident,
  RevealedJson as Revealed,
  SeenJson as Seen,
  SessionJson as Session,
  SignalSeenJson as SignalSeen,
  WorkLineJson as WorkLine,
} from "../generated/linli/v1/console_pb.js";
export type {
  EdgeCredentialsJson as EdgeCredentials, HotlineNowJson as HotlineNow, SeatJson as Seat,
} from "../generated/linli/v1/hotline_pb.js";
export type { PositionJson as Position } from "../generated/linli/v1/signal_pb.js";
export type {
  BookablePeopleJson as BookablePeople,
  BookablePersonJson as BookablePerson,
  BookingJson as Booking,
  BookingPageJson as BookingPage,
  CatalogueJson as Catalogue,
  CatalogueServiceJson as CatalogueService,
  ComplaintJson as Complaint,
  ComplaintPageJson as ComplaintPage,
} from "../generated/linli/v1/booking_pb.js";
