import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startService } from "../../packages/agent/test/service.ts";
import { createWatch } from "../../packages/agent/test/watch.ts";
import { bundle } from "../bundle.ts";
import { readNative } from "../platform.ts";
import { programFiles } from "../program.ts";

/** The robot's program for linux-arm64, each of whose processes is emulated by QEMU with the libraries of Debian's cross packages. */
async function unpack() {
  const folder = mkdtempSync(join(tmpdir(), "tether-arm64-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "program");
  mkdirSync(program);
  for (const { path, data, mode } of programFiles(await bundle({ version: "1.0.0" }), readNative("linux-arm64")))
    writeFileSync(join(program, path), data, { mode });
  const start = (...args: string[]) => {
    const env = { PATH: "/usr/bin:/bin", HOME: folder, TETHER_STATE: join(folder, "state") };
    return spawn("qemu-aarch64-static", ["-L", "/usr/aarch64-linux-gnu", join(program, "node"), ...args], { env, cwd: program });
  };
  const said = async (...args: string[]) => (await text(start(...args).stdout)).trim();
  return { start, said };
}

test("the robot's program for arm64 starts, loads its native parts, enrolls and comes online", async () => {
  const { start, said } = await unpack();
  const service = await startService();
  const load =
    "for (const n of ['wrtc', 'datachannel']) process.dlopen({ exports: {} }, process.cwd() + '/' + n + '.node'); console.log(process.arch)";
  expect(await said("-e", load)).toBe("arm64");
  const robot = await service.createRobot();
  expect(JSON.parse(await said("main.mjs", "enroll", service.origin, await service.codeFor(robot), "--json"))).toMatchObject({
    enrolled: true,
  });
  const running = start("main.mjs", "run", "--json");
  const lines = createWatch<string>();
  createInterface(running.stdout).on("line", lines.put);
  const ended = new Promise((resolve) => running.once("exit", resolve));
  onTestFinished(async () => {
    running.kill("SIGKILL");
    await ended;
  });
  await expect.poll(() => lines.all.some((line) => line.includes('"status":"online"')), { timeout: 120_000 }).toBe(true);
  running.kill("SIGTERM");
  expect(await ended).toBe(0);
});
