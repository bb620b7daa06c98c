// Whom somebody must still ask whether help came (回访). Most have left the queue, so the house is
// asked: now and then, and after each call.
import { ref, shallowRef } from "vue";
import type { FollowUps } from "../kit/contract.ts";
import { read } from "../kit/http.ts";
import { problemText } from "../kit/words.ts";

const everyMs = 60_000;

export const waiting = shallowRef<FollowUps>({});
export const problem = ref("");

export async function readFollowUps(): Promise<void> {
  const answer = await read<FollowUps>("v1/follow_ups");
  problem.value = answer.ok ? "" : problemText(answer.problem.code);
  if (answer.ok) waiting.value = answer.value;
}

export function keepFollowUps(): void {
  void readFollowUps();
  setInterval(() => void readFollowUps(), everyMs);
}
