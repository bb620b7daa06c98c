// What a screen reader is told: rarely and merged, because what comes too fast is lost. Everything
// also stands in a list that can be read again.
export interface Said {
  at: number;
  text: string;
  urgent: boolean;
}

type Show = (urgent: boolean, text: string) => void;

const alertEveryMs = 3_000;
const statusEveryMs = 10_000;
const mostKept = 200;

export class Announcer {
  readonly history: Said[] = [];
  readonly #show: Show;
  #waiting = { urgent: [] as string[], calm: [] as string[] };
  #shownAt = { urgent: -Infinity, calm: -Infinity };

  constructor(show: Show) {
    this.#show = show;
  }

  say(urgent: boolean, text: string, now: number): void {
    this.history.unshift({ at: now, text, urgent });
    this.history.length = Math.min(this.history.length, mostKept);
    this.#waiting[urgent ? "urgent" : "calm"].push(text);
    this.look(now);
  }

  // Called now and then: shows what has waited long enough. `merge` makes one sentence of many.
  look(now: number): void {
    this.#flush("urgent", alertEveryMs, now);
    this.#flush("calm", statusEveryMs, now);
  }

  #flush(which: "urgent" | "calm", every: number, now: number): void {
    const waiting = this.#waiting[which];
    if (waiting.length === 0 || now - this.#shownAt[which] < every) return;
    this.#waiting[which] = [];
    this.#shownAt[which] = now;
    this.#show(which === "urgent", waiting.slice(-5).join(" "));
  }
}
