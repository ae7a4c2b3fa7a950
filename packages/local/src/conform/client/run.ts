import { limits } from "@tether/protocol/limits";
import type { Case, Level } from "../case.ts";
import { wrongFrames } from "../connection.ts";
import { type CaseResult, type Judging, judgeCases } from "../judge.ts";
import { unchanged } from "../server.ts";
import { asks } from "./case/asks.ts";
import { connects } from "./case/connects.ts";
import { drives } from "./case/drives.ts";
import { reconnects } from "./case/reconnects.ts";
import { repairs } from "./case/repairs.ts";
import { safe } from "./case/safe.ts";
import { type ClientTrial, createClientTrial } from "./trial.ts";

/** The cases that judge a client. */
export const clientCases: Readonly<Record<Level, readonly Case<ClientTrial>[]>> = {
  connects: [...connects, ...reconnects],
  drives: [...drives, ...asks, ...repairs],
  safe,
};

const needed: ReadonlySet<string> = new Set(["T1", "W1"]);

/** Judges a client, case by case. */
export async function judgeClient({ command, ...judging }: Judging): Promise<{ results: CaseResult[]; output: string }> {
  const trial = await createClientTrial({ clock: judging.clock, command });
  // The first offer is lost, so that it is seen to come again.
  trial.standIn.state.loses = 1;
  const reset = () => {
    Object.assign(trial.state, { welcomes: true, renews: true, grants: true, relays: true, lifeMs: limits.gateway.connectionLifeMs });
    Object.assign(trial.service.state, unchanged);
  };
  try {
    const results = await judgeCases({
      ...judging,
      cases: clientCases,
      needed,
      who: "client",
      trial,
      ended: trial.target.ended,
      reset,
      wrong: () => wrongOf(trial),
    });
    return { results, output: trial.target.output() };
  } finally {
    await trial.end();
  }
}

function wrongOf({ service, standIn }: ClientTrial): string[] {
  const messages = standIn.received.all.flatMap(({ message }) => ("type" in message && message.type === "wrong" ? message.text : []));
  return [...wrongFrames(service.connections.all), ...messages];
}
