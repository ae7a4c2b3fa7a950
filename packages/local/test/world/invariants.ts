import type { Line } from "@tether/aws/invocation";
import { listLive, type Session } from "@tether/core/session";
import { list } from "@tether/core/timeline";
import { causes } from "@tether/protocol/cause";
import type { TimelinePage } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { World } from "./world.ts";

export type TimelineItem = TimelinePage["items"][number];

type Holder = { readonly connectionId: string; readonly sessionId: string; readonly epoch: number };

/** All of a robot's timeline, oldest first; also of one that was deleted. */
export async function wholeTimeline({ system }: World, robotId: RobotId): Promise<TimelineItem[]> {
  const items: TimelineItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ store: system.store }, robotId, { cursor, limit: 500 });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items.reverse();
}

/** The violations of a robot's invariants while nothing is under way, in words; none where all hold. */
export async function invariants(world: World, robotId: RobotId): Promise<string[]> {
  const { store, gateway } = world.system;
  const [live, records, timeline] = await Promise.all([
    listLive({ store }, robotId, "consistent"),
    store.entities.sessionRecord.query.primary({ robotId }).go({ pages: "all" }),
    wholeTimeline(world, robotId),
  ]);
  const held = gateway.connections.list().map(holderOf);
  const now = world.clock.now();
  const ended = new Map(records.data.map((record) => [record.sessionId, record.ending.cause]));
  return [
    ...live.flatMap((session) => livesAtTheGateway(session, held)),
    ...live.flatMap((session) => attended(session, now)),
    ...(await Promise.all(live.map((session) => permitted(world, session)))).flat(),
    ...held.filter(({ robotId: of }) => of === robotId).flatMap((holder) => knownToUs(holder, live, now)),
    ...timeline.flatMap(explained),
    ...told(timeline, live, ended),
    ...redeemedOnce(world.lines, robotId),
    ...renewedOnwards(timeline),
    ...driven(timeline),
  ];
}

function holderOf({ connectionId, authorizer }: { connectionId: string; authorizer: object }): Holder & { robotId: string } {
  const { claims } = authorizer as { claims: string };
  const { sessionId, epoch, robotId } = JSON.parse(claims) as { sessionId: string; epoch: number; robotId: string };
  return { connectionId, sessionId, epoch, robotId };
}

/** Online at us is alive at the gateway. */
function livesAtTheGateway(session: Session, held: readonly Holder[]): string[] {
  if (session.state !== "online" && session.state !== "expired") return [];
  const alive = held.some(({ connectionId, sessionId, epoch }) => {
    return connectionId === session.connection.id && sessionId === session.sessionId && epoch === session.epoch;
  });
  return alive ? [] : [`${session.sessionId} is ${session.state} at us and gone at the gateway`];
}

/** Alive at the gateway is online at us, or is about to be, or was until just now. */
function knownToUs({ connectionId, sessionId, epoch }: Holder, live: readonly Session[], now: number): string[] {
  const session = live.find((one) => one.sessionId === sessionId);
  if (session?.pending?.connection.id === connectionId) return [];
  const held = session?.state === "online" || session?.state === "expired" ? session : undefined;
  if (held?.connection.id === connectionId) return [];
  if (held?.previous?.epoch === epoch && now < held.previous.until) return [];
  return [`${sessionId} is ${session?.state ?? "no longer"} at us and has connection ${epoch} at the gateway`];
}

/** The sweeper has looked at all that it must: nothing stays due. */
function attended({ sessionId, dueAt }: Session, now: number): string[] {
  return now - dueAt > 2 * limits.sweep.everyMs ? [`${sessionId} has been due for ${now - dueAt} ms`] : [];
}

/** The items that a live session depends on exist: the robot, and its key, or the user's grant. */
async function permitted({ system }: World, { robotId, sessionId, principal }: Session): Promise<string[]> {
  const { robot, credential, grant, accessPolicy } = system.store.entities;
  const consistent = { consistent: true } as const;
  const missing = (what: string) => [`${sessionId} lives on ${what}`];
  if (!(await robot.get({ robotId }).go(consistent)).data) return missing("a robot that was deleted");
  if (principal.type === "robot") {
    const { data } = await credential.get({ robotId, kid: principal.kid }).go(consistent);
    return data && data.state !== "revoked" ? [] : missing(`a key that is ${data?.state ?? "deleted"}`);
  }
  const policy = await accessPolicy.get({ userId: principal.id }).go(consistent);
  if ((policy.data?.revokedBefore ?? 0) > principal.issuedAt) return missing("a sign-in that was revoked");
  if (principal.by === "admins") return [];
  return (await grant.get({ robotId, to: principal.by }).go(consistent)).data ? [] : missing("a grant that was taken");
}

