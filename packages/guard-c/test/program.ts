import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export type Told = { readonly hook: string; readonly [field: string]: unknown };
export type Standing = { readonly phase: string; readonly due: number | null; readonly keys: number };

/** A guard in a process of its own: each call is answered with what it did, and how it stands afterwards. */
export function startGuard(path: string) {
  const child = spawn(path, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let standing: Standing = { phase: "idle", due: null, keys: 0 };
  return {
    async call(call: object): Promise<Told[]> {
      child.stdin.write(`${JSON.stringify(call)}\n`);
      const told: Told[] = [];
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`The guard ended at ${JSON.stringify(call).slice(0, 500)}.`);
        const line = JSON.parse(value) as Told | Standing;
        if (!("hook" in line)) {
          standing = line;
          return told;
        }
        told.push(line);
      }
    },
    standing: () => standing,
    async end(): Promise<void> {
      child.stdin.end();
      await ended;
    },
  };
}

export type GuardProgram = ReturnType<typeof startGuard>;
