import type { ManoeuvreReport } from "@tether/protocol/manoeuvre-report";
import type { Clock } from "../../clock.ts";
import type { Broker } from "../../session/broker.ts";

/** The told part: all but when it began, which the broker's clock says. */
export type Manoeuvred = Omit<ManoeuvreReport, "beganAt">;

/** The same outcome is told once in this time, in ms: an operator that lets go again and again is one story. */
const everyMs = 10_000;
/** The age, in ms, above which outcomes are not told any more, and the most that are told. */
const keptMs = 3_600_000;
const keptMost = 16;

type Kept = Manoeuvred & { readonly began: number; readonly name: string };

/**
 * Tells the broker how the stages of a stop went. What came while the broker could not be reached is told at the next welcome, and so is what was told
 * on the connection before, as its frames may be lost with it. The broker writes the same once. P14
 */
export function createManoeuvreReporter(broker: Pick<Broker, "on" | "send" | "greeting">, clock: Clock) {
  let kept: Kept[] = [];
  /** The stops of the current connection that were told. */
  let reported: Kept[] = [];

  function send(aheadMs: number): void {
    for (const { began, name: _, ...said } of kept)
      broker.send({ type: "report", manoeuvre: { ...said, beganAt: Math.max(0, Math.round(began + aheadMs)) } });
    reported = [...reported, ...kept].slice(-keptMost);
    kept = [];
  }

  const off = broker.on("welcome", ({ aheadMs }) => {
    kept = [...reported, ...kept].filter(({ began }) => clock.now() - began < keptMs).slice(-keptMost);
    reported = [];
    send(aheadMs);
    reported = [];
  });

  return {
    /** `agoMs`: how long ago it began. */
    add(done: Manoeuvred, agoMs: number): void {
      const began = clock.now() - agoMs;
      const name = [done.reason, ...done.stages.map(({ stage, became }) => `${stage} ${became}`)].join(" ");
      if ([...reported, ...kept].some((one) => one.name === name && began - one.began < everyMs)) return;
      kept = [...kept, { ...done, began, name }].slice(-keptMost);
      const greeting = broker.greeting();
      if (greeting) send(greeting.aheadMs);
    },
    off,
  };
}
