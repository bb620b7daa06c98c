import type { LiveCall, LiveUpdate } from "./contract.ts";
import { LiveFeed, type Taken } from "./live-feed.ts";

export type LinkState = "connecting" | "live" | "polling" | "signed_out";

export interface LinkOwner {
  updated(update: LiveUpdate, taken: Taken): void;
  stateChanged(state: LinkState): void;
}

const sessionEnded = 4401; // the door's word when it closes
const silenceMs = 5_000; // the house beats every two seconds
const pollSeconds = 3; // a beat must come within silenceMs by polling, too
const answerMs = 3_000; // beyond what a poll waits
const askAgainMs = 800;
const blockedAfter = 2; // sockets that failed while polls were answered
const socketAgainMs = 30_000;
const opensWithinMs = 2_000; // where none opened before: nobody polls meanwhile

// With some dice, so that a hundred desks don't come back in the same instant.
function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds * (0.5 + Math.random() / 2)));
}

// Holds the one connection to /v1/live for ever: a WebSocket, or polling where that is blocked. A
// connection that says nothing for five seconds is as good as broken.
export class LiveLink {
  readonly feed = new LiveFeed();
  state: LinkState = "connecting";

  readonly #root: string;
  readonly #owner: LinkOwner;
  readonly #whose: Record<string, string>;
  #socket: WebSocket | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  #stopped = false;

  // `user`: whose pages these are. A poll says so before each socket that is opened anew, and is refused
  // when another has signed in meanwhile; a socket can't say it.
  constructor(root: string, owner: LinkOwner, user = "") {
    this.#root = root;
    this.#owner = owner;
    this.#whose = user ? { "Linli-User": user } : {};
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.close();
  }

  painted(alerts: string[]): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#say({ painted: { alerts } });
    else void this.#post("v1/live/painted", { alerts });
  }

  async #run(): Promise<void> {
    while (!this.#isOver()) {
      const opened = await this.#socketUntilItEnds();
      this.#refusals = opened ? 0 : this.#refusals + 1;
      if (this.#isOver()) return;
      this.#become("connecting");
      // Browsers make a WebSocket wait longer after each failure, so it isn't what asks whether the
      // house is there again. A poll is, which is also an answer.
      await this.#untilThePollAnswers();
      if (this.#refusals >= blockedAfter) await this.#pollFor(socketAgainMs);
    }
  }

  async #untilThePollAnswers(): Promise<void> {
    while (!this.#isOver()) {
      const update = await this.#poll(0);
      if (this.#stopped) return; // what comes now is another user's no more
      if (update) return void this.#take(update);
      if (!this.#isOver()) await pause(askAgainMs);
    }
  }

  #isOver(): boolean {
    return this.#stopped || this.state === "signed_out";
  }

  #socketUntilItEnds(): Promise<boolean> {
    return new Promise((ended) => {
      const url = new URL("v1/live", this.#root);
      url.protocol = url.protocol.replace("http", "ws");
      const socket = new WebSocket(url.href, "linli.v1.json");
      this.#socket = socket;
      let opened = false;
      const over = () => {
        clearTimeout(this.#watch);
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        ended(opened);
      };
      const expectAWord = (withinMs = silenceMs) => {
        clearTimeout(this.#watch);
        this.#watch = setTimeout(over, withinMs);
      };
      socket.onclose = (closed) => {
        if (closed.code === sessionEnded) this.#become("signed_out");
        over();
      };
      socket.onopen = () => {
        this.#say({ hello: this.feed.hello() });
        expectAWord();
      };
      socket.onmessage = (message) => {
        opened = true;
        expectAWord();
        this.#become("live");
        try {
          const update = JSON.parse(message.data as string) as LiveUpdate;
          if (this.#take(update) === "gap") this.#say({ hello: {} });
        } catch {
          over(); // not what we speak: from the beginning
        }
      };
      expectAWord(this.#refusals >= blockedAfter ? opensWithinMs : silenceMs);
    });
  }

  async #pollFor(milliseconds: number): Promise<void> {
    const until = Date.now() + milliseconds;
    while (!this.#isOver() && Date.now() < until) {
      const update = await this.#poll(pollSeconds);
      if (!update || this.#stopped) return;
      this.#become("polling");
      this.#take(update);
    }
  }

  async #poll(wait: number): Promise<LiveUpdate | undefined> {
    const { epoch = "", after = "0" } = this.feed.hello();
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), wait * 1000 + answerMs);
    try {
      const query = new URLSearchParams({ epoch, after, wait: String(wait) });
      const answer = await fetch(new URL(`v1/live?${query}`, this.#root).href, {
        cache: "no-store",
        credentials: "same-origin",
        headers: this.#whose,
        signal: cut.signal,
      });
      if (answer.status === 401) this.#become("signed_out");
      return answer.ok ? ((await answer.json()) as LiveUpdate) : undefined;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async #post(path: string, body: unknown): Promise<void> {
    try {
      await fetch(new URL(path, this.#root).href, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", ...this.#whose },
        body: JSON.stringify(body),
      });
    } catch {
      // Without a receipt the house escalates, which is right.
    }
  }

  #take(update: LiveUpdate): Taken {
    const taken = this.feed.take(update);
    this.#owner.updated(update, taken);
    return taken;
  }

  #say(what: LiveCall): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(what));
  }

  #become(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.#owner.stateChanged(state);
  }
}
