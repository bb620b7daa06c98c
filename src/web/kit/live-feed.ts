import type { LiveUpdate, WorkLine } from "./contract.ts";

// "gap": something is missing, ask for all; "waiting": it was asked for.
export type Taken = "snapshot" | "changes" | "nothing" | "gap" | "waiting";

// Updates without the snapshot that was asked for, until it is asked for again.
const patience = 5;

// All that is open, as the house last told it. `take` says whether something is missing: then the
// page says hello with an empty epoch and stands on what it has until the snapshot comes.
export class LiveFeed {
  readonly lines = new Map<string, WorkLine>();
  epoch = "";
  sequence = 0n;
  #waited = 0;

  take(update: LiveUpdate): Taken {
    if (update.snapshot) return this.#replace(update);
    if (!this.epoch) return ++this.#waited % patience === 0 ? "gap" : "waiting";
    if (update.epoch !== this.epoch) return this.#forgetPlace();
    const after = BigInt(update.after ?? 0);
    const sequence = BigInt(update.sequence ?? 0);
    // Once more what we have: a resend after a reconnect.
    if (sequence <= this.sequence) return "nothing";
    if (after > this.sequence) return this.#forgetPlace();
    this.sequence = sequence;
    for (const line of update.lines ?? []) this.#keep(line);
    for (const id of update.gone ?? []) this.lines.delete(id);
    return update.lines?.length || update.gone?.length ? "changes" : "nothing";
  }

  hello(): { epoch?: string; after?: string } {
    return this.epoch ? { epoch: this.epoch, after: this.sequence.toString() } : {};
  }

  // For a page that joins later.
  snapshot(): LiveUpdate {
    return {
      epoch: this.epoch,
      sequence: this.sequence.toString(),
      snapshot: true,
      lines: [...this.lines.values()],
    };
  }

  #replace(update: LiveUpdate): Taken {
    this.epoch = update.epoch ?? "";
    this.sequence = BigInt(update.sequence ?? 0);
    this.#waited = 0;
    this.lines.clear();
    for (const line of update.lines ?? []) this.#keep(line);
    return "snapshot";
  }

  // What has been closed may come once more, with its outcome.
  #keep(line: WorkLine): void {
    if (!line.id) return;
    if (line.state === "closed") this.lines.delete(line.id);
    else this.lines.set(line.id, line);
  }

  #forgetPlace(): Taken {
    this.epoch = "";
    this.sequence = 0n;
    return "gap";
  }
}
