import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "../bundle.ts";
import { deb } from "../deb.ts";
import { readNative } from "../platform.ts";
import { programFiles } from "../program.ts";

test("Debian's own tool reads the package, unpacks a program that runs, and two builds are the same", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-deb-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const native = readNative("linux-x64");
  const build = async () => {
    const files = programFiles(await bundle({ version: "1.0.0-rc.1" }), native);
    return deb({ version: "1.0.0-rc.1", architecture: "amd64", glibc: native.glibc, files, fast: true });
  };
  const first = await build();
  expect((await build()).equals(first)).toBe(true);
  const path = join(folder, "robot.deb");
  writeFileSync(path, first);
  const debian = (...args: string[]) => spawnSync("dpkg-deb", args, { encoding: "utf8" }).stdout;
  expect(debian("--field", path, "Version", "Architecture", "Depends").split("\n")).toEqual([
    "Version: 1.0.0~rc.1",
    "Architecture: amd64",
    "Depends: libc6 (>= 2.34), libgcc-s1, libstdc++6, adduser",
    "",
  ]);
  expect(debian("--info", path, "conffiles")).toBe("/etc/tether-robot/robot.json\n");
  for (const script of ["postinst", "prerm", "postrm"])
    expect(spawnSync("sh", ["-n"], { input: debian("--info", path, script) }).status, script).toBe(0);
  expect(spawnSync("dpkg-deb", ["--extract", path, join(folder, "root")]).status).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "root/etc/tether-robot/robot.json"), "utf8"))).toEqual({ driver: "simulated" });
  const said = spawnSync(join(folder, "root/usr/lib/tether-robot/tether-robot"), ["--version"], { encoding: "utf8" });
  expect(said.stdout).toBe(process.arch === "x64" ? "tether-robot 1.0.0-rc.1\n" : "");
});
