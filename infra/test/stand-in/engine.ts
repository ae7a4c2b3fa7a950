/**
 * Takes the place of the `pulumi` executable for SST's CLI: runs the program that the CLI bundled from `sst.config.ts`, notes
 * every resource it registers, answers with what AWS might, and leaves behind the state that the CLI expects.
 */
import { execFileSync } from "node:child_process";
import crypto from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { outputsOf, readDataSource } from "./account.ts";
import type { Graph, Resource, Value } from "./graph.ts";
import { plainFields } from "./wire.ts";

type Struct = { toJavaScript(): unknown } | undefined;
type Request = {
  getType(): string;
  getName(): string;
  getParent(): string;
  getUrn(): string;
  getId(): string;
  getCustom(): boolean;
  getRetainondelete(): boolean;
  getProperties(): Struct;
  getObject(): Struct;
  getOutputs(): Struct;
  getAdditionalsecretoutputsList(): string[];
};
type Method = (request: Request, callback: unknown) => unknown;
type Monitor = { newUrn: (parent: string | undefined, type: string, name: string) => string } & Record<
  "registerResource" | "readResource" | "registerResourceOutputs",
  Method
>;
/** The part of Pulumi's runtime that is used here; some of it is private. */
type Pulumi = {
  secret(value: unknown): unknown;
  runtime: {
    setAllConfig(config: Record<string, string>): void;
    setMocks(mocks: object, project: string, stack: string): Promise<void>;
    getMonitor(): Monitor;
    runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
  };
};

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { stack: { type: "string" }, "event-log": { type: "string" }, config: { type: "string", multiple: true } },
});
const [, app = "", stage = ""] = String(flags.stack ?? positionals[2]).split("/");
// The program changes the working directory, so this is resolved before it runs.
const stateFile = resolve(`.pulumi/stacks/${app}/${stage}.json`);

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content)}\n`);
}

function saveState(resources: object[]): void {
  const latest = { manifest: { time: new Date(0), magic: "", version: "" }, metadata: {}, resources };
  write(stateFile, { version: 3, checkpoint: { stack: `organization/${app}/${stage}`, latest } });
}

function configOf(given: unknown): Record<string, string> {
  const pairs = Array.isArray(given) ? given.map(String) : [];
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/** Like the engine, leaves the stack out of the types: links depend on it. */
function urnOf(parent: string | undefined, type: string, name: string): string {
  const types = parent?.split("::")[2];
  return `urn:pulumi:${stage}::${app}::${types && types !== "pulumi:pulumi:Stack" ? `${types}$` : ""}${type}::${name}`;
}

async function up(): Promise<void> {
  const main = /^main: (.*)$/m.exec(readFileSync("Pulumi.yaml", "utf8"))?.[1];
  if (main === undefined) throw new Error("Pulumi.yaml names no program.");
  const require = createRequire(main);
  const pulumi: Pulumi = require("@pulumi/pulumi"); // the very copy that the components use
  const graph: Graph = { app, stage, resources: [], outputs: {} };
  const registered: Record<string, Record<string, Value>> = {};

  // Physical names end in random characters.
  crypto.randomBytes = ((size: number) => Buffer.alloc(size, 7)) as typeof crypto.randomBytes;
  pulumi.runtime.setAllConfig(configOf(flags.config));
  let answer: { id: string; state: Record<string, unknown> } = { id: "", state: {} };
  await pulumi.runtime.setMocks({ newResource: () => answer, call: readDataSource }, app, stage);
  const monitor = pulumi.runtime.getMonitor();
  monitor.newUrn = urnOf;

  for (const method of ["registerResource", "readResource"] as const) {
    const original = monitor[method].bind(monitor);
    monitor[method] = (request, callback) => {
      const resource = note(request, method === "readResource");
      graph.resources.push(resource);
      if (resource.type === "command:local:Command") runCommand(resource);
      const asks = resource.read || request.getCustom();
      const { id, ...state }: { id: string } & Record<string, unknown> = asks
        ? outputsOf(resource.type, resource.name, resource.inputs, resource.read ? request.getId() : undefined)
        : { id: "" };
      for (const key of request.getAdditionalsecretoutputsList()) if (key in state) state[key] = pulumi.secret(state[key]);
      answer = { id, state };
      return original(request, callback);
    };
  }
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    registered[request.getUrn()] = plainFields(request.getOutputs()?.toJavaScript());
    return registerOutputs(request, callback);
  };

  let isOver = false;
  // Resources are also made in callbacks: it is over when nothing is pending any more.
  process.once("beforeExit", () => {
    if (!isOver) throw new Error("run() in sst.config.ts never finished");
    const [leaked, message]: [Set<unknown>, string] = require("@pulumi/pulumi/runtime/debuggable").leakedPromises();
    if (leaked.size > 0) throw new Error(message);
    finish(graph, registered);
  });
  await pulumi.runtime.runInPulumiStack(async () => (await import(pathToFileURL(main).href)).default);
  isOver = true;
}

/** The work of Pulumi's command provider when such a resource is created: a site's build. */
function runCommand({ inputs: { create, dir, environment } }: Resource): void {
  const env = { ...process.env, ...(environment as Record<string, string>) };
  execFileSync("/bin/sh", ["-c", String(create)], { cwd: String(dir), env, stdio: ["ignore", "ignore", "inherit"] });
}

function note(request: Request, read: boolean): Resource {
  const [type, name, parent] = [request.getType(), request.getName(), request.getParent() || undefined];
  const secrets: string[] = [];
  const { __provider, ...inputs } = plainFields((read ? request.getProperties() : request.getObject())?.toJavaScript(), secrets);
  const urn = urnOf(parent, type, name);
  return { type, name, urn, parent, read, inputs, secrets, retainOnDelete: !read && request.getRetainondelete() };
}

function finish(graph: Graph, registered: Record<string, Record<string, Value>>): void {
  graph.resources.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const isStack = ({ type }: Resource) => type === "pulumi:pulumi:Stack";
  graph.outputs = registered[graph.resources.find(isStack)?.urn ?? ""] ?? {};
  // Components hold the links.
  const components = graph.resources.filter((resource) => isStack(resource) || resource.type.startsWith("sst:"));
  saveState(components.map(({ urn, type, parent }) => ({ urn, type, custom: false, inputs: {}, outputs: registered[urn] ?? {}, parent })));
  const summaryEvent = { maybeCorrupt: false, durationSeconds: 0, resourceChanges: {}, policyPacks: {} };
  write(String(flags["event-log"]), { sequence: 1, timestamp: 1, summaryEvent });
  write(process.env.SST_ENGINE_GRAPH ?? "", graph);
}

if (positionals.join(" ").startsWith("stack init")) saveState([]);
else if (positionals[0] === "up") await up();
else throw new Error(`Unexpected: pulumi ${process.argv.slice(2).join(" ")}`);
