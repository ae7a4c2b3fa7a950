import type { StopReason } from "@tether/protocol/control";
import type { Clock } from "@tether/sdk/clock";
import type { Driver, Frame } from "../driver.ts";
import { ToProgram } from "../lines/message.ts";

/** The pause before a stop that failed is repeated, in ms. */
const retryMs = 100;
/** A moving robot is stopped after this silence, in ms: agent and supervisor hang. */
const silentMs = 1_500;

type Env = {
  readonly clock: Clock;
  readonly driver: Driver;
  /** Sends a line to the agent. */
  readonly say: (message: object) => void;
  readonly show: (frame: Frame) => void;
};

/** Runs a driver module by the same messages that a driver program gets. */
export function createHost({ clock, driver, say, show }: Env) {
  let heardAt = clock.now();
  /** Until when the robot may slow down without a word: nothing is sent meanwhile. */
  let slowUntil = heardAt;
  let moves = false;
  let subscriptions: (() => void)[] = [];
  let ending: Promise<void> | undefined;

  async function stop(reason: StopReason): Promise<void> {
    for (;;) {
      try {
        await driver.stop(reason);
        moves = false;
        return;
      } catch (error) {
        say({ type: "log", says: `The driver could not stop: ${wordsOf(error)}` });
        await new Promise<void>((resolve) => clock.after(retryMs, resolve));
      }
    }
  }

  function watch(): void {
    clock.after(silentMs / 5, () => {
      if (ending) return;
      if (moves && clock.now() - Math.max(heardAt, slowUntil) >= silentMs) void stop("driver.failed");
      watch();
    });
  }
  watch();

  function obey({ id, command, epoch, ageMs, limit, blindMs }: Extract<ToProgram, { type: "command" }>): void {
    carryOut(id, () => driver.command(command, { epoch, ageMs, limit, blindMs }));
  }

  function carryOut(id: number, run: () => void): void {
    try {
      moves = true;
      run();
      say({ type: "done", id });
    } catch (error) {
      void stop("driver.failed");
      say({ type: "failed", id, says: wordsOf(error) });
    }
  }

  function press({ id, button, epoch, ageMs }: Extract<ToProgram, { type: "press" }>): void {
    carryOut(id, () => driver.press?.(button, { epoch, ageMs, limit: 1 }));
  }

  function setViewed(isWatched: boolean): void {
    for (const end of subscriptions) end();
    subscriptions = isWatched ? [driver.telemetry((telemetry) => say({ type: "telemetry", telemetry }))] : [];
    const filming = isWatched && driver.video?.(show);
    if (filming) subscriptions.push(filming);
  }

  async function start(): Promise<void> {
    await driver.start();
    const { limits, manoeuvre, declaration: robot } = driver;
    if (!limits && !manoeuvre && !robot) return;
    const { slow, stop: stopping, safe } = manoeuvre ?? {};
    say({ type: "declare", limits, stages: { slow: slow?.withinMs, stop: stopping?.withinMs, safe: safe?.withinMs }, robot });
  }

  async function runStage({ id, type, reason }: Extract<ToProgram, { type: "slow" | "safe" }>): Promise<void> {
    if (type === "slow") slowUntil = clock.now() + (driver.manoeuvre?.slow?.withinMs ?? 0);
    try {
      await driver.manoeuvre?.[type]?.run(reason as StopReason);
      say({ type: "done", id });
    } catch (error) {
      say({ type: "failed", id, says: wordsOf(error) });
    }
  }

  async function onLine(line: string): Promise<void> {
    heardAt = clock.now();
    slowUntil = heardAt;
    const message = ToProgram.parse(JSON.parse(line));
    if (message.type === "command") return obey(message);
    if (message.type === "press") return press(message);
    if (message.type === "viewers") return setViewed(message.present);
    if (message.type === "slow" || message.type === "safe") return runStage(message);
    if (message.type === "start") await start();
    else await stop(message.reason as StopReason);
    say({ type: "done", id: message.id });
  }

  return {
    onLine: onLine,
    /** Stops the robot and closes the driver. */
    end(): Promise<void> {
      ending ??= (async () => {
        setViewed(false);
        await stop("leaving");
        await driver.close();
      })();
      return ending;
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
