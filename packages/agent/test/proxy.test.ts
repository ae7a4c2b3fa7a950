import { expect, test } from "vitest";
import { startTetherIn } from "../../cli/test/tether-process.ts";
import { visit } from "../../cli/test/visitor.ts";
import { exits } from "../src/exit.ts";
import { folder, startAgentIn } from "./agent-process.ts";
import { startProxy, startSecureService } from "./secure.ts";

test("a robot and its owner's terminal get to a service by a proxy alone: tickets, sockets and all over TLS", async () => {
  // Nothing but the proxy knows that name.
  const { origin, port, authority, createRobot, codeFor, call } = await startSecureService("tether.invalid");
  const proxy = await startProxy({ password: "secret" });
  const variables = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: authority };
  const robot = await createRobot();
  const home = folder();
  expect(await startAgentIn(variables, home, "enroll", origin, await codeFor(robot)).ended).toBe(exits.done.code);
  const running = startAgentIn(variables, home, "run", "--driver", "simulated");
  await running.saying({ event: "state", status: "online" });
  const { items } = (await call("GET", `/robots/${robot}/sessions`)) as { items: { state: string }[] };
  expect(items[0]?.state).toBe("online");
  const ofRobot = proxy.wanted.length;
  expect(ofRobot).toBeGreaterThanOrEqual(3);

  const examined = startAgentIn(variables, home, "doctor");
  await examined.ended;
  const checks = (examined.said.at(-1)?.checks ?? []) as { id: string; result: string }[];
  const results = Object.fromEntries(checks.map(({ id, result }) => [id, result]));
  expect(results).toMatchObject({ proxy: "good", dns: "skipped", tls: "good", clock: "good", api: "good", ticket: "good", socket: "good" });

  const terminal = startTetherIn(variables, home, "sign-in", origin, "--port", "0", "--no-open");
  await visit(await terminal.saying(/http:\S+/), "owner@tether.local");
  expect(await terminal.ended).toBe(0);
  const ofSignIn = proxy.wanted.length;
  const doctor = startTetherIn(variables, home, "doctor", "Rover", "--json");
  await doctor.ended;
  expect(JSON.parse(doctor.out.join("")).checks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: "api", result: "good" }),
      expect.objectContaining({ id: "socket", result: "good" }),
    ]),
  );
  expect(proxy.wanted.length).toBeGreaterThan(ofSignIn);
  expect(new Set(proxy.wanted)).toEqual(new Set([`tether.invalid:${port}`]));
  running.stop();
  expect(await running.ended).toBe(exits.done.code);
});

test("what NO_PROXY names is reached without the proxy, and an authority that is not known is told by its code", async () => {
  const { origin, authority, createRobot, codeFor } = await startSecureService("localhost");
  const proxy = await startProxy();
  const around = { HTTPS_PROXY: proxy.url, NO_PROXY: "localhost" };
  const home = folder();
  const code = await codeFor(await createRobot());
  const doubtful = startAgentIn(around, home, "enroll", origin, code);
  expect(await doubtful.ended).toBe(exits.failed.code);
  expect(doubtful.said.at(-1)).toMatchObject({ code: "network.untrusted", remedy: expect.stringContaining("NODE_EXTRA_CA_CERTS") });
  const trusting = { ...around, NODE_EXTRA_CA_CERTS: authority };
  expect(await startAgentIn(trusting, home, "enroll", origin, code).ended).toBe(exits.done.code);
  const running = startAgentIn(trusting, home, "run");
  await running.saying({ event: "state", status: "online" });
  expect(proxy.wanted).toEqual([]);
  running.stop();
  await running.ended;
});
