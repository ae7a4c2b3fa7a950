import type { RobotId } from "@tether/protocol/id";
import type { DiagnosisEnv } from "@tether/sdk/diagnosis/checks";
import { diagnose } from "@tether/sdk/diagnosis/diagnose";
import type { Outcome as Diagnosed } from "@tether/sdk/diagnosis/finding";
import { reportOf, verdictOf } from "@tether/sdk/diagnosis/report";
import type * as z from "zod/mini";
import { exits, isTrouble, type Outcome, type Trouble, usage } from "../exit.ts";
import { renewed } from "../kept/current.ts";
import { readKept } from "../kept/kept.ts";
import { isSafe } from "../service/ask.ts";
import { chosen } from "../service/robot.ts";
import { openService } from "../service/service.ts";
import { configuredMinutes } from "../token/configured.ts";
import { decode } from "../token/decode.ts";
import type { World } from "../world.ts";
import type { Asked } from "./command.ts";

type Row = { readonly id: string; readonly title: string } & Diagnosed;

/** Looks at every step from this machine to a robot: the checks of the console's diagnostics, in their words. */
export async function doctor(world: World, { args: [named], flags }: Asked): Promise<Outcome> {
  const minutes = flags.expect === undefined ? configuredMinutes("id") : Number(flags.expect);
  if (!(minutes > 0 && Number.isFinite(minutes))) return usage("--expect takes a number of minutes.");
  const api = await apiOf(world);
  if (isTrouble(api)) return api;
  const choice = named === undefined ? undefined : await chosen(world, named);
  // Whatever else is in the way of finding it, the checks will say.
  if (isTrouble(choice) && choice.exit === "usage") return choice;
  const robot = isTrouble(choice) ? undefined : choice?.robot;
  const rows: Row[] = [];
  await diagnose(await envOf(world, { api, minutes, robot }), {
    begun: ({ title }) => world.say.progress(`${title} …`),
    done: ({ id, title }, outcome) => void rows.push({ id, title, ...outcome }),
  });
  const outcome = rows.some(({ result }) => result === "bad") ? "unwell" : "fine";
  const about = { at: world.clock.now(), api, from: world.machine };
  const report = reportOf(
    rows.map((row) => ({ title: row.title, outcome: row })),
    about,
  );
  world.say.result(`${report}\n${verdictOf(rows)}`, { exit: exits[outcome].code, ...about, checks: rows });
  return outcome;
}

/** Where one is signed in; without that, what the environment names. */
async function apiOf(world: World): Promise<string | Trouble> {
  const kept = await readKept(world);
  if (!isTrouble(kept)) return kept.api;
  const named = world.variables.TETHER_API || undefined;
  if (named === undefined) return kept;
  return isSafe(named) ? new URL(named).origin : usage("$TETHER_API is no address of a service.", "It begins with https://.");
}

type Told = { readonly api: string; readonly minutes: number; readonly robot: RobotId | undefined };

async function envOf(world: World, { api, minutes, robot }: Told): Promise<DiagnosisEnv> {
  const { clock, random, fetch, socket } = world;
  const service = await openService(world);
  return {
    platform: { clock, random, fetch, socket },
    api,
    async ask<Value>(schema: object, method: "GET" | "POST", path: string, body?: object) {
      if (isTrouble(service)) return { failure: service };
      // All of the checks' schemas are zod's.
      const answer: Value | Trouble = await service.call(method, path, schema as z.ZodMiniType<Value>, body);
      return isTrouble(answer) ? { failure: answer } : { value: answer };
    },
    async token({ fresh }) {
      const kept = await readKept(world);
      const current = isTrouble(kept) || !fresh ? kept : await renewed(world, kept.idToken);
      if (isTrouble(current)) throw new Error(current.code);
      return current.idToken;
    },
    async life() {
      const kept = await readKept(world);
      const claims = isTrouble(kept) ? undefined : decode(kept.idToken);
      return claims && { issuedAt: claims.iat * 1000, expiresAt: claims.exp * 1000 };
    },
    tokenMinutes: minutes,
    PeerConnection: await world.peerConnection(),
    ...(robot !== undefined && { robot }),
  };
}
