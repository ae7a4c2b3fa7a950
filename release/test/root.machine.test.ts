import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startService } from "../../packages/agent/test/service.ts";
import { bundle } from "../bundle.ts";
import { deb } from "../deb.ts";
import { isPlatform, platforms, readNative } from "../platform.ts";
import { programFiles } from "../program.ts";
import { disposableMachine } from "./disposable.ts";

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tether-root-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The files that an installation of either kind leaves on a machine. */
const traces =
  "id tether-robot; ls -d /opt/tether-robot /usr/lib/tether-robot /var/lib/tether-robot /etc/tether-robot /usr/*bin/tether-robot /usr/local/bin/tether-robot /lib/systemd/system/tether-robot.service /etc/systemd/system/tether-robot.service";
const none = /^id: .*no such user\n(ls: cannot access [^\n]*\n?)+$/;

/** Waits in the shell, which has no clock of ours. */
const online =
  'n=0; until tether-robot status --json | grep -q \'"status":"online"\'; do n=$((n + 1)); [ $n -lt 120 ] || break; sleep 1; done';

test("a Debian package makes a user and a unit, its robot enrolls and comes online as that user, and purging it leaves nothing", async () => {
  const service = await startService();
  const platform = `linux-${process.arch}`;
  if (!isPlatform(platform)) throw new Error(`There is no robot's program for ${platform}.`);
  const folder = tempFolder();
  const native = readNative(platform);
  const files = programFiles(await bundle({ version: "1.0.0" }), native);
  const { debian: architecture } = platforms[platform];
  writeFileSync(join(folder, "robot.deb"), await deb({ version: "1.0.0", architecture, glibc: native.glibc, files, fast: true }));
  const { run } = disposableMachine(folder);
  expect((await run(traces)).said).toMatch(none);
  expect(await run("DEBIAN_FRONTEND=noninteractive dpkg --install /mnt/robot.deb")).toMatchObject({ code: 0 });
  expect((await run("stat --format '%U %a' /var/lib/tether-robot")).said).toBe("tether-robot 700");
  expect((await run("grep -E '^(User|ExecStart)=' /lib/systemd/system/tether-robot.service")).said).toBe(
    "User=tether-robot\nExecStart=/usr/bin/tether-robot run",
  );
  const code = await service.codeFor(await service.createRobot());
  expect(await run(`tether-robot enroll ${service.origin} ${code}`)).toMatchObject({ code: 0 });
  const settings = "TETHER_STATE=/var/lib/tether-robot TETHER_CONFIG=/etc/tether-robot/robot.json";
  await run(`runuser -u tether-robot -- env ${settings} tether-robot run >/dev/null & ${online}`);
  expect((await run("tether-robot status")).said).toMatch(/Last seen +online/);
  await run("pkill -TERM -u tether-robot; while pgrep -u tether-robot; do sleep 0.2; done");
  expect(await run("dpkg --purge tether-robot")).toMatchObject({ code: 0 });
  expect((await run(traces)).said).toMatch(none);
});

test("robot.sh by root runs the robot as a user of its own, a second run changes nothing, and --remove leaves nothing", async () => {
  const service = await startService();
  const { run } = disposableMachine(tempFolder());
  const script = `curl -fsSL ${service.origin}/install/robot.sh | sh -s --`;
  const line = `${script} ${await service.codeFor(await service.createRobot())}`;
  expect(await run(line)).toEqual({ code: 0, said: expect.stringContaining("online.") });
  const processes = "ps -eo user:20,pid,args | grep '[t]ether-robot/versions'";
  const before = await run(processes);
  expect(before.said.split("\n").length).toBeGreaterThan(1);
  for (const one of before.said.split("\n")) expect(one).toMatch(/^tether-robot /);
  expect((await run("stat --format '%U %a' /var/lib/tether-robot /var/lib/tether-robot/robot.json")).said).toBe(
    "tether-robot 700\ntether-robot 600",
  );
  expect(await run(line)).toEqual({ code: 0, said: expect.stringMatching(/installed already.*enrolled already.*runs already/s) });
  expect(await run(processes)).toEqual(before);
  expect(await run(`${script} --remove`)).toEqual({ code: 0, said: expect.stringContaining("removed, with the robot's key") });
  expect((await run(traces)).said).toMatch(none);
  expect(await run(processes)).toEqual({ code: 1, said: "" });
});
