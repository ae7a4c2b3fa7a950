import { unrevoked } from "@tether/core/access";
import { home, locationOf, type RobotLocation } from "@tether/core/cell";
import { robotIdFor } from "@tether/core/robot";
import { RobotId } from "@tether/protocol/id";
import { isProblem, problem } from "@tether/protocol/problem";
import type { Context, MiddlewareHandler } from "hono";
import { refuse } from "../answer.ts";
import { readAssertion } from "../assertion/read.ts";
import { idempotencyKey } from "../idempotency.ts";
import { exceeded } from "../rate/rates.ts";
import { sourceOf } from "../source.ts";
import { callerOf } from "../user.ts";
import type { Variables } from "../variables.ts";
import { forward } from "./forward.ts";

/**
 * In the home cell: what is asked about a robot of another cell is asked there. What was refused while the robot began to move, or was
 * moved, is no word about who asks: its items were taken from under the request. C2, C3
 */
export const byRobot: MiddlewareHandler<Variables> = async (c, next) => {
  const robotId = await robotOf(c);
  if (robotId === undefined) return next();
  const { store } = c.var.env;
  const location = await locationOf({ store }, robotId);
  if (location.movingTo !== undefined) return moving(c);
  if (location.cell === home) await next();
  else c.res = (await refusedHere(c, robotId)) ?? (await forward(c, location.cell));
  const isRefused = c.res.status >= 400 && c.res.status < 500 && c.res.status !== 429;
  if (isRefused && !isSame(location, await locationOf({ store }, robotId))) {
    c.res = undefined;
    c.res = moving(c);
  }
  return undefined;
};

function moving(c: Context<Variables>): Response {
  return refuse(c, problem("robot.moving"), { "retry-after": "1" });
}

const isSame = (a: RobotLocation, b: RobotLocation) => a.cell === b.cell && b.movingTo === undefined;

/**
 * The requests that need not go to another cell. A cell knows of no revocation from before there was the cell, so a user's token is checked here too; and
 * a flood is held here.
 */
async function refusedHere(c: Context<Variables>, robotId: RobotId): Promise<Response | undefined> {
  if (c.req.header("authorization") === undefined) return exceeded(c, c.var.rates.ticket, `${robotId} ${sourceOf(c)}`);
  const caller = await callerOf(c);
  if (isProblem(caller)) return refuse(c, caller);
  const refused = await unrevoked(c.var.env, caller);
  return refused && refuse(c, refused);
}

/** The robot that a request is about; none where it is about no robot, or names none that could be. */
async function robotOf(c: Context<Variables>): Promise<RobotId | undefined> {
  const { path, method } = c.req;
  const [, inPath] = /^\/v1\/robots\/([^/]+)/.exec(path) ?? [];
  if (inPath !== undefined) return known(inPath);
  if (path === "/v1/tickets/client") return known((await bodyOf(c)).robot);
  if (path === "/v1/tickets/robot") return assertedIn(await bodyOf(c));
  if (path === "/v1/robots" && method === "POST") return madeBefore(c);
  return undefined;
}

const known = (id: unknown) => RobotId.safeParse(id).data;

function assertedIn({ assertion }: Record<string, unknown>): RobotId | undefined {
  const asserted = typeof assertion === "string" ? readAssertion(assertion) : undefined;
  return asserted === undefined || isProblem(asserted) ? undefined : asserted.robotId;
}

/** A create that is repeated is about the robot that the first one made, wherever that is by now. */
async function madeBefore(c: Context<Variables>): Promise<RobotId | undefined> {
  const key = idempotencyKey(c.req.header("idempotency-key"));
  if (typeof key !== "string") return undefined;
  const caller = await callerOf(c);
  return isProblem(caller) ? undefined : robotIdFor(caller.sub, key);
}

/** The body where it is an object; a body of another kind is the route's to refuse. */
async function bodyOf(c: Context<Variables>): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(await c.req.text());
    return typeof body === "object" && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}
