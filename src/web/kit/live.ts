import type { LiveUpdate } from "./contract.ts";
import { FirstOfPages, hasLocks } from "./first-of-pages.ts";
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

const hereEveryMs = 20_000;
const anewAfterMs = 500;

// This page's part of the live channel: through the shared worker where there is one.
export class Live {
  heardAt = performance.now();
  readonly #user: string;
  readonly #owner: LiveOwner;
  readonly #first: FirstOfPages | undefined;
  #say: (what: FromPage) => void = () => undefined;
  #port: MessagePort | undefined; // to the worker
  #spokeAt = 0; // the worker, whatever it said
  #knockedAt = 0;
  #sounds = false;

  constructor(user: string, owner: LiveOwner) {
    this.#user = user;
    this.#owner = owner;
    if (hasLocks()) this.#first = new FirstOfPages(user, (first) => owner.firstChanged(first));
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

  // Nothing fresh has come for long. A worker that slept with its machine may have forgotten this page;
  // one that has ended with the page whose process it shared answers nothing, and is begun anew.
  knock(): void {
    const isDeaf = this.#port !== undefined && this.#spokeAt < this.#knockedAt;
    this.#knockedAt = performance.now();
    if (isDeaf) this.#meetWorker();
    else this.askForAll();
  }

  sounds(runs: boolean): void {
    this.#sounds = runs;
    this.#say({ sounds: runs });
    this.#first?.sounds(runs);
  }

  #hear(what: ToPage): void {
    this.#spokeAt = performance.now();
    if (what.update && what.taken) {
      // The house tells the time only while it knows what it says to be fresh; and what says that
      // something is missing is no news.
      if (what.update.now && what.taken !== "gap" && what.taken !== "waiting")
        this.heardAt = performance.now();
      houseClock.hear(what.update.now);
      this.#owner.updated(what.update, what.taken);
    }
    if (what.state) this.#owner.stateChanged(what.state);
    const isByLock = this.#first !== undefined && this.#sounds;
    if (what.first !== undefined && !isByLock) this.#owner.firstChanged(what.first);
  }

  #shared(): void {
    setInterval(() => this.#say({}), hereEveryMs);
    addEventListener("pagehide", () => this.#say({ bye: true }));
    addEventListener("pageshow", (event) => event.persisted && this.askForAll());
    this.#meetWorker();
  }

  #meetWorker(): void {
    this.#say({ bye: true });
    const worker = new SharedWorker(new URL("./live-worker.ts", import.meta.url), {
      name: "linli-live",
    });
    const port = worker.port;
    port.onmessage = (message) => this.#hear(message.data as ToPage);
    // Where a browser tells that the other end is gone (Chrome 122), nobody has to grow grey first.
    port.addEventListener("close", () => setTimeout(() => {
      if (this.#port === port) this.#meetWorker();
    }, anewAfterMs));
    worker.onerror = () => {
      if (this.#port === port) this.#alone();
    };
    this.#port = port;
    this.#say = (what) => port.postMessage(what);
    this.askForAll();
    if (this.#sounds) this.#say({ sounds: true });
  }

  #alone(): void {
    this.#port = undefined;
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
