import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PeerConnection } from "@tether/local/simulated/webrtc";
import { createSocket } from "@tether/program/socket";
import type { RobotId } from "@tether/protocol/id";
import { signerFromJwk } from "@tether/sdk/assertion/signer";
import { checks } from "@tether/sdk/diagnosis/checks";
import { platform } from "@tether/sdk/platform";
import { serve } from "@tether/sdk/robot";
import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "../../agent/test/agent-process.ts";
import { exits } from "../src/exit.ts";
import type { Start } from "../src/program.ts";
import { createRig, folder, terminal } from "./rig.ts";

const webRtc = { peerConnection: async () => PeerConnection } satisfies Partial<Start>;

type Told = {
  exit: number;
  api: string;
  from: string;
  checks: { id: string; title: string; result: string; says: string; tookMs: number }[];
};

test("doctor meets the robot: its clock, answer, path, picture and key; it ends with 0 where no check failed [P17]", async () => {
  const { signIn, tether, json, origin, kept, printed } = await createRig();
  await signIn();
  await json("robot", "create", "Rover");
  const { enroll } = await json<{ code: string; enroll: string }>("robot", "code", "Rover");
  const robot = folder();
  expect(await startAgent(robot, ...enroll.split(" ").slice(1)).ended).toBe(0);
  const running = startAgent(robot, "run", "--driver", "simulated");
  await running.saying({ event: "state", status: "online" });
  const { code, out, err } = await tether(["doctor", "--json"], webRtc);
  const told: Told = JSON.parse(out);
  expect([code, err, told.exit, told.api, told.from]).toEqual([0, "", 0, origin, "a test"]);
  expect(told.checks.map(({ id, title }) => ({ id, title }))).toEqual(checks.map(({ id, title }) => ({ id, title })));
  const results = Object.fromEntries(told.checks.map(({ id, result }) => [id, result]));
  // The local system names no STUN or TURN server unless told.
  expect(results).toEqual({ ...Object.fromEntries(checks.map(({ id }) => [id, "good"])), stun: "skipped", turn: "skipped" });
  expect((await tether(["why", "Rover"])).out).toMatch(/Reason: diagnostics$/m);
  for (const token of [kept().idToken, kept().refreshToken]) expect(printed()).not.toContain(token);
});

test("for people it is the report that the console copies, with what to do about what failed, and an exit code of 1", async () => {
  const { signIn, tether, origin } = await createRig();
  await signIn();
  const { code, out, err } = await tether(["doctor", "--expect", "60"], webRtc);
  expect(code).toBe(exits.unwell.code);
  expect(out).toMatch(/^Tether diagnostics, \d{4}-/);
  expect(out).toContain(`API ${origin}\nFrom a test\n`);
  expect(out).toMatch(/^FAILED {3}Token's life \(\d+ ms\): It was given for 240 minutes; 60 are configured\. Compare the token validity/m);
  expect(out).toMatch(/^skipped {2}Robot \(\d+ ms\): You have no robot to look at\.$/m);
  expect(out.trimEnd()).toMatch(/\n1 of 15 failed; 10 could not be tested\.$/);
  expect(err.split("\n")).toEqual(checks.map(({ title }) => `${title} …`));
});

test("without a service to be heard each check says what is in the way", async () => {
  const { signIn, tether } = await createRig();
  await signIn();
  const { code, out } = await tether(["doctor", "--json"], { ...webRtc, fetch: () => Promise.reject(new Error("down")) });
  const told: Told = JSON.parse(out);
  expect([code, told.exit]).toEqual([1, 1]);
  expect(Object.fromEntries(told.checks.map(({ id, result }) => [id, result]))).toEqual({
    api: "bad",
    clock: "skipped",
    token: "good",
    user: "bad",
    presence: "bad",
    key: "skipped",
    ticket: "skipped",
    socket: "skipped",
    stun: "skipped",
    turn: "skipped",
    loop: "good",
    "robot-clock": "skipped",
    answer: "skipped",
    path: "skipped",
    picture: "skipped",
  });
});

test("without a sign-in it looks at the service that it is told of, and says how to sign in", async () => {
  const { origin } = await createRig();
  const { tether } = terminal();
  expect((await tether(["doctor"])).code).toBe(exits.unsigned.code);
  const { code, out } = await tether(["doctor"], { ...webRtc, variables: { TETHER_API: `${origin}/` } });
  expect(code).toBe(1);
  expect(out).toMatch(/^OK {7}API /m);
  expect(out).toMatch(/^FAILED {3}Sign-in .*Run: tether sign-in URL$/m);
  expect((await tether(["doctor"], { variables: { TETHER_API: "http://elsewhere.example" } })).code).toBe(exits.usage.code);
});

test("a machine whose clock is off, or that has no WebRTC, is told so", async () => {
  const { signIn, tether } = await createRig();
  await signIn();
  const { clock } = platform;
  const ahead = { ...clock, now: () => clock.now() + 120_000 };
  const { out } = await tether(["doctor"], { clock: ahead });
  expect(out).toMatch(/^FAILED {3}Clock .* 1(19|20)\.\d s ahead of the service's\. Let the machine set its clock from the network\.$/m);
  expect(out).toMatch(/^FAILED {3}WebRTC .*There is no WebRTC here\./m);
});

test("a robot is chosen by its name, and one that is not there is said to be none", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  await json("robot", "create", "Rover");
  await json("robot", "create", "Hauler");
  expect((await tether(["doctor", "Hauler"], webRtc)).out).toContain("One was given for Hauler.");
  expect((await tether(["doctor", "Mole"], webRtc)).code).toBe(exits.usage.code);
});

test("a robot that was never online is not said to be well", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  await json("robot", "create", "Rover");
  const never = await tether(["doctor", "Rover"], webRtc);
  expect(never.code).toBe(exits.unwell.code);
  expect(never.out).toMatch(/^FAILED {3}Robot \(\d+ ms\): Rover has never been online\. Enroll it/m);
  expect(never.out).toMatch(/^FAILED {3}Robot's key .*The robot has no key\./m);
  expect(never.out).toMatch(/^FAILED {3}Robot's answer .*Rover is not online to answer an offer\./m);
  expect(never.out).toMatch(/^skipped {2}Picture /m);
});

test("a robot that is online and answers no offer is found out, and one that tells no clock is not said to have the right one", async () => {
  const { signIn, tether, json, origin } = await createRig();
  await signIn();
  const { id } = await json<{ id: RobotId }>("robot", "create", "Rover");
  const { code } = await json<{ code: string }>("robot", "code", "Rover");
  const home = folder();
  expect(await startAgent(home, "enroll", origin, code).ended).toBe(0);
  const { enrolled } = JSON.parse(readFileSync(join(home, "tether/robot.json"), "utf8"));
  const deaf = serve({ api: origin, robot: id, signer: await signerFromJwk(enrolled.key.jwk), platform: { socket: createSocket({}) } });
  onTestFinished(() => deaf.leave());
  await new Promise<void>((resolve) => deaf.on("state", ({ status }) => status === "online" && resolve()));
  const { out } = await tether(["doctor", "Rover"], webRtc);
  expect(out).toMatch(/^OK {7}Robot \(/m);
  expect(out).toMatch(/^skipped {2}Robot's clock .*Rover does not tell its clock/m);
  expect(out).toMatch(/^FAILED {3}Robot's answer .*Rover did not answer an offer\./m);
});
