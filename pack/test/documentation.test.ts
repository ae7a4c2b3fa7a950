import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "@tether/agent/config";
import { parse } from "@tether/agent/driver/lines/message";
import { disk } from "@tether/program/disk";
import { transform } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { blocks } from "../block.ts";
import { clearWork, root, workFolder } from "../package.ts";

/** The surroundings of a block of code in an application, by name: the test puts before a block what it uses and does not bring. */
const surroundings: Readonly<Record<string, string>> = {
  attach: `import { attach } from "@tether/sdk/client";`,
  blocks: `import { blocks } from "@tether/sdk/client";`,
  Platform: `import type { Platform } from "@tether/sdk/client";`,
  SocketLike: `import type { SocketLike } from "@tether/sdk/client";`,
  follow: `import { follow } from "@tether/sdk/peer";`,
  useCallback: `import { useCallback } from "react";`,
  WebSocket: `import { WebSocket } from "ws";`,
  api: `const api: string = "https://api.example.org";`,
  robot: `const robot: string = "rob_01J00000000000000000000000";`,
  idToken: `declare const idToken: string;`,
  token: `const token = async (): Promise<string> => "token";`,
  resume: `declare const resume: { load(): string | undefined; save(id: string | undefined): void };`,
  signIn: `declare const signIn: { token(): Promise<string> };`,
  key: `declare const key: import("@tether/sdk/robot").PrivateKey;`,
  connect: `const connect = () => new RTCPeerConnection();`,
  show: `declare function show(...words: unknown[]): void;`,
  log: `declare function log(...words: unknown[]): void;`,
  enable: `declare function enable(can: boolean, why: string | undefined): void;`,
  wheels: `declare const wheels: { set(command: unknown): void; stop(): Promise<void> };`,
  linear: `declare const linear: number;`,
  angular: `declare const angular: number;`,
};

const sessions = {
  client: `declare const session: import("@tether/sdk/client").ClientSession;`,
  robot: `declare const session: import("@tether/sdk/robot").RobotSession;`,
};

/** The names that a block imports or declares itself. */
function namesIn(code: string): ReadonlySet<string> {
  const lists = [...code.matchAll(/(?:import(?: type)?|const) \{([^}]*)\}/g)].flatMap(([, list = ""]) => list.split(","));
  const single = [...code.matchAll(/(?:const|let|function|class) (\w+)/g)].map(([, name = ""]) => name);
  return new Set([...lists.map((name) => name.trim().replace(/^type /, "")), ...single]);
}

function surrounded(code: string): string {
  const own = namesIn(code);
  const lacks = (name: string) => !own.has(name) && new RegExp(`(?<![.\\w/"-])${name}\\b`).test(code);
  const before = Object.entries(surroundings).flatMap(([name, line]) => (lacks(name) ? [line] : []));
  if (lacks("session")) before.push(sessions[code.includes("of serve") ? "robot" : "client"]);
  return `${[...before, "export {};"].join("\n")}\n${code}`;
}

test("the TypeScript of the README, the documents and the packages' READMEs compiles", () => {
  const folder = workFolder("documentation");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  onTestFinished(clearWork);
  const files = blocks.flatMap(({ document, line, language, code }) => {
    if (!/^tsx?$/.test(language)) return [];
    const name = `${document.replaceAll(/[/.]/g, "-")}-${line}.${language}`;
    writeFileSync(join(folder, name), surrounded(code));
    return [name];
  });
  expect(files.length).toBeGreaterThanOrEqual(11);
  writeFileSync(join(folder, "styles.d.ts"), `declare module "*.css";\n`);
  const compilerOptions = {
    lib: ["es2024", "dom", "dom.iterable"],
    types: ["node"],
    jsx: "react-jsx",
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const config = { extends: join(root, "tsconfig.base.json"), compilerOptions, files: [...files, "styles.d.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [join(root, "node_modules/.bin/tsc"), "-p", folder, "--pretty", "false"], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

/** How a block of each language is tried. Text is a drawing or what something prints, and is nothing to be tried. */
const tried: Readonly<Record<string, string>> = {
  ts: "compiled above",
  tsx: "compiled above",
  sh: "each command is read in command.test.ts; those with which a robot is set up are run by the installer's test",
  console: "as sh",
  python: "driven by packages/agent/test/driver/python.machine.test.ts",
  c: "compiled by readme.machine.test.ts of packages/guard-c and packages/session-c",
  json: "read below, by what reads it in earnest",
  html: "read below",
  css: "read below",
  text: "",
};

test("each block of code says its language, and each language is tried", () => {
  expect(blocks.filter(({ language }) => !(language in tried)).map(({ document, line }) => `${document}:${line}`)).toEqual([]);
});

const inLanguage = (language: string) => blocks.flatMap((block) => (block.language === language ? [block] : []));

test.each(inLanguage("json"))("the JSON of $document:$line is a robot's settings or a line of its driver's", async ({ code }) => {
  const value: unknown = JSON.parse(code);
  if (typeof value === "object" && value !== null && "type" in value) {
    expect(parse(JSON.stringify(value))).toMatchObject(value);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "tether-document-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "robot.json"), code);
  const env = { files: disk, variables: {}, home: folder };
  expect(await readConfig(env, {}, join(folder, "robot.json"))).not.toHaveProperty("exit");
});

test.each([...inLanguage("css"), ...inLanguage("html")])("the $language of $document:$line is whole", async ({ language, code }) => {
  if (language === "css") {
    expect((await transform(code, { loader: "css", logLevel: "silent" })).warnings).toEqual([]);
    return;
  }
  const scripts = [...code.matchAll(/<script type="module"[^>]*>(.*?)<\/script>/gs)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, script = ""] of scripts) expect((await transform(script, { format: "esm", logLevel: "silent" })).warnings).toEqual([]);
});
