import { armed, candidates, nameOf, orderToFill } from "./card.ts";
import { offer } from "./deeds.ts";

// Two different keys, or two buttons: choose, then confirm.
export async function dispatchChosen(): Promise<void> {
  const at = armed.value;
  const order = orderToFill.value?.line;
  const candidate = at === undefined || at < 0 ? undefined : candidates.value[at];
  if (!order?.id || !candidate) return;
  armed.value = undefined;
  await offer(order.id, order.state, candidate.worker ?? "", candidate.provider ?? "",
    nameOf(candidate));
}
