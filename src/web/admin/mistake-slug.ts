// A sentence of the house as a key: "write a number from 0 to 5" → write_a_number_from_a_to_b with
// a = 0, b = 5. What stands in a sentence's gaps is told by its pattern.
const patterns: [RegExp, string][] = [
  [/^did you mean (.+)\?$/, "did_you_mean"],
  [/^write one of (.+)$/, "write_one_of"],
  [/^the words are (.+)$/, "the_words_are"],
  [/^"(.*)" is not a code$/, "is_not_a_code"],
  [/^add a row to (\S+), or correct the value$/, "add_a_row"],
  [/^write a whole number from (\S+) to (\S+)$/, "whole_number_from_to"],
  [/^write a number from (\S+) to (\S+), or leave it empty$/, "number_from_to"],
  [/^at most (\d+) bytes$/, "at_most_bytes"],
  [/^at most (\d+)$/, "at_most"],
  [/^write latitude (\S+) and longitude (\S+)$/, "write_latitude_and_longitude"],
];

export function slugOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60);
}

export function takenApart(text: string): { slug: string; values: Record<string, string> } {
  for (const [pattern, slug] of patterns) {
    const found = pattern.exec(text);
    if (found) return { slug, values: { a: found[1] ?? "", b: found[2] ?? "" } };
  }
  return { slug: slugOf(text), values: {} };
}