/** Every away and ended has a cause, an actor, and says whether it was concluded. */
function explained({ type, session, cause, actor, inferred }: TimelineItem): string[] {
  if (type !== "session.away" && type !== "session.ended" && type !== "session.lapsed") return [];
  if (cause === undefined || !Object.hasOwn(causes, cause)) return [`${type} of ${session} has no cause`];
  // The gateway can vouch for nothing but a close frame of the end itself: all else that it knows is our conclusion.
  const concluded = actor.type === "gateway" && cause !== "connection.closed";
  return inferred === concluded ? [] : [`${type} of ${session} by ${actor.type} because of ${cause} says inferred: ${inferred}`];
}

/** Each connection of a session was let in by a ticket of its own. A later ticket's opening is not on the timeline, so the log tells. */
function redeemedOnce(lines: readonly Line[], robotId: RobotId): string[] {
  const letIn = lines.filter((line) => line.event === "connect" && line.outcome === "redeemed" && line.robotId === robotId);
  const names = letIn.map(({ sessionId, epoch }) => `${sessionId} as ${epoch}`);
  return names.filter((name, n) => names.indexOf(name) !== n).map((name) => `${name} was let in twice`);
}

/** No lease moved back. */
function renewedOnwards(timeline: readonly TimelineItem[]): string[] {
  const leases = new Map<string, number>();
  return timeline.flatMap(({ type, session = "", evidence }) => {
    if (type !== "session.renewed") return [];
    const [before = 0, authExpiresAt] = [leases.get(session), Number(evidence?.authExpiresAt)];
    leases.set(session, authExpiresAt);
    return authExpiresAt >= before ? [] : [`${session}'s lease moved back to ${authExpiresAt}`];
  });
}

const handOvers: ReadonlySet<string> = new Set([
  "control.granted",
  "control.given",
  "control.taken",
  "control.unanswered",
  "control.superseded",
]);

/** Every holder of control had an epoch above all before. */
function driven(timeline: readonly TimelineItem[]): string[] {
  let newest = 0;
  return timeline.flatMap(({ type, epoch = 0 }) => {
    if (!handOvers.has(type)) return [];
    const before = newest;
    newest = Math.max(newest, epoch);
    return epoch > before ? [] : [`${type} with epoch ${epoch} after ${before}`];
  });
}

const arrivals: ReadonlySet<string> = new Set(["session.online", "session.resumed", "session.superseded", "session.contested"]);

/** The timeline tells each session's story to its end: epochs grow, and it ends where the session stands. */
function told(timeline: readonly TimelineItem[], live: readonly Session[], ended: ReadonlyMap<string, string>): string[] {
  const wrong: string[] = [];
  const stories = new Map<string, { state: string; epoch: number; cause?: string | undefined }>();
  for (const { type, session, epoch = 0, cause } of timeline) {
    if (session === undefined || !type.startsWith("session.")) continue;
    const story = stories.get(session) ?? { state: "opening", epoch: 0 };
    stories.set(session, story);
    if (story.state === "ended") wrong.push(`${session} has ${type} after its end`);
    if (arrivals.has(type) && epoch <= story.epoch) wrong.push(`${session} came online with epoch ${epoch} after ${story.epoch}`);
    if (arrivals.has(type)) Object.assign(story, { state: "online", epoch });
    else if (type === "session.renewed" && story.state === "expired") story.state = "online";
    else if (type === "session.away" || type === "session.expired") story.state = type.slice("session.".length);
    else if (type === "session.ended") Object.assign(story, { state: "ended", cause });
  }
  for (const { sessionId, state, epoch } of live) {
    const story = stories.get(sessionId);
    if (story?.state !== state || story.epoch !== epoch) wrong.push(`${sessionId} is ${state}, by its timeline ${story?.state}`);
    if (ended.has(sessionId)) wrong.push(`${sessionId} is ${state} and in history`);
    stories.delete(sessionId);
  }
  for (const [sessionId, { state, cause }] of stories)
    if (state !== "ended" || ended.get(sessionId) !== cause) wrong.push(`${sessionId} is not live, by its timeline ${state}`);
  return wrong;
}
