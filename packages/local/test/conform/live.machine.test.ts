import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi, routes } from "@tether/sdk/api";
import { attach } from "@tether/sdk/client";
import { type TestContext, test } from "vitest";
import { python } from "../../../sdk/test/python.ts";
import { realClock } from "../../src/clock/real.ts";
import { certificateKey } from "../../src/conform/keys.ts";
import { judgeLive } from "../../src/conform/live/run.ts";
import { certificateOf, linesOf, summaryOf } from "../../src/conform/report.ts";
import { createTarget } from "../../src/conform/target.ts";
import { startLocal } from "../../src/start.ts";
import { brokenCopy } from "./mutant.ts";
import { mutants } from "./mutants.ts";

const example = join(import.meta.dirname, "../../../python/example.py");

/** The robot in Python, with this defect if there is one, enrolled and online at the local system. */
async function startRobot({ expect, onTestFinished }: TestContext, defect?: string) {
  const system = await startLocal({ port: 0, log: () => {} });
  const folder = mkdtempSync(join(tmpdir(), "tether-live-"));
  const mutant = mutants.find(([name]) => name === defect);
  const source = mutant ? brokenCopy(mutant, folder) : join(example, "../src");
  const token = (await system.identity.tokensFor("owner@tether.local")).idToken;
  const api = createApi({ api: system.origin, token: async () => token });
  const made = await api.call(routes.createRobot, { body: { name: "Target" } });
  if ("failure" in made) throw new Error(made.failure.says);
  const robot = made.value.id;
  const enrollment = await api.call(routes.createEnrollment, { params: { robot } });
  if ("failure" in enrollment) throw new Error(enrollment.failure.says);
  const command = `PYTHONPATH='${source}' exec ${python} -B '${example}' {folder} {api} {code}`;
  const target = createTarget(command, { folder, api: system.origin, code: enrollment.value.code });
  target.start();
  onTestFinished(async () => {
    await target.kill();
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const isOnline = async () => {
    const listed = await api.call(routes.listSessions, { params: { robot } });
    return "value" in listed && listed.value.items.some(({ kind, state }) => kind === "robot" && state === "online");
  };
  await expect.poll(isOnline, { message: target.output() }).toBe(true);
  const viewer = (await system.identity.tokensFor("viewer@tether.local")).idToken;
  await api.call(routes.assignGrant, { params: { robot }, body: { to: "email:viewer@tether.local", role: "viewer" } });
  const stop = () => api.call(routes.stopRobot, { params: { robot }, body: {} });
  return { where: { api: system.origin, robot, token }, viewer, stop, output: target.output };
}

test.concurrent("a robot is judged where it runs, in part, and is left free and not stopped", async (context) => {
  const { expect } = context;
  const { where } = await startRobot(context);
  const only = ["R4.2", "R16", "R18", "R20"];
  const { results, leftStopped } = await judgeLive({ clock: realClock, where, level: "safe", only });
  expect(results.flatMap((result) => (result.outcome === "failed" ? linesOf(result) : [])).join("\n")).toBe("");
  expect(leftStopped).toBe(false);
  // No run begins at a robot that is stopped, or that somebody has control of.
  await expect(judgeLive({ clock: realClock, where, level: "connects" })).resolves.toBeDefined();
  expect(summaryOf(results, true)).toMatch(/^tether conform: (\d+) of \1 hold · [1-9]\d* not judged · level safe, in part/);
  expect(results.find(({ clauses }) => clauses.includes("R18"))).toMatchObject({
    outcome: "unjudged",
    why: "not judged: needs its own broker",
  });
  for (const clause of only)
    expect(results.some(({ outcome, clauses }) => outcome === (clause === "R18" ? "unjudged" : "passed") && clauses.includes(clause))).toBe(
      true,
    );
  const certificate = certificateOf({ target: where, version: "0", at: 0, results, key: certificateKey(undefined) });
  expect(certificate).toMatchObject({ claims: { level: "safe", partial: true } });
  expect(JSON.stringify(certificate)).not.toContain(where.token);
});

test.concurrent("a robot that anyone's permit drives is caught where it runs, by the clause that this breaks [R1.1]", async (context) => {
  const { expect } = context;
  const { where } = await startRobot(context, "permits that anyone signed");
  const { results } = await judgeLive({ clock: realClock, where, level: "safe", only: ["R1.1"] });
  expect(results.flatMap(({ outcome, clauses }) => (outcome === "failed" ? clauses : []))).toContain("R1.1");
});

test.concurrent("a run that is told to end while its stop is in force resumes from it, and leaves", async (context) => {
  const { expect } = context;
  const { where, output } = await startRobot(context);
  const ending = new AbortController();
  const running = judgeLive({ clock: realClock, where, level: "safe", only: ["R7"], signal: ending.signal });
  await expect.poll(output).toMatch(/wheels: 0, 0: stop$/m);
  ending.abort();
  const { results, leftStopped } = await running;
  expect(results.filter(({ why }) => why?.includes("it was told to end")).length).toBeGreaterThan(1);
  expect(leftStopped).toBe(false);
  await expect(judgeLive({ clock: realClock, where, level: "connects" })).resolves.toBeDefined();
});

test.concurrent("no run begins where somebody drives, or as somebody who may not", async (context) => {
  const { expect } = context;
  const { where, viewer } = await startRobot(context);
  const run = { clock: realClock, level: "safe" } as const;
  const other = attach({ ...where, token: async () => where.token });
  context.onTestFinished(() => other.leave());
  await expect.poll(() => other.status).toBe("online");
  other.control.request();
  await expect.poll(() => other.control.control?.holder?.session).toBe(other.id);
  await expect(judgeLive({ ...run, where })).rejects.toThrow("Olive Owner has control of the robot.");
  await other.leave();
  await expect(judgeLive({ ...run, where: { ...where, token: viewer } })).rejects.toThrow("Control was refused");
});

test.concurrent("a run ends where somebody else stops the robot, which stays stopped, and none begins while a stop is in force [R7]", async (context) => {
  const { expect } = context;
  const { where, stop } = await startRobot(context);
  const run = { clock: realClock, where, level: "safe", only: ["R4.2", "R20"] } as const;
  const { results } = await judgeLive({
    ...run,
    onResult: ({ outcome, clauses }) => outcome === "passed" && clauses.includes("W1") && void stop(),
  });
  expect(results.at(-2)).toMatchObject({ outcome: "failed", why: expect.stringContaining("a stop that is not the run's is in force") });
  await expect(judgeLive(run)).rejects.toThrow("a stop that is not the run's is in force");
});
