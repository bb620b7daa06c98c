import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcer } from "../../../src/web/kit/announcer.ts";

function listening() {
  const heard = [];
  return { heard, announcer: new Announcer((urgent, text) => heard.push([urgent, text])) };
}

test("the first word is said at once, what follows within three seconds in one", () => {
  const { heard, announcer } = listening();
  announcer.say(true, "one", 0);
  announcer.say(true, "two", 100);
  announcer.say(true, "three", 200);
  assert.deepEqual(heard, [[true, "one"]]);
  announcer.look(2999);
  assert.equal(heard.length, 1);
  announcer.look(3000);
  assert.deepEqual(heard[1], [true, "two three"]);
});

test("in a flood readers hear at most 20 alerts and 6 states a minute, and all can be read again", () => {
  const { heard, announcer } = listening();
  for (let ms = 0; ms < 60_000; ms += 20) {
    announcer.say(true, `alert ${ms}`, ms);
    announcer.say(false, `state ${ms}`, ms);
  }
  assert.ok(heard.filter(([urgent]) => urgent).length <= 20);
  assert.ok(heard.filter(([urgent]) => !urgent).length <= 6);
  assert.equal(announcer.history.length, 200);
  assert.equal(announcer.history[0].text, "state 59980");
});
