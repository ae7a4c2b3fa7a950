import { join } from "node:path";
import { expect, test } from "vitest";
import { python } from "../../../sdk/test/python.ts";
import { realClock } from "../../src/clock/real.ts";
import { judgeClient } from "../../src/conform/client/run.ts";
import { certificateKey } from "../../src/conform/keys.ts";
import { certificateOf, junitOf, levelOf, linesOf } from "../../src/conform/report.ts";
import { judgeRobot } from "../../src/conform/run.ts";
import { commandOf } from "./client/judge-broken.ts";

const root = join(import.meta.dirname, "../../../..");
const agent = join(root, "packages/agent/bin/tether-robot.js");

/** Robots as their owners start them, again after a crash too. */
const robots = {
  "the agent": `node='${process.execPath}'; "$node" '${agent}' enroll {api} {code} --state {folder}/tether; exec "$node" '${agent}' run --driver simulated --state {folder}/tether`,
  "the robot in Python": `PYTHONPATH='${root}/packages/python/src' exec ${python} -B '${root}/packages/python/example.py' {folder} {api} {code}`,
};

// The robots run side by side: most of the time both are waited for.
test.concurrent.each(Object.entries(robots))("%s conforms, as far as the level safe", async (_, command) => {
  const { results, output } = await judgeRobot({ clock: realClock, command, level: "safe" });
  const failed = results.filter(({ outcome }) => outcome === "failed");
  expect(failed.map(linesOf).join("\n"), output).toBe("");
  expect(results.length).toBeGreaterThan(30);
  expect(levelOf(results)).toBe("safe");
  expect(junitOf(results)).toContain('failures="0"');
  const certificate = certificateOf({ target: { command }, version: "0", at: 0, results, key: certificateKey(undefined) });
  expect(certificate).toMatchObject({ claims: { level: "safe", protocol: 1 }, key: { kty: "OKP", crv: "Ed25519" } });
});

// The client's run waits most of its time, so it goes beside the robots'.
test.concurrent("the SDK's client conforms, as far as the level safe", async () => {
  const { results, output } = await judgeClient({ clock: realClock, command: commandOf(), level: "safe" });
  const failed = results.filter(({ outcome }) => outcome === "failed");
  expect(failed.map(linesOf).join("\n"), output).toBe("");
  expect(results.length).toBeGreaterThan(25);
  expect(levelOf(results)).toBe("safe");
});
