import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { engineBinary } from "./binary.ts";
import { type PidFile, pidFile } from "./pid-file.ts";
import { freePort } from "./port.ts";
import { untilAnswers } from "./ready.ts";

export interface Engine {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process is gone. What was committed stays in the data directory. */
  stop(): Promise<void>;
}

/** Without `dataDir` all is kept in memory. `clock` is the real one. */
export type EngineOptions = { clock: Clock; dataDir?: string; startMs?: number };

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

/** Keeps the newest of what the engine says, for the error when it does not start. */
function lastWords(child: ChildProcess): () => string {
  let said = "";
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-1_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return () => said.trim();
}

function run(options: EngineOptions, port: number): { child: ChildProcess; said: () => string } {
  const data = options.dataDir === undefined ? [] : ["--db-path", join(options.dataDir, "dynamodb.sqlite")];
  const args = ["serve", "--host", "127.0.0.1", "--port", String(port), ...data];
  const child = spawn(engineBinary(process.platform, process.arch), args, { stdio: ["ignore", "pipe", "pipe"] });
  return { child, said: lastWords(child) };
}

function openPidFile(dataDir: string | undefined): PidFile | undefined {
  if (dataDir === undefined) return undefined;
  mkdirSync(dataDir, { recursive: true });
  const file = pidFile(dataDir);
  file.endLeftover();
  return file;
}

/** Starts the DynamoDB engine and waits until it answers. It ends with this process. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const file = openPidFile(options.dataDir);
  const port = await freePort();
  const { child, said } = run(options, port);
  const url = `http://127.0.0.1:${port}`;
  const kill = () => void child.kill("SIGKILL");
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = error.message;
  });
  child.once("exit", (code) => {
    failure = `it ended with code ${code}${said() ? `, saying “${said()}”` : ""}`;
  });
  process.once("exit", kill);

  async function stop(): Promise<void> {
    process.off("exit", kill);
    kill();
    await ended(child);
    file?.remove();
  }

  try {
    await untilAnswers(options.clock, url, options.startMs ?? 20_000, () => failure);
    if (child.pid === undefined) throw new Error("The DynamoDB engine has no process id.");
    file?.write(child.pid);
    return { url, pid: child.pid, stop };
  } catch (error) {
    if (child.pid !== undefined) await stop();
    throw error;
  }
}
