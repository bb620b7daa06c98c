// Whose a device is when it is bound and when it is taken off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boundTo, inStock } from "../../../src/web/admin/binding.ts";

const nobody = { resident: "", home: "", worker: "" };
const device = (area, cells) => ({ key: "w1", area, rows: [{ cells: { id: "w1", resident: "R1", ...cells } }] });

test("a device has one holder, and keeps where its stock is", () => {
  assert.deepEqual(boundTo("home", "H1"), { ...nobody, home: "H1" });
  assert.deepEqual(boundTo("worker", "k1"), { ...nobody, worker: "k1" });
});

test("taken off, it lies in the stock that it came from, else where it was", () => {
  for (const [what, cells] of [[device("620102001", { stock_area: "620102" }), { stock_area: "620102" }],
    [device("620102001", {}), { stock_area: "620102001" }], [device("", {}), {}], [{ key: "w1" }, {}]])
    assert.deepEqual(inStock(what), { ...nobody, ...cells });
});
