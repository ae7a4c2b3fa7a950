import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { disk } from "@tether/program/disk";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import type { CommandEnv } from "../../src/command/env.ts";
import { update } from "../../src/command/update.ts";
import { installationOf } from "../../src/update/installation.ts";
import { folder } from "../agent-process.ts";

const base = "https://console.example.org/install";

function makeKey() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, spki: publicKey.export({ type: "spki", format: "der" }).toString("base64") };
}
const key = makeKey();

const file = { name: "tether-robot.tar.gz", kind: "program", platform: `${process.platform}-${process.arch}`, version: "2.0.0", bytes: 4 };
const sha256OfGood = "770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c";

const listed = (data: Buffer) => ({ ...file, bytes: data.length, sha256: createHash("sha256").update(data).digest("hex") });

/** An archive of a program that is this script. */
function archiveOf(script: string): Buffer {
  const made = folder(() => {});
  writeFileSync(join(made, "tether-robot"), script, { mode: 0o755 });
  const archive = execFileSync("tar", ["-czf", "-", "-C", made, "tether-robot"]);
  rmSync(made, { recursive: true });
  return archive;
}

/** An installation of 1.0.0, and a deployment that serves what it is told. */
async function start({
  manifest = {},
  program = "good" as string | Buffer,
  page = "",
  signer = key,
  failed = "",
  isLeftOver = false,
} = {}) {
  const root = folder();
  const state = join(root, "state");
  for (const path of ["versions/1.0.0", "state"]) mkdirSync(join(root, path), { recursive: true });
  symlinkSync("versions/1.0.0", join(root, "current"));
  writeFileSync(join(root, "install.json"), JSON.stringify({ base, keys: [key.spki] }));
  if (isLeftOver) {
    mkdirSync(join(root, ".work.cut"));
    utimesSync(join(root, ".work.cut"), 0, 0);
  }
  if (failed !== "") writeFileSync(join(state, "failed-version"), failed);
  const list = JSON.stringify({
    version: "2.0.0",
    glibc: "2.34",
    keys: [key.spki],
    files: [typeof program === "string" ? { ...file, sha256: sha256OfGood } : listed(program)],
    ...manifest,
  });
  const served: Readonly<Record<string, Buffer>> = {
    "manifest.json": Buffer.from(page || list),
    "manifest.json.sig": sign(null, Buffer.from(list), signer.privateKey),
    [file.name]: Buffer.from(program),
  };
  const said: string[] = [];
  const fetch = async (url: string) => {
    const body = served[url.slice(base.length + 1)];
    return body ? new Response(new Uint8Array(body)) : new Response("", { status: 404 });
  };
  const env = {
    installation: installationOf(disk, join(root, "versions/1.0.0/main.mjs")),
    config: { state },
    files: disk,
    platform: { ...platform, fetch },
    say: { progress: () => {}, result: (words: string) => void said.push(words) },
    stopped: new AbortController().signal,
  } as unknown as CommandEnv;
  const outcome = await update(env, { force: false });
  return {
    outcome,
    said,
    left: readdirSync(join(root, "versions")),
    current: readlinkSync(join(root, "current")),
    rest: readdirSync(root),
  };
}

test.each([
  ["a list that another key signed", { signer: makeKey() }, "update.unsigned"],
  ["a signed list that is none", { manifest: { files: 1 } }, "update.malformed"],
  [
    "a list with a name that leads elsewhere",
    { manifest: { files: [{ ...file, sha256: sha256OfGood, name: "../x" }] } },
    "update.malformed",
  ],
  ["a program that was altered", { program: "evil" }, "update.altered"],
  ["a program that is longer than the list says", { program: "good and more" }, "network.failed"],
  ["a program whose download was cut off", { program: "go" }, "network.cut"],
  ["a guest network's page in the list's place", { page: "<!doctype html><title>Welcome</title>" }, "network.captive"],
  ["an archive that cannot be unpacked, as on a full disk", {}, "update.packed"],
  ["a program that does not run here", { program: archiveOf("#!/bin/sh\nexit 1\n") }, "update.unusable"],
  ["an older version", { manifest: { version: "0.9.0" } }, "update.older"],
  ["a version that did not come online here", { failed: "2.0.0" }, "update.failed"],
  ["no program for this platform", { manifest: { files: [] } }, "update.platform"],
])("%s is not installed, and the installation stays as it is", async (_, told, code) => {
  const { outcome, left, current, rest } = await start(told);
  expect(outcome).toMatchObject({ exit: "failed", code });
  expect([left, current, rest.sort()]).toEqual([["1.0.0"], "versions/1.0.0", ["current", "install.json", "state", "versions"]]);
});

test("a new version is put in its place, and what an update that was cut off had left is taken away", async () => {
  const program = archiveOf('#!/bin/sh\necho "tether-robot 2.0.0"\n');
  const { outcome, current, left, rest } = await start({ program, isLeftOver: true });
  expect([outcome, current, left.sort()]).toEqual(["done", "versions/2.0.0", ["1.0.0", "2.0.0"]]);
  expect(rest.sort()).toEqual(["current", "install.json", "previous", "state", "versions"]);
});

test("the version that is installed already is left alone", async () => {
  const { outcome, said, current } = await start({ manifest: { version: "1.0.0" } });
  expect([outcome, said, current]).toEqual(["done", ["1.0.0 is what the service has, and what is installed."], "versions/1.0.0"]);
});

test("a program that came another way than by robot.sh is updated that way", () => {
  for (const path of ["/usr/lib/tether-robot/main.mjs", "/usr/lib/node_modules/@tether/agent/dist/main.js"])
    expect(installationOf(disk, path)).toBeUndefined();
});
