import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../package.ts";

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
  const folder = join(root, "dist/pack/documentation");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const documents = globSync(["README.md", "docs/*.md", "packages/*/README.md"], { cwd: root });
  const files = documents.flatMap((document) =>
    [...readFileSync(join(root, document), "utf8").matchAll(/^```(tsx?)\n(.*?)^```$/gms)].map(([, kind, code = ""], index) => {
      const name = `${document.replaceAll(/[/.]/g, "-")}-${index + 1}.${kind}`;
      writeFileSync(join(folder, name), surrounded(code));
      return name;
    }),
  );
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
