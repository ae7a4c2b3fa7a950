import type { RobotId } from "@tether/protocol/id";
import type { DiagnosisEnv } from "@tether/sdk/diagnosis/checks";
import { diagnose } from "@tether/sdk/diagnosis/diagnose";
import type { Outcome as Diagnosed } from "@tether/sdk/diagnosis/finding";
import { reportOf, summaryOf } from "@tether/sdk/diagnosis/report";
import type { Context } from "../context.ts";
import { exits, isTrouble, type Outcome, type Trouble, usage } from "../exit.ts";
import { isPrivateWay } from "../http/ask.ts";
import { chooseRobot } from "../service/robot.ts";
import { openService } from "../service/service.ts";
import { renewSignIn } from "../sign-in/current.ts";
import { readSignIn } from "../sign-in/stored.ts";
import { configuredMinutes } from "../token/configured.ts";
import { decode } from "../token/decode.ts";
import type { Invocation } from "./command.ts";

type Row = { readonly id: string; readonly title: string } & Diagnosed;

/** Looks at every step from this machine to a robot: the checks of the console's diagnostics, in their words. */
export async function doctor(context: Context, { args: [named], flags }: Invocation): Promise<Outcome> {
  const minutes = flags.expect === undefined ? configuredMinutes("id") : Number(flags.expect);
  if (!(minutes > 0 && Number.isFinite(minutes))) return usage("--expect takes a number of minutes.");
  const api = await apiOf(context);
  if (isTrouble(api)) return api;
  const choice = named === undefined ? undefined : await chooseRobot(context, named);
  // The checks will name any other reason why it is not found.
  if (isTrouble(choice) && choice.exit === "usage") return choice;
  const robot = isTrouble(choice) ? undefined : choice?.robot;
  const rows: Row[] = [];
  await diagnose(await envOf(context, { api, minutes, robot }), {
    begun: ({ title }) => context.say.progress(`${title} …`),
    done: ({ id, title }, outcome) => void rows.push({ id, title, ...outcome }),
  });
  const outcome = rows.some(({ result }) => result === "bad") ? "unwell" : "done";
  const about = { at: context.clock.now(), api, from: context.machine };
  const report = reportOf(
    rows.map((row) => ({ title: row.title, outcome: row })),
    about,
  );
  context.say.result(`${report}\n${summaryOf(rows)}`, { exit: exits[outcome].code, ...about, checks: rows });
  return outcome;
}

/** Where one is signed in; without that, what the environment names. */
async function apiOf(context: Context): Promise<string | Trouble> {
  const kept = await readSignIn(context);
  if (!isTrouble(kept)) return kept.api;
  const named = context.variables.TETHER_API || undefined;
  if (named === undefined) return kept;
  return isPrivateWay(named)
    ? new URL(named).origin
    : usage(
        "$TETHER_API is no address of a service.",
        "Write it with its scheme: https://HOST, or http://127.0.0.1:PORT for a service on this machine.",
      );
}

type Choice = { readonly api: string; readonly minutes: number; readonly robot: RobotId | undefined };

async function envOf(context: Context, { api, minutes, robot }: Choice): Promise<DiagnosisEnv> {
  const { clock, random, fetch, socket } = context;
  const service = await openService(context);
  return {
    platform: { clock, random, fetch, socket },
    api,
    async call(route, asked) {
      if (isTrouble(service)) return { failure: service };
      const answer = await service.call(route, asked);
      return isTrouble(answer) ? { failure: answer } : { value: answer };
    },
    async token({ fresh }) {
      const kept = await readSignIn(context);
      const current = isTrouble(kept) || !fresh ? kept : await renewSignIn(context, kept.idToken);
      if (isTrouble(current)) throw new Error(current.code);
      return current.idToken;
    },
    async life() {
      const kept = await readSignIn(context);
      const claims = isTrouble(kept) ? undefined : decode(kept.idToken);
      return claims && { issuedAt: claims.iat * 1000, expiresAt: claims.exp * 1000 };
    },
    tokenMinutes: minutes,
    PeerConnection: await context.peerConnection(),
    ...(robot !== undefined && { robot }),
  };
}
