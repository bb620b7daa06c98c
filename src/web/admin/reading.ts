// Something that is read from the house, again whenever its address changes; of two answers the
// later question's counts.
import { ref, shallowRef, watch } from "vue";
import type { Problem } from "../kit/contract.ts";
import { look } from "./door.ts";

export function useReading<T>(path: () => string | undefined) {
  const value = shallowRef<T>();
  const problem = ref<Problem>();
  const isLoading = ref(false);
  let asked = 0;

  async function reload(): Promise<void> {
    const from = path();
    if (from === undefined) return;
    const mine = ++asked;
    isLoading.value = true;
    const answer = await look<T>(from);
    if (mine !== asked) return;
    isLoading.value = false;
    problem.value = answer.ok ? undefined : answer.problem;
    if (answer.ok) value.value = answer.value;
  }

  watch(path, reload, { immediate: true });
  return { value, problem, isLoading, reload };
}
