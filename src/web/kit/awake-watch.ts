// Is somebody still there? Whoever has touched nothing for long is asked, and whoever doesn't answer
// counts as away until she says that she is back.
export type Wakefulness = "awake" | "asked" | "away";

export class AwakeWatch {
  readonly #askAfterMs: number;
  readonly #answerWithinMs: number;
  #touchedAt: number;
  #askedAt = 0;
  state: Wakefulness = "awake";

  constructor(askAfterMs: number, answerWithinMs: number, now: number) {
    this.#askAfterMs = askAfterMs;
    this.#answerWithinMs = answerWithinMs;
    this.#touchedAt = now;
  }

  // A touch answers the question; from away one comes back by saying so only.
  touch(now: number): void {
    this.#touchedAt = now;
    if (this.state === "asked") this.state = "awake";
  }

  isBack(now: number): void {
    this.#touchedAt = now;
    this.state = "awake";
  }

  // `isWatched`: she is on duty, and it is night.
  look(now: number, isWatched: boolean): Wakefulness {
    if (this.state === "away") return this.state;
    if (!isWatched) this.state = "awake";
    else if (this.state === "asked" && now - this.#askedAt >= this.#answerWithinMs) this.state = "away";
    else if (this.state === "awake" && now - this.#touchedAt >= this.#askAfterMs) this.#ask(now);
    return this.state;
  }

  // A machine that slept for hours comes here first: the minute begins when it can be seen.
  #ask(now: number): void {
    this.#askedAt = now;
    this.state = "asked";
  }

  leftMs(now: number): number {
    return this.state === "asked" ? Math.max(0, this.#askedAt + this.#answerWithinMs - now) : 0;
  }
}
