import { execFile } from "node:child_process";
import { createDecipheriv } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hasPlatform } from "../../platform.ts";
import { startAws } from "./aws.ts";
import type { Graph, Value } from "./graph.ts";
import { unzip } from "./zip.ts";

export const project = join(import.meta.dirname, "../../..");

/** A line of a file that is replaced by another, to see which check notices. */
export type Edit = { file: string; from: string; to: string };

export type Deployed = {
  graph: Graph;
  /** The `sst-env.d.ts` that the CLI wrote. */
  types: string;
  bundle(component: string): Bundle;
  /** Removes the copy it was deployed from. */
  remove(): void;
};

/** A function's code as it would be uploaded, unpacked, and the links that were encrypted into it. */
export type Bundle = { dir: string; links: Record<string, Record<string, Value>> };

/**
 * Runs the genuine `sst deploy` of a copy of this project against nothing. Real are the CLI, SST's components, the bundling of
 * the handlers, the encryption of what is linked to them and the console's build; stand-ins are the `pulumi` executable (engine.ts)
 * and AWS (aws.ts).
 */
export async function deploy(options: { stage: string; edits?: readonly Edit[]; env?: Record<string, string> }): Promise<Deployed> {
  if (!hasPlatform(project)) throw new Error("The SST platform is not installed: run `npm run platform`.");
  const root = copyOf(options.edits ?? []);
  const bundles = new Map<string, Bundle>();
  const remove = () => {
    for (const path of [root, ...[...bundles.values()].map(({ dir }) => dir)]) rmSync(path, { recursive: true, force: true });
  };
  try {
    const graph = await run(root, options);
    const bundle = (component: string) => {
      const found = bundles.get(component) ?? bundleOf(root, component);
      bundles.set(component, found);
      return found;
    };
    return { graph, types: readFileSync(join(root, "sst-env.d.ts"), "utf8"), bundle, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function copyOf(edits: readonly Edit[]): string {
  const root = mkdtempSync(join(tmpdir(), "tether-deploy-"));
  const copy = (path: string) => cpSync(join(project, path), join(root, path), { recursive: true });
  copy("sst.config.ts");
  copy("package.json");
  for (const path of ["release", "pack/package.ts", "docs", "LICENSE"]) copy(path);
  cpSync(join(project, "infra"), join(root, "infra"), { recursive: true, filter: (path) => !path.startsWith(join(project, "infra/test")) });
  for (const name of readdirSync(join(project, "packages"))) {
    const parts = ["package.json", "src", "index.html", "vite.config.ts", "SPEC.md", "schema", "golden", "vectors", "transcript"].map(
      (part) => `packages/${name}/${part}`,
    );
    for (const part of parts) if (existsSync(join(project, part))) copy(part);
  }
  mkdirSync(join(root, ".sst"));
  for (const path of ["node_modules", ".sst/platform", ".sst/provider-lock.json"]) symlinkSync(join(project, path), join(root, path));
  for (const { file, from, to } of edits) {
    const source = readFileSync(join(root, file), "utf8");
    if (!source.includes(from)) throw new Error(`${file} does not say ${from}`);
    writeFileSync(join(root, file), source.replaceAll(from, to));
  }
  return root;
}

/** Where no test must ever reach: the values a deployer sets by `sst secret`. */
export const secrets = {
  TicketKeys: `k1:${Buffer.alloc(32, 1).toString("base64url")}`,
  ControlKeys: `k1:${Buffer.alloc(32, 2).toString("base64url")}`,
};

/** The key that CloudFront shows the gateways; it must stand in CloudFront's configuration. */
export const edgeKeys = "newest-key-of-the-edge-1,older-key-of-the-edge-22";

/** The key that a home cell shows the others. */
export const cellKeys = "newest-key-of-the-cells-1";

async function run(root: string, { stage, env = {} }: { stage: string; env?: Record<string, string> }): Promise<Graph> {
  const work = mkdtempSync(join(tmpdir(), "tether-sst-"));
  const [pulumi, graph] = [join(work, "sst/bin/pulumi"), join(work, "graph.json")];
  mkdirSync(dirname(pulumi), { recursive: true });
  const engine = join(import.meta.dirname, "engine.ts");
  writeFileSync(pulumi, `#!/bin/sh\nexec "${process.execPath}" "${engine}" "$@"\n`, { mode: 0o755 });
  const aws = await startAws();
  const fixed = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
    HOME: work,
    XDG_CONFIG_HOME: work,
    TMPDIR: work,
    SST_ENGINE_GRAPH: graph,
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_NO_BUN: "1",
    DO_NOT_TRACK: "1",
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    SST_SECRET_EdgeKeys: edgeKeys,
    SST_SECRET_CellKeys: cellKeys,
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`SST_SECRET_${name}`, value])),
  };
  try {
    const said = await new Promise<string>((resolve) => {
      const args = ["deploy", "--stage", stage, "--print-logs"];
      const limits = { timeout: 180_000, maxBuffer: 1 << 26 };
      execFile(join(root, "node_modules/.bin/sst"), args, { cwd: root, env: { ...env, ...fixed }, ...limits }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
    // The CLI says all is well even if the engine failed: only the graph counts.
    if (existsSync(graph)) return JSON.parse(readFileSync(graph, "utf8"));
    const log = join(root, ".sst/log/pulumi.err.log");
    throw new Error(
      `sst deploy failed:\n${said.replace(/^time=\S* level=INFO .*\n/gm, "")}${existsSync(log) ? readFileSync(log, "utf8") : ""}`,
    );
  } finally {
    aws.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Unpacks a function's archive away from the project, whose packages it must not find. Links are sealed by AES-256-GCM with a key that the stand-in made. */
function bundleOf(root: string, component: string): Bundle {
  const dir = mkdtempSync(join(tmpdir(), "tether-lambda-"));
  unzip(join(root, ".sst/artifacts", component, "code.zip"), dir);
  const sealed = readFileSync(join(dir, "resource.enc"));
  const cipher = createDecipheriv("aes-256-gcm", Buffer.alloc(32, 7), Buffer.alloc(12)).setAuthTag(sealed.subarray(-16));
  return { dir, links: JSON.parse(Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]).toString()) };
}
