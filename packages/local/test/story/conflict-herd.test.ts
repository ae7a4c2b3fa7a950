import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { countBreaks, countTabs } from "../../src/measure/conflict.ts";
import { inLab } from "../../src/measure/lab.ts";

test("40 robots come back at one instant, five times, and none is refused for another's transaction [T3, A4]", async () => {
  const met = await inLab((lab) => countBreaks(lab, { robots: 40, breaks: 5 }));
  process.stdout.write(`${JSON.stringify(met)}\n`);
  expect(met).toMatchObject({ connects: 200, refused: 0 });
  expect(met.tickets).toBeLessThanOrEqual(210);
});

test("all tabs that three users may have join each of two robots at one instant, and none is refused [T3, A4]", async () => {
  const met = await inLab(countTabs);
  process.stdout.write(`${JSON.stringify(met)}\n`);
  const tabs = 2 * 3 * limits.session.clientsPerUser;
  expect(met).toMatchObject({ ends: tabs, connects: tabs, refused: 0 });
  expect(met.tickets).toBeLessThanOrEqual(tabs * 1.05);
});
