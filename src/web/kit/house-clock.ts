// The house's time as far as this page knows it: what the house last said, and how long ago that
// was by a clock that nobody sets.
export class HouseClock {
  #ahead = 0;

  hear(saidAt: string | undefined, heardAt = performance.now()): void {
    const at = saidAt ? Date.parse(saidAt) : NaN;
    if (!Number.isNaN(at)) this.#ahead = at - heardAt;
  }

  now(): number {
    return this.#ahead === 0 ? Date.now() : performance.now() + this.#ahead;
  }
}

export const houseClock = new HouseClock();

export function instant(text: string | undefined): number | undefined {
  const at = text ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

// "00:14", "12:07", "3:05:09", "2d 03h": never negative.
export function span(milliseconds: number): string {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  if (s < 3600) return `${two(Math.floor(s / 60))}:${two(s % 60)}`;
  if (s < 86_400) return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return `${Math.floor(s / 86_400)}d ${two(Math.floor(s / 3600) % 24)}h`;
}
