import { unrevoked } from "@tether/core/access";
import type { IceServers } from "@tether/protocol/http";
import { Hono } from "hono";
import { answer, refuse } from "../answer.ts";
import { exceeded } from "../rate/rates.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const iceServers = new Hono<Variables>().get("/", user, async (c) => {
  const { env, caller, rates } = c.var;
  const limited = exceeded(c, rates.ticket, caller.sub);
  if (limited) return limited;
  const refused = await unrevoked(env, caller);
  if (refused) return refuse(c, refused);
  const serverTime = env.clock.now();
  return answer(c, { iceServers: await env.ice.servers(caller.sub, serverTime), serverTime } satisfies IceServers);
});
