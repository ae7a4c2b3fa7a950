import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { one, types, variablesOf } from "../test/reading.ts";
import { type Deployed, project } from "../test/stand-in/deploy.ts";
import { type Compared, compare, importTime, type Module } from "./process.ts";

export type Measured = { readonly name: string; readonly kilobytes: number; readonly wallMs: Compared; readonly cpuMs: Compared };

export const account = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** The floor as esbuild bundles it for Node when it is told nothing else. */
export function buildFloor(): string {
  const outfile = join(mkdtempSync(join(tmpdir(), "tether-floor-")), "floor.cjs");
  buildSync({
    entryPoints: [join(project, "infra/bench/floor.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    logLevel: "error",
  });
  return outfile;
}

export function moduleOf(deployed: Deployed, name: string): Module {
  const { dir } = deployed.bundle(name);
  const file = readdirSync(dir).find((path) => /^bundle\.[cm]?js$/.test(path));
  if (file === undefined) throw new Error(`${name} has no bundle.`);
  return { name, file: join(dir, file), env: { ...variablesOf(one(deployed.graph, types.fn, `${name}Function`)), ...account } };
}

const rounds = 15;

/** Size and start-up of every Lambda as it would be deployed, and of the floor, which comes first. */
export async function measureBundles(deployed: Deployed, floor: string): Promise<Measured[]> {
  const modules: Module[] = [
    { name: "floor", file: floor, env: { ...account, MANAGEMENT_ENDPOINT: "http://127.0.0.1" } },
    ...["Authorizer", "BrokerHandler", "ApiHandler", "Sweeper"].map((name) => moduleOf(deployed, name)),
  ];
  const times = await compare(
    modules.map((module) => () => importTime(module)),
    rounds,
  );
  return times.map(({ wall, cpu }, index) => {
    const { name, file } = modules[index] as Module;
    return { name, kilobytes: statSync(file).size / 1024, wallMs: wall, cpuMs: cpu };
  });
}
