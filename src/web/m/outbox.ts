// What he has said and the house has not heard yet. It outlives the page and the telephone's
// battery, goes out in the order in which it was said, and once: each has an id of its own, which
// is the same in every try. A call for help waits behind nothing, and no step behind a picture.
import type { OwnSos, Reply, VisitProof } from "./contract.ts";

export interface Said {
  order: number; // grows by one
  offer: string; // empty: of none
  reply?: Reply;
  proof?: VisitProof;
  sos?: OwnSos;
}

export interface Shelf {
  all(): Promise<Said[]>;
  put(what: Said): Promise<void>;
  remove(order: number): Promise<void>;
}

export type Verdict =
  | { kind: "taken"; isWrong?: boolean } // it is kept there as a wrong one: a code, a device
  | { kind: "refused"; code: string } // the house has answered: no use to say it again
  | { kind: "later" };                // it has not heard it

const lanes = ["sos", "word", "picture"] as const;
type Lane = (typeof lanes)[number];

export function laneOf(what: Said): Lane {
  if (what.sos) return "sos";
  return what.proof?.picture ? "picture" : "word";
}

export class Outbox {
  #said: Said[] = [];
  #last = 0;
  #busy = new Map<Lane, Promise<void>>();
  changed: () => void = () => undefined;
  refused: (what: Said, code: string) => void = () => undefined;
  taken: (what: Said, isWrong: boolean) => void = () => undefined;

  readonly #shelf: Shelf;
  readonly #send: (what: Said) => Promise<Verdict>;

  constructor(shelf: Shelf, send: (what: Said) => Promise<Verdict>) {
    this.#shelf = shelf;
    this.#send = send;
  }

  async open(): Promise<void> {
    this.#said = (await this.#shelf.all()).sort((a, b) => a.order - b.order);
    this.#last = this.#said[this.#said.length - 1]?.order ?? 0;
    this.changed();
  }

  get waiting(): readonly Said[] {
    return this.#said;
  }

  async say(what: Omit<Said, "order">): Promise<void> {
    this.#last += 1; // before anything waits: a photo is put down while he goes on
    const said: Said = { ...what, order: this.#last };
    // First on disk, then on its way. If the disk is full, it lives as long as the page.
    await this.#shelf.put(said).catch(() => undefined);
    this.#said = [...this.#said, said].sort((a, b) => a.order - b.order);
    this.changed();
  }

  // Until all is said, or the house can't be heard. One of a lane at a time: a second call joins
  // the first.
  async flush(): Promise<void> {
    await Promise.all(lanes.map((lane) => this.#join(lane)));
  }

  #join(lane: Lane): Promise<void> {
    const busy = this.#busy.get(lane) ??
      this.#flush(lane).finally(() => this.#busy.delete(lane));
    this.#busy.set(lane, busy);
    return busy;
  }

  async #flush(lane: Lane): Promise<void> {
    const first = () => this.#said.find((each) => laneOf(each) === lane);
    for (let next = first(); next; next = first()) {
      const verdict = await this.#send(next);
      if (verdict.kind === "later") return;
      const done = next;
      await this.#shelf.remove(done.order).catch(() => undefined);
      this.#said = this.#said.filter((each) => each.order !== done.order);
      if (verdict.kind === "refused") this.refused(done, verdict.code);
      else this.taken(done, verdict.isWrong ?? false);
      this.changed();
    }
  }
}

// ---------------------------------------------------------------- on this telephone

const database = "linli-worker";
const store = "said";

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

async function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(database, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: "order" });
  return asked(opening);
}

export async function telephoneShelf(): Promise<Shelf> {
  const db = await openDatabase();
  const on = (mode: IDBTransactionMode) => db.transaction(store, mode).objectStore(store);
  return {
    all: () => asked(on("readonly").getAll() as IDBRequest<Said[]>),
    put: async (what) => {
      await asked(on("readwrite").put(what));
    },
    remove: async (order) => {
      await asked(on("readwrite").delete(order));
    },
  };
}

// A private window has no database: what was said then lives as long as the page.
export function pageShelf(): Shelf {
  const kept = new Map<number, Said>();
  return {
    all: async () => [...kept.values()],
    put: async (what) => void kept.set(what.order, what),
    remove: async (order) => void kept.delete(order),
  };
}
