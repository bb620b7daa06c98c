import type { WorkLine } from "../kit/contract.ts";
import type { Tone } from "../kit/sound.ts";
import { instant } from "../kit/house-clock.ts";
import { isSynthetic } from "./queue-order.ts";

// What rings at this seat. One voice: the worst that nobody has.
export interface Seat {
  me: string;
  site: string; // empty: no desk of hers, everything is hers to hear after a while
  now: number;
  stale: boolean;
  silentUntil: number;
  asked: boolean; // whether anybody is here
  telephone?: boolean; // hers rings
  claiming: ReadonlySet<string>; // her own claims under way: quiet at once
}

export interface Ring {
  tone: Tone | undefined;
  volume: number;
}

const everywhereAfterMs = 20_000; // an emergency that its own desk doesn't take rings at all
const quietest = 0.3; // an emergency is never muted

function isHere(line: WorkLine, seat: Seat): boolean {
  if (!line.desk || line.desk === seat.site) return true;
  const since = instant(line.raisedAt ?? line.openedAt);
  return line.level === 1 && (since === undefined || seat.now - since >= everywhereAfterMs);
}

export function rings(line: WorkLine, seat: Seat): boolean {
  if (line.of === "request" || isSynthetic(line) || seat.claiming.has(line.id ?? "")) return false;
  if (line.acknowledgeBy && line.holder === seat.me) return true;
  return line.state === "raised" && !line.holder && isHere(line, seat);
}

// What rings its holder again is heard, however small it is.
function loudness(line: WorkLine): number {
  const level = line.level ?? 9;
  return line.acknowledgeBy ? Math.min(level, 2) : level;
}

export function ringOf(lines: Iterable<WorkLine>, seat: Seat): Ring {
  let worst = 9;
  for (const line of lines) if (rings(line, seat)) worst = Math.min(worst, loudness(line));
  const silent = seat.now < seat.silentUntil;
  if (worst === 1) return { tone: "p1", volume: silent ? quietest : 1 };
  if (seat.telephone) return { tone: "call", volume: 1 };
  if (silent) return { tone: undefined, volume: 1 };
  if (seat.stale) return { tone: "stale", volume: 1 };
  if (worst === 2) return { tone: "p2", volume: 1 };
  return { tone: seat.asked ? "awake" : undefined, volume: 1 };
}

// A flood: ten new ones in ten seconds.
export class FloodWatch {
  #arrivals: number[] = [];

  arrived(count: number, now: number): void {
    for (let i = 0; i < Math.min(count, 1000); ++i) this.#arrivals.push(now);
  }

  lately(now: number): number {
    this.#arrivals = this.#arrivals.filter((at) => now - at < 10_000);
    return this.#arrivals.length;
  }
}
