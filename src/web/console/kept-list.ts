// What most have left the queue for and somebody must still see to: the house is asked for it, now
// and then, and after each deed.
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { read } from "../kit/http.ts";
import { problemText } from "../kit/words.ts";

const everyMs = 60_000;

export interface KeptList<T> {
  found: ShallowRef<T | undefined>;
  problem: Ref<string>;
  read: () => Promise<void>;
  keep: () => void;
}

export function keptList<T>(path: string): KeptList<T> {
  const found = shallowRef<T>();
  const problem = ref("");
  async function readIt(): Promise<void> {
    const answer = await read<T>(path);
    problem.value = answer.ok ? "" : problemText(answer.problem.code);
    if (answer.ok) found.value = answer.value;
  }
  function keep(): void {
    void readIt();
    setInterval(() => void readIt(), everyMs);
  }
  return { found, problem, read: readIt, keep };
}
