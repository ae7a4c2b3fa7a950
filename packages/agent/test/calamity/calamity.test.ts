import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calamities, page, path } from "./page.ts";
import { openCalamities } from "./rig.ts";

let world: Awaited<ReturnType<typeof openCalamities>>;

beforeAll(async () => {
  world = await openCalamities();
});

afterAll(() => world.close());

describe.each(Object.entries(calamities))("%s", (_, rows) => {
  test.each(rows.map((row) => [row.name, row] as const))(
    "%s: the robot is not locked out [E2, E6, E11, K3, K8, N6, T9]",
    async (_name, { happens }) => {
      const before = await world.before();
      try {
        await happens(before);
      } finally {
        before.town.world.system.faults.set([]);
        before.machine.retire();
        await before.pass(0);
      }
    },
  );
});

test("there are twenty and more, and the page is what the tests go through", () => {
  expect(Object.values(calamities).flat().length).toBeGreaterThanOrEqual(20);
  expect(readFileSync(path, "utf8")).toBe(page());
});
