import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { engineBinary } from "./binary.ts";
import { type PidFile, pidFile } from "./pid-file.ts";
import { freePort } from "./port.ts";
import { untilAnswers } from "./ready.ts";

export interface Engine {
  readonly url: string;
  readonly pid: number;
  /** Resolves, with what is known of it, when the engine ends though nobody stopped it. */
  readonly died: Promise<string>;
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

const databaseIn = (dataDir: string) => join(dataDir, "dynamodb.sqlite");

/** SQLite gives its journals the database's mode, so that one is set before the engine opens it. */
function keepPrivate(database: string): void {
  closeSync(openSync(database, "a", 0o600));
  for (const file of [database, `${database}-wal`, `${database}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
}

function run(options: EngineOptions, port: number): { child: ChildProcess; said: () => string } {
  const data = options.dataDir === undefined ? [] : ["--db-path", databaseIn(options.dataDir)];
  const args = ["serve", "--host", "127.0.0.1", "--port", String(port), ...data];
  const child = spawn(engineBinary(process.platform, process.arch), args, { stdio: ["ignore", "pipe", "pipe"] });
  return { child, said: lastWords(child) };
}

function openPidFile(dataDir: string | undefined): PidFile | undefined {
  if (dataDir === undefined) return undefined;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = pidFile(dataDir);
  file.endLeftover();
  keepPrivate(databaseIn(dataDir));
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
  let stopping = false;
  child.once("error", (error) => {
    failure = error.message;
  });
  const died = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      const how = code === null ? `by ${signal}` : `with code ${code}`;
      failure = `it ended ${how}${said() ? `, saying “${said()}”` : ""}`;
      if (!stopping) resolve(`The DynamoDB engine is gone: ${failure}.`);
    });
  });
  process.once("exit", kill);

  async function stop(): Promise<void> {
    stopping = true;
    process.off("exit", kill);
    kill();
    await ended(child);
    file?.remove();
  }

  try {
    await untilAnswers(options.clock, url, options.startMs ?? 20_000, () => failure);
    if (child.pid === undefined) throw new Error("The DynamoDB engine has no process id.");
    file?.write(child.pid);
    return { url, pid: child.pid, died, stop };
  } catch (error) {
    if (child.pid !== undefined) await stop();
    if (options.dataDir === undefined || !(error instanceof Error)) throw error;
    const remedy = `If ${databaseIn(options.dataDir)} is damaged, put a copy of it back, or move it away to start with an empty table.`;
    throw new Error(`${error.message} ${remedy}`);
  }
}
