// The offers whose orders were his a moment ago, and when they last were: whoever has closed the page
// meanwhile is told all the same that one was withdrawn. Of whoever had this telephone last.
const key = "linli.held";

interface Kept {
  user: string;
  held: [string, number][];
}

export function keepHeld(user: string, held: ReadonlyMap<string, number>): void {
  const kept: Kept = { user, held: [...held] };
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // A full disk or a private window: as long as the page lives he is told.
  }
}

export function keptHeld(user: string): [string, number][] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
    return kept?.user === user && Array.isArray(kept.held) ? kept.held : [];
  } catch {
    return [];
  }
}
