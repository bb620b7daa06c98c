import type { LiveUpdate } from "./contract.ts";
import { houseClock } from "./house-clock.ts";
import type { Taken } from "./live-feed.ts";
import { LiveLink, type LinkState } from "./live-link.ts";
import type { FromPage, ToPage } from "./live-words.ts";

export const root = new URL(".", document.baseURI).href;

export interface LiveOwner {
  updated(update: LiveUpdate, taken: Taken): void;
  stateChanged(state: LinkState): void;
  firstChanged(first: boolean): void; // this page rings for the browser
}

// This page's part of the live channel: through the shared worker where there is one.
export class Live {
  heardAt = performance.now();
  readonly #user: string;
  readonly #owner: LiveOwner;
  #say: (what: FromPage) => void = () => undefined;

  constructor(user: string, owner: LiveOwner) {
    this.#user = user;
    this.#owner = owner;
  }

  start(): void {
    if (typeof SharedWorker === "undefined") this.#alone();
    else this.#shared();
  }

  painted(alerts: string[]): void {
    this.#say({ painted: alerts });
  }

  // This page lacks something that the link has.
  askForAll(): void {
    this.#say({ hello: { root, user: this.#user } });
  }

  sounds(runs: boolean): void {
    this.#say({ sounds: runs });
  }

  #hear(what: ToPage): void {
    if (what.update && what.taken) {
      // The house tells the time only while it knows what it says to be fresh; and what says that
      // something is missing is no news.
      if (what.update.now && what.taken !== "gap" && what.taken !== "waiting")
        this.heardAt = performance.now();
      houseClock.hear(what.update.now);
      this.#owner.updated(what.update, what.taken);
    }
    if (what.state) this.#owner.stateChanged(what.state);
    if (what.first !== undefined) this.#owner.firstChanged(what.first);
  }

  #shared(): void {
    const worker = new SharedWorker(new URL("./live-worker.ts", import.meta.url), {
      name: "linli-live",
    });
    const port = worker.port;
    port.onmessage = (message) => this.#hear(message.data as ToPage);
    this.#say = (what) => port.postMessage(what);
    worker.onerror = () => this.#alone();
    setInterval(() => this.#say({}), 20_000);
    addEventListener("pagehide", () => this.#say({ bye: true }));
    addEventListener("pageshow", (event) => event.persisted && this.askForAll());
    this.askForAll();
  }

  #alone(): void {
    const link = new LiveLink(root, {
      updated: (update, taken) => this.#hear({ update, taken }),
      stateChanged: (state) => this.#hear({ state }),
    }, this.#user);
    this.#say = (what) => {
      if (what.hello && link.feed.epoch)
        this.#hear({ update: link.feed.snapshot(), taken: "snapshot" });
      if (what.painted) link.painted(what.painted);
      if (what.sounds !== undefined) this.#hear({ first: what.sounds });
    };
    link.start();
  }
}
