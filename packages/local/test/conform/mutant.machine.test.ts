import { expect, test } from "vitest";
import { brokenClients } from "./client/broken.ts";
import { judgeBroken } from "./client/judge-broken.ts";
import { judgeMutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";

// `npm run mutants` runs all of them; these three break what a robot is, and take little time.
const few = ["permits of any type", "an unasked clock taken", "a stop by frame ignored"];

test.concurrent.each(mutants.filter(([name]) => few.includes(name)).map((mutant) => ({ mutant, name: mutant[0] })))(
  "a robot with $name is caught by the clause that this breaks",
  async ({ mutant }) => {
    expect(await judgeMutant(mutant)).toMatchObject({ isCaught: true });
  },
);

test.concurrent.each(["deaf to stops", "one ticket for all connections"])(
  "a client with this fault is caught by the clause that it breaks: %s",
  async (name) => {
    expect(await judgeBroken(name)).toMatchObject({ isCaught: true });
  },
);

test("each mutant breaks something of its own, and there are 30 at least", () => {
  expect(new Set(mutants.map(([name]) => name)).size).toBe(mutants.length);
  expect(mutants.length).toBeGreaterThanOrEqual(30);
  expect(Object.keys(brokenClients).length).toBeGreaterThanOrEqual(15);
});
