import { chosen, disarm, nameOf, orderToFill, readAgain } from "./card.ts";
import { offer } from "./deeds.ts";
import { lineOf, opened } from "./desk.ts";
import { readUnfinished } from "./unfinished.ts";

// Two different keys, or two buttons: choose, then confirm.
export async function dispatchChosen(): Promise<void> {
  const order = orderToFill.value?.line;
  const candidate = chosen.value;
  if (!order?.id || !candidate) return;
  disarm();
  await offer(order.id, order.state, candidate.worker ?? "", candidate.provider ?? "",
    nameOf(candidate));
  if (lineOf(opened.value)) return;
  readAgain(); // closed: no line of the feed moves
  void readUnfinished();
}
