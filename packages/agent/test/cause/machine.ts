import type { Files } from "@tether/program/files";
import { causes } from "@tether/protocol/cause";
import type { RobotId } from "@tether/protocol/id";
import type { Driver, Ended } from "../../src/driver/driver.ts";
import { observer } from "../../src/observer.ts";
import { program } from "../../src/program.ts";
import { createMemoryDisk } from "../memory-disk.ts";
import { reachable } from "../reachable.ts";
import { createLine, type Process, startProcess } from "./process.ts";
import { second, type Town } from "./town.ts";

const folder = "/state";

/** The service manager starts an agent that failed again after this time, in ms. */
const restartMs = 5 * second;

type Told = { readonly event?: string; readonly status?: string; readonly session?: string; readonly code?: string };
type Note = { readonly path: string; readonly text: string };

/** An agent that runs. */
type Run = {
  readonly process: Process;
  readonly stop: AbortController;
  readonly over: Promise<number>;
  /** Releases the kernel's locks, as the end of a process does. */
  readonly release: () => void;
  /** The files that the process, or its supervisor, writes in its last moment. */
  crashNote: Note | undefined;
  hangNote: Note | undefined;
  endDriver: (how: Ended) => void;
  told: Told;
  /** The codes of the troubles that it printed. */
  readonly said: string[];
};

/** A robot's computer: its disk outlives its runs, and its service manager starts the real agent program. */
export type Machine = ReturnType<typeof createMachine>;

