import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Manifest } from "../../packages/agent/src/update/manifest.ts";
import { python } from "../../packages/sdk/test/python.ts";
import { makeKey } from "../key.ts";
import { release } from "../release.ts";

test("a release has the robot's package for Python, with its hash in the manifest, and Python imports it from there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-wheel-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = join(folder, "install");
  await release({ out, key: makeKey(join(folder, "key.pem")), platforms: [], isLocal: true, withPackages: false });
  const { files } = Manifest.parse(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")));
  const [made] = files;
  expect(files).toMatchObject([{ name: expect.stringMatching(/^tether_robot-.*-py3-none-any\.whl$/), kind: "wheel" }]);
  const path = join(out, made?.name ?? "");
  expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(made?.sha256);
  const imported = spawnSync(python, ["-B", "-c", "import tether_robot; print(tether_robot.__file__)"], {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, PYTHONPATH: path },
  });
  expect(imported.stdout.trim(), imported.stderr).toBe(`${path}/tether_robot/__init__.py`);
});
