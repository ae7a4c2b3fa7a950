import { createVirtualClock } from "@tether/local/clock/virtual";
import { supervise } from "../../src/supervisor/supervise.ts";
import type { FromSupervisor } from "../../src/supervisor/wire.ts";

/** A supervisor between an agent and a driver that are the test itself. */
export function startSupervisor() {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const given: { readonly id: number; readonly type: string; readonly reason?: string }[] = [];
  const done: string[] = [];
  const manoeuvres: string[][] = [];
  const heard: FromSupervisor[] = [];
  let beats = 0;
  /** The agent's process groups that live. */
  const living = new Set<number>();
  const supervisor = supervise({
    clock,
    onceRead: (run) => run(),
    driver: {
      write: (line) => void given.push(JSON.parse(line)),
      end: () => void done.push("end of input"),
      signal: (name) => void done.push(name),
    },
    agent: {
      say(line) {
        if (line.type === "beat") beats += 1;
        else heard.push(line);
      },
      kill: () => void done.push("agent killed"),
    },
    signalGroup({ id }, signal) {
      if (signal !== 0) done.push(`${signal} ${id}`);
      return living.has(id);
    },
    manoeuvred: (reason, passed) => manoeuvres.push([reason, ...passed.map(({ does, became, tookMs }) => `${does} ${became} ${tookMs}`)]),
    over: () => void done.push("over"),
  });
  let count = 0;
  function give(kind: "command" | "stop" | "other", message: object): void {
    count += 1;
    supervisor.fromAgent({ type: "message", kind, id: count, json: JSON.stringify(message) });
  }
  return {
    clock,
    given,
    done,
    manoeuvres,
    heard,
    /** How many beats it answered. */
    beats: () => beats,
    supervisor,
    living,
    give,
    command: () => give("command", { type: "command" }),
    answer: (type: "done" | "failed" = "done") =>
      supervisor.fromDriver(JSON.stringify({ type, id: given.at(-1)?.id, ...(type === "failed" && { says: "no brakes" }) })),
    declare: (stages: { slow?: number; stop?: number; safe?: number }) => supervisor.fromAgent({ type: "stages", stages }),
    async live(ms: number) {
      for (let passed = 0; passed < ms; passed += 100) {
        await clock.advance(100);
        supervisor.fromAgent({ type: "beat" });
      }
    },
  };
}
