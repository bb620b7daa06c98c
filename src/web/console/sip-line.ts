// The line of her browser at the hotline's edge: JsSIP, and nothing of the page. The only file that
// knows it.
import { C, UA, Utils, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRequest } from "jssip/lib/SIPMessage";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";
import type { EdgeCredentials } from "../kit/contract.ts";

export interface LineEvents {
  stands: () => void;
  lost: () => void;
  moved: () => void; // she has sat down elsewhere since; a talk goes on
  rings: (call: string, listens: boolean) => void; // the house says what it rings for
  talks: () => void;
  ended: () => void;
  noSound: () => void; // the two can't hear each other, or no longer
}

type RTCSessionEvent = IncomingRTCSessionEvent | OutgoingRTCSessionEvent;

const registersForS = 100;
const registersEveryMs = 45_000;
const triesAgainEveryMs = 5_000;
const hangsUpAnywayMs = 45_000; // the engine takes a browser for dead after 20 s, and looks every ten
const sitsElsewhere = "Sits elsewhere"; // what the edge says with its 403 then; others are its settings' fault

export class SipLine {
  readonly #ua: UA;
  readonly #events: LineEvents;
  readonly #loudspeaker = new Audio();
  readonly #domain: string;
  #session: RTCSession | undefined;
  #microphone: MediaStream | undefined; // of this talk alone
  #registeredAt = 0; // or has tried to
  #isStopped = false;
  #left: RTCSession | undefined; // to the house, which ends it
  #leftAt = 0;

  constructor(by: EdgeCredentials, events: LineEvents) {
    this.#events = events;
    this.#domain = (by.address ?? "").replace(/^.*@/, "");
    this.#loudspeaker.autoplay = true;
    this.#ua = new UA({
      sockets: [new WebSocketInterface(by.wss ?? "")],
      uri: by.address ?? "",
      authorization_user: by.user,
      password: by.password,
      register_expires: registersForS,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 10,
      user_agent: "linli",
    });
    this.#ua.on("registered", () => {
      this.#registeredAt = performance.now();
      events.stands();
    });
    const lost = () => {
      if (!this.#isStopped) events.lost(); // else it is her own going
    };
    this.#ua.on("unregistered", lost);
    this.#ua.on("registrationFailed", ({ response }) => {
      if (response?.reason_phrase !== sitsElsewhere) return lost();
      this.#isStopped = true;
      events.moved();
    });
    this.#ua.on("disconnected", lost);
    this.#ua.on("newRTCSession", ({ originator, session, request }: RTCSessionEvent) => {
      if (originator === "remote") this.#takes(session, request as IncomingRequest);
    });
  }

  start(): void {
    this.#ua.start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#ua.stop();
  }

  // The next registration proves itself by these.
  renew(by: EdgeCredentials): void {
    this.#ua.set("authorization_user", by.user ?? "");
    this.#ua.set("realm", this.#domain); // to which ha1 belongs, also when nobody has asked for it yet
    this.#ua.set("ha1", Utils.calculateMD5(`${by.user}:${this.#domain}:${by.password}`));
    if (!this.#ua.isRegistered()) this.#register();
  }

  // JsSIP's own timer may be a minute late in the background, and after a registration that failed
  // it has none as long as the socket stands.
  keep(): void {
    const every = this.#ua.isRegistered() ? registersEveryMs : triesAgainEveryMs;
    if (performance.now() - this.#registeredAt > every) this.#register();
    const isLeft = this.#left !== undefined && this.#left === this.#session;
    if (isLeft && performance.now() - this.#leftAt > hangsUpAnywayMs) this.#hangUpAnyway();
  }

  #register(): void {
    if (this.#isStopped || !this.#ua.isConnected()) return;
    this.#registeredAt = performance.now();
    this.#ua.register();
  }

  answer(microphone: MediaStream): void {
    this.#microphone = microphone;
    this.#session?.answer({ mediaStream: microphone, pcConfig: { iceServers: [] } });
  }

  // The house rings somebody else at once.
  refuse(): void {
    this.#session?.terminate({ status_code: 486, reason_phrase: "Busy Here" });
  }

  hangUp(): void {
    if (this.#session && !this.#session.isEnded()) this.#session.terminate();
  }

  // Its sound is lost, and a BYE of hers would end the caller's call: until the house has ended it none
  // is sent, whatever she does, also if she goes.
  leaveToHouse(): void {
    this.#left = this.#session;
    this.#leftAt = performance.now();
  }

  #hangUpAnyway(): void {
    this.#left = undefined;
    this.hangUp();
  }

  mute(isOn: boolean): void {
    if (isOn) this.#session?.mute({ audio: true });
    else this.#session?.unmute({ audio: true });
  }

  hearWith(device: string): void {
    const speaker = this.#loudspeaker as HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };
    void speaker.setSinkId?.(device).catch(() => undefined);
  }

  // One talk at a time: another may be rung for who comes meanwhile.
  #takes(session: RTCSession, asked: IncomingRequest): void {
    if (this.#session) return session.terminate({ status_code: 486, reason_phrase: "Busy Here" });
    this.#session = session;
    const over = () => {
      if (this.#session !== session) return;
      this.#session = undefined;
      for (const track of this.#microphone?.getTracks() ?? []) track.stop(); // JsSIP leaves ours on
      this.#microphone = undefined;
      this.#loudspeaker.srcObject = null;
      this.#events.ended();
    };
    session.on("ended", over);
    session.on("failed", over);
    // JsSIP itself would hang up at once, and the house would have no call to put back.
    const terminate = session.terminate.bind(session);
    session.terminate = (how) => {
      if (how?.cause === C.causes.RTP_TIMEOUT) return this.#events.noSound();
      if (this.#left === session) return over();
      terminate(how);
    };
    session.on("confirmed", () => this.#events.talks());
    session.on("peerconnection", ({ peerconnection }) => this.#listen(peerconnection));
    this.#events.rings(asked.getHeader("X-Call") ?? "", asked.getHeader("X-Listen") === "1");
  }

  #listen(to: RTCPeerConnection): void {
    to.addEventListener("track", (event) => {
      this.#loudspeaker.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      void this.#loudspeaker.play().catch(() => undefined);
    });
  }
}
