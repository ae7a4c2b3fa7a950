import { builtinModules } from "node:module";
import { posix } from "node:path";
import { importsOf } from "./import.ts";
import { type File, isCode } from "./tree.ts";

type Rule = {
  /** Packages of ours it may import and depend on. */
  readonly ours: readonly string[];
  /** Everything else it may import; without the list, whatever its package.json declares and all of Node. */
  readonly others?: readonly string[];
  /** What only one folder of its sources may import beside them, by module. */
  readonly within?: Readonly<Record<string, string>>;
};

/** protocol ← core ← aws ← {api, broker} ← local, protocol ← sdk ← {program, console, local}, and program ← {agent, cli}, which are command-line programs. `local` runs the reference robot of `agent` and serves the console as it says. */
export const packages: Readonly<Record<string, Rule>> = {
  protocol: { ours: [], others: ["zod"] },
  core: { ours: ["protocol"], others: ["electrodb", "ulid", "@aws-sdk/lib-dynamodb", "node:crypto", "zod"] },
  aws: { ours: ["core", "protocol"] },
  api: { ours: ["aws", "core", "protocol"] },
  broker: { ours: ["aws", "core", "protocol"] },
  sdk: { ours: ["protocol"], others: [], within: { react: "src/react/" } },
  program: { ours: ["sdk"] },
  agent: { ours: ["program", "sdk", "protocol"] },
  cli: { ours: ["program", "sdk", "protocol"] },
  console: { ours: ["sdk", "protocol"] },
  local: { ours: ["agent", "console", "core", "aws", "api", "broker", "program", "sdk", "protocol"] },
};

/** Files of packages that folders outside of them may import by relative path; the infrastructure's tests run what was built on the engine. */
export const shared: Readonly<Record<string, readonly string[]>> = {
  infra: [
    "packages/protocol/src/limits.ts",
    "packages/console/src/config.ts",
    "packages/console/src/serving.ts",
    "packages/core/src/store/table.ts",
    "packages/core/src/store/index.ts",
    "packages/aws/src/dynamo.ts",
    "packages/aws/src/metric.ts",
    "packages/local/src/clock/real.ts",
    "packages/local/src/engine/engine.ts",
    "packages/local/src/measure/markdown.ts",
    "packages/local/src/measure/reconnect.ts",
    "packages/local/src/table.ts",
  ],
  check: ["packages/protocol/src/problem.ts", "packages/protocol/src/cause.ts"],
};

/** Files of the infrastructure that a package may import by relative path: what is set there is told nowhere else. */
export const settings: Readonly<Record<string, readonly string[]>> = {
  cli: ["infra/lifetime.ts"],
  local: ["infra/identity-source.ts", "infra/lifetime.ts"],
};

/** Files that may import what is computed, and why. */
export const loaders: Readonly<Record<string, string>> = {
  "packages/agent/src/driver/host/main.ts": "loads the driver that the robot's owner named",
};

type Manifest = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
};

/** Imports and dependencies that go against the tree. */
export function edge(files: readonly File[], rules = packages): string[] {
  const manifests = new Map(
    files
      .filter(({ path }) => /^packages\/[^/]+\/package\.json$/.test(path))
      .map(({ path, text }) => [path.split("/")[1] ?? "", JSON.parse(text) as Manifest] as const),
  );
  return [
    ...[...manifests].flatMap(([name, manifest]) => dependencies(name, manifest, rules)),
    ...files.filter(({ path }) => isCode(path)).flatMap((file) => imports(file, manifests, rules)),
  ];
}

function dependencies(name: string, manifest: Manifest, rules: Readonly<Record<string, Rule>>): string[] {
  const path = `packages/${name}/package.json`;
  const rule = rules[name];
  if (rule === undefined) return [`${path} is of a package that check/edge.ts has no rule for.`];
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter((dependency) => !allowed(rule, dependency.replace(/^@types\//, "")) && rule.within?.[dependency] === undefined)
    .map((dependency) => `${path} depends on ${dependency}, which ${name} may not.`);
}

function allowed({ ours, others }: Rule, module: string): boolean {
  const own = /^@tether\/([^/]+)/.exec(module)?.[1];
  return own !== undefined ? ours.includes(own) : others === undefined || others.includes(module);
}

type Home = { readonly path: string; readonly top: string; readonly name: string; readonly isSource: boolean };

function imports({ path, text }: File, manifests: ReadonlyMap<string, Manifest>, rules: Readonly<Record<string, Rule>>): string[] {
  const [top = "", name = "", side] = path.split("/");
  const home = { path, top, name, isSource: top === "packages" && side === "src" };
  return importsOf(text).flatMap(({ name: module, line }) => {
    const why = refusal(home, module, rules[name], manifests.get(name));
    return why === undefined ? [] : [`${path}:${line} imports ${module ?? "what is computed"}, which ${why}.`];
  });
}

/** Tests may import any package, by its name. */
function refusal(home: Home, module: string | undefined, rule: Rule | undefined, manifest: Manifest | undefined): string | undefined {
  if (module === undefined) return home.isSource && loaders[home.path] === undefined ? "cannot be checked" : undefined;
  if (module.startsWith(".")) return strays(home, module);
  if (home.top !== "packages") return module.startsWith("@tether/") ? `${home.top} may not` : undefined;
  if (!home.isSource || rule === undefined) return undefined;
  const root = rootOf(module);
  const folder = rule.within?.[root];
  const isWithin = folder !== undefined && home.path.startsWith(`packages/${home.name}/${folder}`);
  if (!allowed(rule, root) && !isWithin) return `${home.name} may not`;
  return root.startsWith("node:") || declares(manifest, root) ? undefined : "its package.json does not declare";
}

function strays({ path, top, name, isSource }: Home, module: string): string | undefined {
  const target = posix.join(posix.dirname(path), module);
  if (isSource && settings[name]?.includes(target)) return undefined;
  if (isSource) return target.startsWith(`packages/${name}/src/`) ? undefined : `is outside of packages/${name}/src`;
  const reaches = target.startsWith("packages/") && top !== "packages";
  return reaches && !shared[top]?.includes(target) ? `${top} may not` : undefined;
}

/** `zod/mini` → `zod`, `@tether/core/ticket` → `@tether/core`, `fs/promises` → `node:fs`. */
function rootOf(module: string): string {
  const bare = module.replace(/^node:/, "");
  const [scope = "", name] = bare.split("/");
  if (module.startsWith("node:") || builtinModules.includes(scope)) return `node:${scope}`;
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

function declares(manifest: Manifest | undefined, root: string): boolean {
  const types = `@types/${root.replace(/^@([^/]+)\//, "$1__")}`;
  return [root, types].some((name) => manifest?.dependencies?.[name] ?? manifest?.peerDependencies?.[name]);
}
