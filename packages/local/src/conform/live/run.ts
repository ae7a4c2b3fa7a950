import { commands } from "../case/commands.ts";
import { drives } from "../case/drives.ts";
import { stages } from "../case/pictures.ts";
import { shown } from "../case/shown.ts";
import { stops } from "../case/stops.ts";
import type { Case, Level } from "../case.ts";
import type { Drivable } from "../drivable.ts";
import { type CaseResult, type Judging, judgeCases } from "../judge.ts";
import { cases } from "../run.ts";
import type { Where } from "./operator.ts";
import { createLiveTrial, interrupted } from "./trial.ts";

/** The cases that ask nothing of the broker that a real one does not do, and that move no robot. */
const anywhere = new Map<unknown, Case<Drivable>>([...drives, ...stages, ...shown, ...commands, ...stops].map((one) => [one, one]));

/** The run's operator has its channels already: what it is judged by here is that they carry its words. */
const joins: Case<Drivable> = {
  clauses: ["W1"],
  says: "takes both channels of the client's offer",
  async run({ driver }) {
    driver().onControl({ type: "ping" });
    await driver().message("pong");
    return undefined;
  },
};

/** The cases by which a robot is judged where it runs. Those that need a broker of the run's own are told of, and not judged. */
export const liveCases: Readonly<Record<Level, readonly Case<Drivable>[]>> = {
  connects: cases.connects.map(judgedHere),
  drives: [joins, ...cases.drives.map(judgedHere)],
  safe: cases.safe.map(judgedHere),
};

function judgedHere(one: Case): Case<Drivable> {
  const { clauses, says } = one;
  return anywhere.get(one) ?? { clauses, says, run: async () => ({ unjudged: "needs its own broker" }) };
}

const needed: ReadonlySet<string> = new Set(["W1"]);

type Live = Omit<Judging, "command"> & {
  readonly where: Where;
  /** Aborting ends the run as soon as the case that runs is over. */
  readonly signal?: AbortSignal;
};

/** Judges a robot where it runs. A Failure where it must not be begun: somebody drives, a stop is in force, or the robot is not there. */
export async function judgeLive({ where, signal, ...judging }: Live): Promise<{ results: CaseResult[]; leftStopped: boolean }> {
  const trial = createLiveTrial({ clock: judging.clock, where });
  const stop = () => trial.breakOff(interrupted);
  signal?.addEventListener("abort", stop);
  try {
    await trial.begin();
    const results = await judgeCases({
      ...judging,
      cases: liveCases,
      needed,
      who: "robot",
      trial,
      ended: () => undefined,
      broken: trial.broken,
      reset: () => {},
      wrong: () =>
        trial.operators.flatMap(({ received }) => received.all.flatMap(({ message }) => (message.type === "wrong" ? message.text : []))),
      speaks: "sends messages on its channels only that match their schemas",
    });
    return { results, ...(await trial.end()) };
  } catch (error) {
    await trial.end();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
