import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect } from "vitest";
import { buildProgram } from "./build.ts";

export type Told = { readonly hook: string; readonly [field: string]: unknown };

/** The program `answer`: each call is answered with what it told. */
function startProgram(path: string) {
  const child = spawn(path, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async call(call: object): Promise<Told[]> {
      child.stdin.write(`${JSON.stringify(call)}\n`);
      const told: Told[] = [];
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`The program ended at ${JSON.stringify(call).slice(0, 500)}.`);
        if (value === "") return told;
        told.push(JSON.parse(value));
      }
    },
    /** Answers its status: not 0 where it lost memory. */
    async end(): Promise<number> {
      child.stdin.end();
      const [status] = await ended;
      return Number(status);
    },
  };
}

/** Builds and starts the program for the tests of a file, and ends it after them. It must have lost no memory. */
export function useProgram(): Pick<ReturnType<typeof startProgram>, "call"> {
  let program: ReturnType<typeof startProgram>;
  let remove = () => {};
  beforeAll(async () => {
    const built = await buildProgram("answer");
    remove = built.remove;
    program = startProgram(built.path);
  });
  afterAll(async () => {
    expect(await program.end()).toBe(0);
    remove();
  });
  return { call: (call) => program.call(call) };
}
