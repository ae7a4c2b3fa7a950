import { spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../../pack/package.ts";
import { fingerprintOf, readManifest } from "../../packages/agent/src/update/manifest.ts";
import { ar, tar } from "../archive.ts";
import { bundle } from "../bundle.ts";
import { deb } from "../deb.ts";
import { neededGlibc, strip } from "../elf.ts";
import { makeKey, publicPart } from "../key.ts";
import { readNative } from "../platform.ts";
import { holdSizes, most, programFiles } from "../program.ts";
import { publish } from "../publish.ts";
import { robotScript } from "../script.ts";
import { readSigned, writeSigned } from "../signed.ts";

const folder = mkdtempSync(join(tmpdir(), "tether-release-"));
afterAll(() => rmSync(folder, { recursive: true }));

const made = await bundle();
const entry = (path: string, bytes: number) => ({ path, data: Buffer.alloc(bytes), mode: 0o644 });

test("the robot's program with its runtime and WebRTC is no larger than promised, and the same sources give the same program", async () => {
  const files = programFiles(made, readNative("linux-x64"));
  expect(() => holdSizes(files)).not.toThrow();
  expect((await bundle()).code.equals(made.code)).toBe(true);
});

test.each([
  ["download", [entry("node", 1)], most.download],
  ["unpacked", [entry("node", most.unpacked)], undefined],
  ["withoutRuntime", [entry("node", 1), entry("main.mjs", most.withoutRuntime)], undefined],
] as const)("a program that is a byte too large is not released (%s)", (what, files, download) => {
  expect(() => holdSizes(files, download)).not.toThrow();
  const larger = download === undefined ? [...files, entry(what === "unpacked" ? "node" : "wrtc.node", 1)] : files;
  expect(() => holdSizes(larger, download === undefined ? undefined : download + 1)).toThrow(what);
});

test("--help loads a tenth of the program at most, so that it is there at once", () => {
  const { inputs } = made.metafile;
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind, external } of inputs[path]?.imports ?? []) if (kind !== "dynamic-import" && !external) load(next);
  };
  load("packages/agent/src/main.ts");
  const bytes = (paths: Iterable<string>) => [...paths].reduce((total, path) => total + (inputs[path]?.bytes ?? 0), 0);
  expect(loaded.size).toBeLessThan(10);
  expect(bytes(loaded)).toBeLessThan(bytes(Object.keys(inputs)) / 10);
});

test("a program says its version as its package does", () => {
  const { version } = JSON.parse(readFileSync(join(root, "packages/agent/package.json"), "utf8"));
  const said = spawnSync(process.execPath, [join(root, "packages/agent/src/main.ts"), "--version"], { encoding: "utf8" });
  expect(said.stdout).toBe(`tether-robot ${version}\n`);
});

test("a native part is loaded without its symbols, and says which C library it needs", () => {
  const path = join(root, "node_modules/@roamhq/wrtc-linux-x64/wrtc.node");
  const whole = readFileSync(path);
  const stripped = strip(whole);
  expect(stripped.length).toBeLessThan(whole.length);
  expect([neededGlibc(whole), neededGlibc(stripped)]).toEqual(["2.34", "2.34"]);
  const file = join(folder, "wrtc.node");
  writeFileSync(file, stripped);
  const load = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(file)}); console.log(typeof m.exports.RTCPeerConnection)`;
  expect(spawnSync(process.execPath, ["-e", load], { encoding: "utf8" }).stdout).toBe("function\n");
  expect(() => strip(Buffer.alloc(100))).toThrow("ELF");
});

test("archives are read by tar as they were written, and two of the same files are the same", async () => {
  const files = [{ path: "a/b", data: Buffer.from("x".repeat(600)), mode: 0o755 }, entry("c", 0)];
  const read = spawnSync("tar", ["-tvf", "-"], { input: tar(files), encoding: "utf8", env: { ...process.env, TZ: "UTC" } });
  expect(read.stdout.split("\n").map((line) => line.replace(/\s+/g, " "))).toEqual([
    "drwxr-xr-x root/root 0 2026-01-01 00:00 a/",
    "-rwxr-xr-x root/root 600 2026-01-01 00:00 a/b",
    "-rw-r--r-- root/root 0 2026-01-01 00:00 c",
    "",
  ]);
  const options = { version: "1.2.3-rc.1", architecture: "amd64", glibc: "2.34", files, fast: true };
  expect((await deb(options)).equals(await deb(options))).toBe(true);
  expect(ar([{ name: "odd", data: Buffer.from("1") }]).length % 2).toBe(0);
});

test("a list of files is good only as its key signed it", () => {
  const key = makeKey(join(folder, "key.pem"));
  expect(makeKey(join(folder, "key.pem")).equals(key)).toBe(true);
  const other = publicPart(generateKeyPairSync("ed25519").publicKey);
  expect(fingerprintOf(other)).not.toBe(fingerprintOf(publicPart(key)));
  const sha256 = createHash("sha256").update("x").digest("hex");
  const file = { kind: "program", platform: "linux-x64", version: "1.0.0", name: "x.tar.gz", bytes: 1, sha256 } as const;
  writeFileSync(join(folder, file.name), "x");
  const manifest = { version: "1.0.0", glibc: "2.34", keys: [publicPart(key), other], files: [file] };
  writeSigned(folder, manifest, key);
  expect(readSigned(folder)).toEqual(manifest);
  const list = readFileSync(join(folder, "manifest.json"));
  const signature = readFileSync(join(folder, "manifest.json.sig"));
  expect(readManifest(list, signature, [other])).toBe("unsigned");
  list.writeUInt8(0x20, list.indexOf("program"));
  expect(readManifest(list, signature, [publicPart(key)])).toBe("unsigned");

  const place = { from: folder, to: join(folder, "served"), base: "https://a.example/install", api: "https://api.a.example" };
  publish(place);
  expect(readFileSync(join(folder, "served/x.tar.gz"), "utf8")).toBe("x");
  const page = readFileSync(join(folder, "served/index.html"), "utf8");
  for (const part of [
    'href="https://a.example/install/x.tar.gz"',
    sha256,
    "https://a.example/install/robot.sh",
    'href="https://a.example/documents/index.html"',
  ])
    expect(page).toContain(part);
  writeFileSync(join(folder, file.name), "y");
  expect(() => publish(place)).toThrow("not the file that was signed");
});

test("robot.sh is a script that a shell reads, and no address breaks out of its quotes", () => {
  const key = publicPart(makeKey(join(folder, "key.pem")));
  const script = robotScript({ base: "https://console.example.org/install", api: "https://api.example.org", key });
  expect(spawnSync("sh", ["-n"], { input: script }).status).toBe(0);
  expect(script).toContain("base='https://console.example.org/install'");
  expect(script).not.toMatch(/@(base|api|key|unit|wrapper)@/);
  expect(() => robotScript({ base: "https://a'; rm -rf /; '", api: "https://api.example.org", key })).toThrow("plain address");
});
