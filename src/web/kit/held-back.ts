// A deed that can be taken back for a moment. It is sent once: when the moment is over, when the next
// one is held, or when the page ends, and then so that the sending outlives the page. What the page was
// just sending when it ended is sent again: its key makes that the same deed.
export type Send<T> = (what: T, pageEnds: boolean) => Promise<void>;

export class HeldBack<T> {
  readonly #send: Send<T>;
  readonly #forMs: number;
  #held: { what: T; until: number } | undefined;
  #sending: { what: T; done: Promise<void> } | undefined;

  constructor(forMs: number, send: Send<T>) {
    this.#forMs = forMs;
    this.#send = send;
  }

  get what(): T | undefined {
    return this.#held?.what;
  }

  leftMs(now: number): number {
    return this.#held ? Math.max(0, this.#held.until - now) : 0;
  }

  hold(what: T, now: number): void {
    void this.flush();
    this.#held = { what, until: now + this.#forMs };
  }

  takeBack(): T | undefined {
    const was = this.#held?.what;
    this.#held = undefined;
    return was;
  }

  // Called now and then. While nothing can be sent it waits, and can still be taken back.
  look(now: number, canSend: boolean): void {
    if (this.#held && canSend && now >= this.#held.until) void this.flush();
  }

  // Everything that was held is with the house, or refused by it, when this is done.
  async flush(): Promise<void> {
    const what = this.takeBack();
    if (what === undefined) return this.#sending?.done;
    const before = this.#sending?.done;
    const done = Promise.resolve(before).then(() => this.#send(what, false));
    const sending = { what, done };
    this.#sending = sending;
    await done;
    if (this.#sending === sending) this.#sending = undefined;
  }

  pageEnds(): void {
    const held = this.takeBack();
    for (const what of [this.#sending?.what, held])
      if (what !== undefined) void this.#send(what, true);
  }
}
