import { join } from "node:path";
import { expect, test } from "vitest";
import { python } from "../../python.ts";
import { compare } from "./differential.ts";

const decide = join(import.meta.dirname, "../../../../python/test/decide.py");

test("the guard in Python decides in every schedule as this one does", async () => {
  const { steps, differences } = await compare({ command: [python, "-B", decide], schedules: 1_000, seed: 1 });
  expect(differences).toEqual([]);
  // Schedules in which nothing happens would show nothing.
  expect(steps).toBeGreaterThan(100_000);
});

test("a guard that forgets what a resume names is told apart", async () => {
  const forgetful = [
    "import sys; sys.argv = ['decide']",
    `exec(open(${JSON.stringify(decide)}).read().replace('if __name__ == "__main__":', "if False:").replace("__file__", ${JSON.stringify(JSON.stringify(decide))}))`,
    "from tether_robot.guard import machine",
    "from dataclasses import replace",
    "from tether_robot.guard.command import resumed",
    "machine._table[on.Resumed] = (('armed',), lambda state, event: resumed(state, replace(event, seq=0)))",
    "main()",
  ].join("\n");
  const { differences } = await compare({ command: [python, "-B", "-c", forgetful], schedules: 60, seed: 1 });
  expect(differences.length).toBeGreaterThan(0);
});