export function createMachine(town: Town, robot: RobotId, disk = createMemoryDisk()) {
  const { world } = town;
  const line = createLine();
  let boot = 1;
  let version = 1;
  let updates = 0;
  let hasDriver = false;
  let run: Run | undefined;
  let isWanted = false;
  let exit: { readonly code: number; readonly said: readonly string[] } | undefined;

  /** The disk as one process sees it. */
  function filesOf(process: Process, held: Set<() => void>): Files {
    const step = <T>(work: () => Promise<T>): Promise<T> => (process.isAlive() ? process.living(work()) : new Promise<never>(() => {}));
    return {
      user: disk.user,
      read: (path) => step(() => disk.read(path)),
      modeOf: (path) => step(() => disk.modeOf(path)),
      makeFolder: (path) => step(() => disk.makeFolder(path)),
      create: (path, text) => step(() => disk.create(path, text)),
      flush: (path) => step(() => disk.flush(path)),
      rename: (from, to) => step(() => disk.rename(from, to)),
      remove: (path) => step(() => disk.remove(path)),
      take(path) {
        const release = disk.take(path);
        if (release) held.add(release);
        return release;
      },
    };
  }

  function driverOf(ended: Promise<Ended>): Driver {
    return {
      start: async () => {},
      command() {},
      stop: async () => {},
      telemetry: () => () => {},
      close: async () => {},
      ended,
    };
  }

  function execute(argv: readonly string[], more: { heard?: Town["heard"] } = {}): Run {
    const process = startProcess(world, line, { seed: town.another(), ...more });
    const held = new Set<() => void>();
    const stop = new AbortController();
    const driver = Promise.withResolvers<Ended>();
    const started = String(version);
    const begun: Run = {
      process,
      stop,
      release() {
        for (const release of held) release();
      },
      crashNote: undefined,
      hangNote: undefined,
      endDriver: driver.resolve,
      told: {},
      said: [],
      over: program({
        argv: [...argv, "--state", folder, "--json"],
        variables: {},
        home: "/home",
        streams: {
          out(text) {
            const told = JSON.parse(text) as Told;
            if (told.code !== undefined) begun.said.push(told.code);
            if (told.event === "state") begun.told = told;
          },
          err: () => {},
        },
        platform: process.platform,
        files: filesOf(process, held),
        process: {
          id: town.another(),
          boot: String(boot),
          version: started,
          installed: () => String(version),
          setCrashNote(note) {
            begun.crashNote = note;
          },
        },
        handleSession: observer,
        reach: reachable,
        examine: () => Promise.reject(new Error("Nothing is examined here.")),
        machine: "a machine of the test",
        openDriver(_, { watched }) {
          begun.hangNote = watched?.ifHung;
          return driverOf(driver.promise);
        },
        input: async () => "",
        stopped: stop.signal,
      }),
    };
    return begun;
  }

  function start(): void {
    isWanted = true;
    const started = execute(["run", ...(hasDriver ? ["--driver", "wheels"] : [])], { heard: town.heard });
    run = started;
    void started.over.then((code) => {
      if (run !== started) return;
      run = undefined;
      exit = { code, said: started.said };
      if (isWanted && ![0, 2, 3, 4].includes(code)) void town.pause(restartMs).then(() => isWanted && !run && start());
    });
  }

  /** The kernel closes the sockets of a dead process; a machine without power closes none. */
  function die(how: "reset" | "silence"): void {
    if (!run) return;
    const { process, release } = run;
    const session = run.told.session;
    process.kill();
    release();
    run = undefined;
    for (const { connectionId } of town.connections((claims) => claims.sessionId === session)) {
      if (how === "reset") world.system.gateway.connections.cut(connectionId);
      else world.system.gateway.connections.stall(connectionId);
    }
  }

  async function write({ path, text }: Note): Promise<void> {
    await disk.remove(path);
    await disk.create(path, text);
  }

  const isOnline = () => run?.told.status === "online" && line.isUp;
  const session = () => run?.told.session;
  const restart = () => void town.pause(restartMs).then(() => isWanted && !run && start());

  return {
    robot,
    disk,
    line,
    start,
    isOnline,
    session,
    isRunning: () => run !== undefined,
    /** The last run's exit code and troubles; undefined while the first one goes on. */
    exit: () => exit,
    said: (): readonly string[] => run?.said ?? [],
    execute: (argv: readonly string[]) => execute(argv).over,
    useDriver(use: boolean): void {
      hasDriver = use;
    },
    /** Waits until the agent is online, for a few minutes at most. */
    async online(): Promise<boolean> {
      for (let waited = 0; waited < 1_200 && !isOnline(); waited++) await town.pause(second);
      return isOnline();
    },
    /** The service is stopped, and starts again later, as another version where it was updated. */
    async stop(cause: "robot.left" | "agent.updated", downMs?: number): Promise<void> {
      const ending = run;
      if (!ending) return;
      town.ledger.end(String(session()), cause);
      isWanted = false;
      // The first installer replaces the files of an agent that runs; the second stops the agent before, and says why.
      if (cause === "agent.updated") updates += 1;
      const leavesNote = updates % 2 === 0;
      if (cause === "agent.updated" && leavesNote) await disk.create(`${folder}/updating`, "");
      if (cause === "agent.updated" && !leavesNote) version += 1;
      ending.stop.abort();
      await ending.over;
      if (cause === "agent.updated" && leavesNote) version += 1;
      if (downMs === undefined) return;
      await town.pause(downMs);
      if (!run) start();
    },
    async kill(cause: "agent.killed" | "agent.crashed" | "agent.hung"): Promise<void> {
      const dying = run;
      if (!dying) return;
      town.cut(String(session()), cause, "nothing");
      const note = cause === "agent.crashed" ? dying.crashNote : cause === "agent.hung" ? dying.hangNote : undefined;
      die("reset");
      if (note) await write(note);
      restart();
    },
    /** The machine loses its power, and everything that was not flushed. */
    async cutPower(downMs: number | undefined): Promise<void> {
      if (!run) return;
      town.cut(String(session()), "power.lost", "nothing");
      die("silence");
      disk.lose("flushed");
      boot += 1;
      if (downMs === undefined) return;
      await town.pause(downMs);
      if (!run) start();
    },
    endDriver(cause: NonNullable<Ended["cause"]> | "driver.looping"): void {
      if (!run) return;
      town.ledger.end(String(session()), cause);
      const told = cause === "driver.looping" ? "driver.ended" : cause;
      run.endDriver({ status: 3, cause: told, says: causes[told].says });
    },
    /** Turns the machine off for good at the end of a run. */
    retire(): void {
      isWanted = false;
      die("reset");
    },
  };
}
