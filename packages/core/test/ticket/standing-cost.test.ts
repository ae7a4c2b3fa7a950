import { RobotId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { inLab, type Lab } from "../../../local/src/measure/lab.ts";
import { isStanding, readStanding, stands } from "../../src/access/standing.ts";
import type { Store } from "../../src/store/index.ts";
import { isContended } from "../../src/store/patience.ts";
import type { Principal } from "../../src/store/principal.ts";
import { transact } from "../../src/store/transact.ts";

type About = { readonly robotId: RobotId; readonly principal: Principal };
type Came = "in" | "refused" | "unavailable";
type Way = (store: Store, about: About, n: number) => Promise<Came>;

/** The writes of one redemption: two items that nobody else writes. */
const own = (n: number) => (entities: Parameters<Parameters<typeof transact>[1]>[0]) => ({
  assertion: entities.usedAssertion.create({ robotId: "own", jti: `a${n}`, ttl: 1 }).commit(),
  other: entities.usedAssertion.create({ robotId: "own", jti: `b${n}`, ttl: 1 }).commit(),
});

const ways: Readonly<Record<"conditions" | "read after the write", Way>> = {
  async conditions(store, about, n) {
    const outcome = await transact({ store }, (entities) => ({ ...stands(entities, about), ...own(n)(entities) }));
    return outcome === "done" ? "in" : "refused";
  },
  async "read after the write"(store, about, n) {
    const outcome = await transact({ store }, own(n));
    return outcome === "done" && isStanding(await readStanding({ store }, about)) ? "in" : "refused";
  },
};

const crowds = {
  "25 users at one robot": (n: number) => `user-${n}`,
  "30 tabs of one user": () => "user-0",
};

async function measure(lab: Lab, way: keyof typeof ways, crowd: keyof typeof crowds, size: number) {
  const { store, ids } = lab.system.env;
  const robotId = RobotId.parse(ids.next("RobotId"));
  await store.entities.robot.put({ robotId, name: "Rover", createdAt: 0, createdBy: "test" }).go();
  const users = Array.from({ length: size }, (_, n) => crowds[crowd](n));
  for (const user of new Set(users))
    await store.entities.grant.put({ robotId, to: `sub:${user}`, role: "operator", givenAt: 0, givenBy: "test" }).go();
  const met = () => lab.system.faults.struck()["store.overlap"] ?? 0;
  const [conflicts, began] = [met(), lab.system.time.now()];
  let came: Came[] = [];
  const counted = await lab.count(async () => {
    came = await Promise.all(
      users.map((id, n) => {
        const principal = { type: "user", id, role: "operator", by: `sub:${id}`, issuedAt: 1 } as const;
        return ways[way](store, { robotId, principal }, n).catch((error: unknown): Came => {
          if (isContended(error)) return "unavailable";
          throw error;
        });
      }),
    );
  });
  const { readUnits, writeUnits, requests } = counted.store;
  const each = (total: number) => Math.round((total / size) * 10) / 10;
  return {
    way,
    crowd,
    in: came.filter((one) => one === "in").length,
    unavailable: came.filter((one) => one === "unavailable").length,
    conflicts: met() - conflicts,
    requests: each(requests),
    readUnits: each(readUnits),
    writeUnits: each(writeUnits),
    allInMs: Math.round(lab.system.time.now() - began),
  };
}

test.each([
  ["25 users at one robot", 25],
  ["30 tabs of one user", 30],
] as const)("what a ticket stands on is read after the write for less than it is made a condition of it: %s", async (crowd, size) => {
  const conditions = await inLab((lab) => measure(lab, "conditions", crowd, size));
  const read = await inLab((lab) => measure(lab, "read after the write", crowd, size));
  process.stdout.write(`${JSON.stringify([conditions, read])}\n`);
  expect(read).toMatchObject({ in: size, conflicts: 0, unavailable: 0 });
  expect(conditions.conflicts).toBeGreaterThan(size);
  expect(conditions.writeUnits).toBeGreaterThan(read.writeUnits + 4);
  expect(conditions.allInMs).toBeGreaterThan(2 * read.allInMs);
});
