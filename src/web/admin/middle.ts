// Where a map begins: the home of whoever's zones are drawn.
import { inject, provide, ref, type InjectionKey, type Ref } from "vue";
import type { Point } from "./polygon.ts";

const key: InjectionKey<Ref<Point | undefined>> = Symbol("middle");

export function provideMiddle(middle: Ref<Point | undefined>): void {
  provide(key, middle);
}

export function useMiddle(): Ref<Point | undefined> {
  return inject(key, ref());
}
