import { fork } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle } from "./deploy.ts";

type Answer = { id?: number; ready?: true; result?: unknown; error?: string; peakKB?: number };

export interface Lambda {
  invoke(event: object): Promise<Answer>;
  /** The most memory its process held so far, in MB. */
  peakMB(): number;
  /** The lines that the Lambda wrote to its log so far. */
  lines(): Record<string, unknown>[];
  stop(): void;
}

/** Runs a function's bundle as Lambda would, in a process of its own with nothing but the given environment. */
export async function startLambda(bundle: Bundle, handler: string, env: Record<string, string>): Promise<Lambda> {
  const [stem = "", name = ""] = handler.split(".");
  const file = readdirSync(bundle.dir).find((path) => path === `${stem}.mjs` || path === `${stem}.js` || path === `${stem}.cjs`);
  if (file === undefined) throw new Error(`${bundle.dir} has no ${stem}.`);
  const runtime = join(import.meta.dirname, "runtime.ts");
  const child = fork(runtime, [file, name], { cwd: bundle.dir, env, execArgv: [], stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let written = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    written += chunk.toString();
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let peakKB = 0;
  const ready = new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the handler's process ended with code ${code}`)));
    child.on("message", (answer: Answer) => {
      peakKB = answer.peakKB ?? peakKB;
      if (answer.ready) resolve();
      else waiting.get(answer.id ?? 0)?.(answer);
    });
  });
  await ready;
  return {
    invoke(event) {
      const id = waiting.size + 1;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, event });
      });
    },
    peakMB: () => peakKB / 1_024,
    lines: () => written.split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line))),
    stop: () => void child.kill(),
  };
}

/** Seals other links into a bundle: those that name an address on this machine. */
export function relink(bundle: Bundle, links: Record<string, object>): void {
  const all = Object.fromEntries(Object.entries(bundle.links).map(([name, link]) => [name, { ...link, ...links[name] }]));
  const cipher = createCipheriv("aes-256-gcm", Buffer.alloc(32, 7), Buffer.alloc(12));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(all)), cipher.final()]);
  writeFileSync(join(bundle.dir, "resource.enc"), Buffer.concat([sealed, cipher.getAuthTag()]));
}
