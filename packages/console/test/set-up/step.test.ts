import { Credential, Session } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { commandsOf, stepsOf } from "../../src/set-up/step.ts";

const key = { kid: "k".repeat(43), state: "active", registeredAt: 1, registeredBy: "u1" };
const session = {
  id: "rse_01JZ0000000000000000000000",
  robot: "rob_01JZ0000000000000000000000",
  kind: "robot",
  state: "online",
  epoch: 1,
  startedAt: 1,
  since: 1,
  authExpiresAt: 2,
};

function done(credentials: object[], sessions: object[]): boolean[] {
  return stepsOf(
    credentials.map((one) => Credential.parse({ ...key, ...one })),
    sessions.map((one) => Session.parse({ ...session, ...one })),
  ).map(({ isDone }) => isDone);
}

test.each([
  ["nothing yet", [], [], [false, false, false]],
  ["a key that was never used", [{}], [], [true, false, false]],
  ["a key that bought a ticket", [{ lastProvedAt: 5 }], [], [true, true, false]],
  ["a connection without hello", [{ lastProvedAt: 5 }], [{ state: "opening" }], [true, true, false]],
  ["an online robot", [{ lastProvedAt: 5 }], [{}], [true, true, true]],
  ["a person online, but no robot", [{}], [{ kind: "client", id: "cse_01JZ0000000000000000000000" }], [true, false, false]],
  ["only a revoked key", [{ state: "revoked", lastProvedAt: 5 }], [], [false, false, false]],
])("steps that are done with %s", (_, credentials, sessions, expected) => {
  expect(done(credentials, sessions)).toEqual(expected);
});

test("the lines to paste name the service and the code, and the script of a deployment that serves one", () => {
  const code = "AAAA-BBBB";
  const install = "https://console.example.org/install/robot.sh";
  const lines = { enroll: "tether-robot enroll https://api.example.org AAAA-BBBB", run: "tether-robot run --driver simulated" };
  expect(commandsOf("https://api.example.org", { code })).toEqual(lines);
  expect(commandsOf("https://api.example.org", { code, install })).toEqual({
    ...lines,
    install: `curl -fsSL ${install} | sh -s -- ${code}`,
  });
});
