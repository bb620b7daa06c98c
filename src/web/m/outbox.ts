// What he has said and the house has not heard yet. It outlives the page and the telephone's
// battery, goes out in the order in which it was said, and once: each has an id of its own, which
// is the same in every try.
import type { Reply } from "./contract.ts";

export interface Said {
  order: number; // grows by one
  offer: string;
  reply: Reply;
}

export interface Shelf {
  all(): Promise<Said[]>;
  put(what: Said): Promise<void>;
  remove(order: number): Promise<void>;
}

export type Verdict =
  | { kind: "taken" }
  | { kind: "refused"; code: string } // the house has answered: no use to say it again
  | { kind: "later" };                // it has not heard it

export class Outbox {
  #said: Said[] = [];
  #busy: Promise<void> | undefined;
  changed: () => void = () => undefined;
  refused: (what: Said, code: string) => void = () => undefined;

  readonly #shelf: Shelf;
  readonly #send: (what: Said) => Promise<Verdict>;

  constructor(shelf: Shelf, send: (what: Said) => Promise<Verdict>) {
    this.#shelf = shelf;
    this.#send = send;
  }

  async open(): Promise<void> {
    this.#said = (await this.#shelf.all()).sort((a, b) => a.order - b.order);
    this.changed();
  }

  get waiting(): readonly Said[] {
    return this.#said;
  }

  async say(offer: string, reply: Reply): Promise<void> {
    const last = this.#said[this.#said.length - 1];
    const what: Said = { order: (last?.order ?? 0) + 1, offer, reply };
    await this.#shelf.put(what); // first on disk, then on its way
    this.#said = [...this.#said, what];
    this.changed();
  }

  // Until all is said, or the house can't be heard. One at a time: a second call joins the first.
  flush(): Promise<void> {
    this.#busy ??= this.#flush().finally(() => {
      this.#busy = undefined;
    });
    return this.#busy;
  }

  async #flush(): Promise<void> {
    for (let next = this.#said[0]; next; next = this.#said[0]) {
      const verdict = await this.#send(next);
      if (verdict.kind === "later") return;
      const done = next;
      await this.#shelf.remove(done.order);
      this.#said = this.#said.filter((each) => each.order !== done.order);
      if (verdict.kind === "refused") this.refused(done, verdict.code);
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
