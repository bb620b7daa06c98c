// How our own hotline stands: asked now and then, for as long as there is one.
import { shallowRef } from "vue";
import type { HotlineNow } from "../kit/contract.ts";
import { read } from "../kit/http.ts";

const everyMs = 10_000;

export const hotlineNow = shallowRef<HotlineNow | undefined>();

export function keepHotlineNow(): void {
  const look = async (): Promise<void> => {
    const answer = await read<HotlineNow>("v1/hotline/now");
    if (!answer.ok && answer.problem.code === "no_hotline") return clearInterval(timer);
    hotlineNow.value = answer.ok ? answer.value : undefined; // what is old is no figure
  };
  const timer = setInterval(() => void look(), everyMs);
  void look();
}
