import type { UserRevoked } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { type Context, Hono } from "hono";
import { refuse } from "../answer.ts";
import type { Variables } from "../variables.ts";
import { forward, isOfApi, requestOf } from "./forward.ts";
import { mergePages, type Page } from "./merge.ts";

const { pageItems } = limits.http;

/** In the home cell: what concerns every cell. Where one of them does not answer the whole is `unavailable`: half an answer would pass for a whole one. C5 */
export const everywhere = new Hono<Variables>()
  .get("/robots", async (c, next) => {
    await next();
    if (c.res.status !== 200) return;
    const here = (await c.res.clone().json()) as Page;
    const elsewhere = await askAll(c, ({ status }) => status === 200);
    if (!elsewhere) return replace(c, refuse(c, problem("unavailable")));
    const pages = await Promise.all(elsewhere.map(async (answer) => (await answer.json()) as Page));
    replace(c, Response.json(mergePages([here, ...pages], pageItems), { headers: { "cache-control": "no-store" } }));
  })
  // Here first: it is here that the sign-ins end, and what they bought until then is void in the other cells as well.
  .post("/users/revoke", async (c, next) => {
    await next();
    const isFenced = (status: number) => status === 200 || status === 503;
    if (!isFenced(c.res.status)) return;
    const elsewhere = await askAll(c, ({ status }) => status === 200);
    if (!elsewhere) return replace(c, refuse(c, problem("unavailable")));
    if (c.res.status !== 200) return;
    const here = (await c.res.clone().json()) as UserRevoked;
    const all = await Promise.all(elsewhere.map(async (answer) => (await answer.json()) as UserRevoked));
    const revokedBefore = Math.max(here.revokedBefore, ...all.map((one) => one.revokedBefore));
    replace(c, Response.json({ ...here, revokedBefore }, { headers: { "cache-control": "no-store" } }));
  })
  // A code names no robot: whichever cell's it is knows it.
  .post("/enrollments/redeem", async (c, next) => {
    await next();
    for (const cell of c.var.env.cells?.names ?? []) {
      if (c.res.status !== 403) return;
      replace(c, await forward(c, cell));
    }
  });

/** The answers of all other cells; nothing where one of them is not as it must be. */
async function askAll(c: Context<Variables>, isGood: (answer: Response) => boolean): Promise<readonly Response[] | undefined> {
  const { cells } = c.var.env;
  const request = await requestOf(c);
  const answers = await Promise.all((cells?.names ?? []).map(async (cell) => cells?.ask(cell, request)));
  const good = answers.filter((answer) => answer !== undefined && isOfApi(answer) && isGood(answer));
  return good.length === answers.length ? (good as Response[]) : undefined;
}

function replace(c: Context<Variables>, answer: Response): void {
  // Hono keeps the headers of the answer before, where it is not taken away first.
  c.res = undefined;
  c.res = answer;
}
