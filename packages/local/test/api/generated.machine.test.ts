import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { problems } from "@tether/protocol/problem";
import { expect, onTestFinished, test } from "vitest";
import { createSetup } from "../../src/setup.ts";
import { startLocal } from "../../src/start.ts";

const generator = join(import.meta.dirname, "generator");
const jar = join(generator, "node_modules/@openapitools/openapi-generator-cli/bin/openapi-generator.jar");

function install(): void {
  if (existsSync(jar)) return;
  const { status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: generator, encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

/** Runs a program while this process serves it. */
async function output(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(await ended, `${out}${err}`).toBe(0);
  return out;
}

test("a client that a generator wrote in Python calls the API by the document alone, and reads its problems by their type", async () => {
  install();
  const folder = mkdtempSync(join(tmpdir(), "tether-generated-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const system = await startLocal({ port: 0, log: () => {} });
  onTestFinished(() => system.stop());
  await output("java", ["-jar", jar, "generate", "-i", `${system.origin}/v1/openapi.json`, "-g", "python", "-o", folder]);
  const token = await createSetup(system).token("owner");
  // Debian's own Python, which has the packages that the generated client needs.
  const said = await output("/usr/bin/python3", [join(generator, "client.py"), token], {
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: "1",
  });
  const { id, createdAt, ...told } = JSON.parse(said);
  expect(id).toMatch(/^rob_/);
  expect(createdAt).toBeGreaterThan(1_700_000_000_000);
  const refused = (status: number, code: string, fields: string[] | null = null) => {
    const { says: title, remedy } = problems[code as keyof typeof problems];
    return { status, code, title, remedy, fields };
  };
  expect(told).toEqual({
    health: "ok",
    issuer: expect.stringMatching(/^http/),
    me: "owner@tether.local",
    again: id,
    changed: "Digger 2",
    read: ["Digger 2", "owner", 300, null, "offline"],
    listed: [id],
    timeline: ["robot.configured by user", "robot.created by user", "robot.renamed by user"],
    ice: [],
    code: 34,
    grants: ["owner"],
    unknown: refused(404, "robot.unknown"),
    misspelt: refused(422, "request.invalid", ["name"]),
    signedOut: refused(401, "auth.invalid"),
    stopped: refused(503, "stop.undelivered"),
    deleted: null,
    gone: "robot.unknown",
  });
});
