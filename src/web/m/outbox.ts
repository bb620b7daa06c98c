// What he has said and the house has not heard yet. It outlives the page and the telephone's
// battery, goes out in the order in which it was said, and once: each has an id of its own, which
// is the same in every try. A call for help waits behind nothing, and no word behind a picture; a
// picture waits for what was said before it of the same visit, of which the house doesn't know yet.
// A telephone may be handed on: what one has said never goes out in another's name, and stays until
// he signs in again.
import type { Position } from "../kit/contract.ts";
import type { OwnSos, Reply, VisitProof } from "./contract.ts";

export interface Said {
  order: number; // grows
  user?: string; // who said it; empty: the page didn't know yet who had signed in
  name?: string;
  offer: string; // empty: of none
  reply?: Reply;
  proof?: VisitProof;
  sos?: OwnSos;
}

export interface Whose {
  user: string;
  name: string;
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

function placed(what: Said, position: Position): Said {
  if (what.sos) return { ...what, sos: { ...what.sos, position } };
  if (what.proof) return { ...what, proof: { ...what.proof, position } };
  return { ...what, reply: { ...what.reply, position } };
}

export class Outbox {
  #said: Said[] = [];
  #last = 0;
  #whose: Whose | undefined;
  #busy = new Map<Lane, Promise<void>>();
  #placing = new Map<number, Promise<void>>();
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

  // Who has signed in. What was said here before that was known is his.
  async isOf(whose: Whose): Promise<void> {
    this.#whose = whose;
    const found = this.#said.filter((each) => !each.user).map((each) => ({ ...each, ...whose }));
    await Promise.all(found.map((each) => this.#change(each)));
    this.changed();
  }

  get waiting(): readonly Said[] {
    return this.#said.filter((each) => this.#isHis(each));
  }

  // What somebody else has said on this telephone.
  get others(): readonly Said[] {
    return this.#whose ? this.#said.filter((each) => !this.#isHis(each)) : [];
  }

  // Until it is known who has signed in, anybody's call may be his.
  get callsForHelp(): boolean {
    return this.#said.some((each) => each.sos && (!this.#whose || this.#isHis(each)));
  }

  // First on disk, then on its way: the page may be closed while the telephone still looks for its
  // `place`, which is added when it comes in time. If the disk is full, it lives as long as the page.
  async say(what: Omit<Said, "order" | "user" | "name">, place?: Promise<Position | undefined>):
    Promise<void> {
    // Before anything waits: a photo is put down while he goes on. By the clock, as far as it goes
    // on, because another window of this telephone counts, too.
    this.#last = Math.max(this.#last + 1, Date.now());
    const said: Said = { ...what, ...this.#whose, order: this.#last };
    await this.#shelf.put(said).catch(() => undefined);
    this.#said = [...this.#said, said].sort((a, b) => a.order - b.order);
    if (place) this.#placing.set(said.order, this.#place(said.order, place));
    this.changed();
  }

  // Until all is said, or the house can't be heard. One of a lane at a time: a second call joins
  // the first.
  async flush(): Promise<void> {
    const words = this.#join("word");
    await Promise.all([this.#join("sos"), words, this.#join("picture"),
      words.then(() => this.#join("picture"))]); // those that waited for a word
  }

  // Begins all of it, and waits for no picture: whoever has pressed a step shall be able to press the
  // next one.
  async flushWords(): Promise<void> {
    void this.flush();
    await Promise.all([this.#join("sos"), this.#join("word")]);
  }

  #isHis(what: Said): boolean {
    return !what.user || what.user === this.#whose?.user;
  }

  async #change(what: Said): Promise<void> {
    this.#said = this.#said.map((each) => (each.order === what.order ? what : each));
    await this.#shelf.put(what).catch(() => undefined);
  }

  async #place(order: number, place: Promise<Position | undefined>): Promise<void> {
    const position = await place.catch(() => undefined);
    const said = this.#said.find((each) => each.order === order);
    if (position && said) await this.#change(placed(said, position));
    this.#placing.delete(order);
  }

  #join(lane: Lane): Promise<void> {
    const busy = this.#busy.get(lane) ?? Promise.resolve().then(() => this.#flush(lane));
    this.#busy.set(lane, busy);
    return busy;
  }

  #next(lane: Lane): Said | undefined {
    const his = this.waiting;
    const isReady = (what: Said) => lane !== "picture" || !his.some((each) =>
      laneOf(each) === "word" && each.offer === what.offer && each.order < what.order);
    return his.find((each) => laneOf(each) === lane && isReady(each));
  }

  // Whoever joins meanwhile is heard, up to the last look: nothing is awaited between it and the end.
  async #flush(lane: Lane): Promise<void> {
    try {
      for (let next = this.#next(lane); next; next = this.#next(lane)) {
        await this.#placing.get(next.order);
        const done = this.#said.find((each) => each.order === next?.order) ?? next;
        const verdict = await this.#send(done);
        if (verdict.kind === "later") return;
        await this.#shelf.remove(done.order).catch(() => undefined);
        this.#said = this.#said.filter((each) => each.order !== done.order);
        if (verdict.kind === "refused") this.refused(done, verdict.code);
        else this.taken(done, verdict.isWrong ?? false);
        this.changed();
      }
    } finally {
      this.#busy.delete(lane);
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
