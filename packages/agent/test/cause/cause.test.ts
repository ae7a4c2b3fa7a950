import { expect, test } from "vitest";
import { gradeEndings } from "./grade.ts";
import { countsOf } from "./matrix.ts";
import { runTown } from "./run.ts";

test("what timeline, peers and `why` say of each ending is what was done, or named among what may have been [P2, P9, P15]", async () => {
  const ran = await runTown({ seed: 1, sites: 3, endings: 90 });
  const { town, episodes } = ran;
  try {
    const findings = await gradeEndings(town);
    const { all, right, wrong } = countsOf(findings.filter(({ channel }) => channel === "final"));
    expect(findings.filter(({ grade }) => grade === "wrong")).toEqual([]);
    expect([all > 60, wrong, right / all > 0.9]).toEqual([true, 0, true]);
    expect(Object.keys(episodes).length).toBeGreaterThan(20);

    // The comparison can fail: with another record of what was done, most of what was told is wrong.
    const doctored = { ...town.ledger, lossOf: () => ["opening.lapsed" as const], endOf: () => [] };
    const { wrong: found } = countsOf(await gradeEndings({ ...town, ledger: doctored }));
    expect(found).toBeGreaterThan(all / 2);
  } finally {
    await ran.close();
  }
});
