import { BatchGetCommand, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { limits } from "@tether/protocol/limits";
import { verify } from "../delivery/notify.ts";
import { fromItem, readLive } from "../live/read.ts";
import type { Online, Session } from "../live/session.ts";
import { end } from "../session/end.ts";
import type { Store } from "../store/index.ts";
import { rounds } from "../store/session.ts";
import { refusalsOf } from "./admission.ts";
import { revalidate } from "./revalidate.ts";
import { runLimited } from "./run-limited.ts";
import type { Env } from "./sweep.ts";

/** The outcome for one session that is online. */
type Checked = "alive" | "away" | "revoked" | "unknown";

/** The result of one run. */
export type Presences = {
  /** How many sessions are in the rounds that were done, whatever their state. */
  readonly sessions: number;
  readonly done: { readonly [C in Checked]?: number };
  /** Sessions whose turn met an error, or did not come in time: their round is done again by the next run. */
  readonly failed: number;
  readonly backlog: number;
};

type Key = { readonly pk: string; readonly sk: string };

const atOnce = 100;

/** The bounds of a run: when its time is up, and when the run before it began, if that is known. */
export type RunBounds = { readonly untilMs?: number; readonly lastAt?: number | undefined };

/** The rounds whose turn came since the run before, so that one that was dropped is made up for. */
function dueRounds(now: number, lastAt: number | undefined): string[] {
  const roundAt = (at: number) => Math.floor(at / limits.presence.everyMs);
  const first = lastAt === undefined ? roundAt(now) : Math.min(roundAt(now), Math.max(roundAt(lastAt) + 1, roundAt(now) - rounds + 1));
  return Array.from({ length: roundAt(now) - first + 1 }, (_, n) => String((first + n) % rounds));
}

/**
 * Asks the gateway about the sessions of a round that are online, and what each stands on. It has a schedule of its own, so that no deadline
 * waits behind a hundred thousand of these, and writes nothing about a session that lives. A round that was not done to its end is done again by the next run.
 */
export async function checkPresence(
  env: Env,
  { untilMs = env.clock.now() + limits.presence.budgetMs, lastAt }: RunBounds = {},
): Promise<Presences> {
  const unfinished = await readUnfinished(env);
  const done: { [C in Checked]?: number } = {};
  let [sessions, failed, backlog] = [0, 0, 0];
  const refusals = refusalsOf(env);

  async function check(session: Session): Promise<void> {
    // While somebody waits to come back it is noted whether anybody could.
    if (session.state === "away") await refusals();
    if (session.state !== "online") return;
    if (env.clock.now() >= untilMs) {
      backlog++;
      return;
    }
    const checked = await checkOnline(env, session).catch(() => undefined);
    if (checked === undefined) failed++;
    else done[checked] = (done[checked] ?? 0) + 1;
  }

  const left: string[] = [];
  for (const round of new Set([...dueRounds(env.clock.now(), lastAt), ...unfinished])) {
    const before = failed + backlog + (done.unknown ?? 0);
    sessions += await workOff(env, round, check);
    if (failed + backlog + (done.unknown ?? 0) > before) left.push(round);
  }
  if (left.join() !== unfinished.join()) await env.store.entities.presenceRounds.put({ unfinished: left }).go();
  return { sessions, done, failed, backlog };
}

async function readUnfinished({ store }: Env): Promise<readonly string[]> {
  const { data } = await store.entities.presenceRounds.get({}).go();
  return data?.unfinished ?? [];
}

/** The sessions of a round, page by page; answers how many there are. */
async function workOff({ store }: Env, round: string, check: (session: Session) => Promise<void>): Promise<number> {
  const query = store.entities.session.query.presence({ round }).params() as QueryCommandInput;
  let [found, from]: [number, QueryCommandInput["ExclusiveStartKey"]] = [0, undefined];
  do {
    const page = new QueryCommand({ ...query, ...(from && { ExclusiveStartKey: from }) });
    const { Items = [], LastEvaluatedKey } = await store.source.client.send(page);
    // The index holds keys alone.
    const keys = Items.map(({ pk, sk }): Key => ({ pk, sk }));
    found += keys.length;
    for (let first = 0; first < keys.length; first += atOnce)
      await runLimited(await readSessions(store, keys.slice(first, first + atOnce)), limits.presence.atOnce, check);
    from = LastEvaluatedKey;
  } while (from);
  return found;
}

async function readSessions({ source: { client, table }, entities }: Store, keys: readonly Key[]): Promise<Session[]> {
  const { Responses } = await client.send(new BatchGetCommand({ RequestItems: { [table]: { Keys: [...keys] } } }));
  return (Responses?.[table] ?? []).flatMap((item) => {
    const { data } = entities.session.parse({ Item: item });
    return data ? [fromItem(data)] : [];
  });
}

/** Only the gateway's answer makes a session away: age alone never does. A session that lives is asked what it stands on. */
async function checkOnline(env: Env, session: Online): Promise<Checked> {
  const { connection } = session;
  const probed = await env.outbox.probe(connection.id);
  if (probed === "failed") return "unknown";
  if (probed !== "gone") {
    const cause = await revalidate(env, session);
    const isOver = cause && (await end(env, session, { cause, actor: { type: "system" }, inferred: false }));
    return isOver ? "revoked" : "alive";
  }
  const live = await readLive(env, session.robotId, "consistent");
  const after = await verify(env, live, session, connection);
  return after === session ? "unknown" : "away";
}
