import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { RobotId } from "@tether/protocol/id";
import type { Env } from "../delivery/notify.ts";
import { fromItem } from "../live/read.ts";
import { dueAt } from "../machine/session/due.ts";
import type { Store } from "../store/index.ts";
import { roundOf, shardOf } from "../store/session.ts";
import { type Claim, claim, home, locationOf, type Move } from "./directory.ts";
import { disconnectAll } from "./disconnect.ts";
import { type Between, carry, type Item, pagesOf, take } from "./take.ts";

/** The cells by name, each with its own table, gateway and ids. `run` is this run's own mark. */
export type MoveEnv = { readonly cells: ReadonlyMap<string, Env>; readonly run: string };

export type Moved =
  | { readonly outcome: "moved"; readonly from: string; readonly items: number }
  /** The robot was there already, and nothing of it is left elsewhere. */
  | { readonly outcome: "there" }
  | { readonly outcome: "cell.unknown" | "robot.unknown" | "claimed" };

/**
 * Moves a robot to another cell. Its sessions, control, keys, grants and history go with it, epochs and ids included; its ends lose their
 * connections, are given no ticket for the seconds that this takes, and then go on in the new cell. What a run that died left is
 * finished by the next one: every step may be done twice, and no item is deleted before it is in the new cell.
 */
export async function move({ cells, run }: MoveEnv, robotId: RobotId, to: string): Promise<Moved> {
  const directory = cells.get(home);
  if (!directory || !cells.has(to)) return { outcome: "cell.unknown" };
  const location = await locationOf(directory, robotId);
  const from = location.cameFrom ?? location.cell;
  const target = location.cameFrom === undefined ? to : location.cell;
  if (from === to && target === to && location.movingTo === undefined) return { outcome: "there" };
  const [old, next] = [cells.get(from), cells.get(location.movingTo ?? target)];
  if (!old || !next) return { outcome: "cell.unknown" };
  // A move that was begun is finished before another one begins.
  const step: Move = { robotId, from, to: location.movingTo ?? target };
  if (!location.cameFrom && !(await isThere(old.store, robotId))) return { outcome: "robot.unknown" };
  const held = await claim({ directory: directory.store, clock: directory.clock }, step, run);
  if (!held) return { outcome: "claimed" };
  const items = await work(old, next, step, held, location.cameFrom !== undefined);
  if (step.to === to) return { outcome: "moved", from, items };
  return move({ cells, run }, robotId, to);
}

async function work(old: Env, next: Env, { robotId, to }: Move, held: Claim, isFlipped: boolean): Promise<number> {
  const between: Between = { from: old.store, to: next.store, hold: held.hold };
  let items = 0;
  if (!isFlipped) {
    await held.hold();
    // From here on no ticket of the old cell lets anybody in, and nothing of the robot's identity changes there.
    await freeze(old.store, robotId, to);
    await disconnectAll(old, robotId);
    items += await takeState(between, robotId);
    await held.flip();
  }
  items += await takeHistory(between, robotId);
  await held.finish();
  return items;
}

async function isThere({ entities }: Store, robotId: RobotId): Promise<boolean> {
  const { data } = await entities.robot.get({ robotId }).go({ consistent: true });
  return data !== null;
}

/** The item stays, so that who comes late is told that the robot moves. */
async function freeze({ source: { client, table }, entities }: Store, robotId: RobotId, to: string): Promise<void> {
  const { Key } = entities.robot.get({ robotId }).params() as { Key: Record<string, unknown> };
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key,
      // Without these keys it is in no list of robots.
      UpdateExpression: "SET movedTo = :to REMOVE gsi1pk, gsi1sk",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":to": to },
    }),
  );
}

/** All that decides about the robot, and what its ends wait for. Items come until a look finds none: handlers that were under way write some more. */
async function takeState(between: Between, robotId: RobotId): Promise<number> {
  const { from, to } = between;
  const { entities } = from;
  let items = 0;
  for (let before = -1; before < items; ) {
    before = items;
    for (const [query, placed] of [
      [entities.session.query.primary({ robotId }), sessionIn(from, to)],
      [entities.controlLease.query.primary({ robotId }), leaseIn(from, to)],
      [entities.credential.query.primary({ robotId })],
      [entities.grant.query.primary({ robotId })],
      [entities.lastSession.query.primary({ robotId })],
    ] as const)
      for await (const page of pagesOf(from, query))
        for (const item of page) {
          await take(between, item, placed);
          items++;
        }
    items += await carry(between, entities.usedAssertion.query.primary({ robotId }));
  }
  return items + (await putRobot(between, robotId));
}

/** The robot's own item, and the code by which it may be enrolled. The old one stays, frozen. */
async function putRobot(between: Between, robotId: RobotId): Promise<number> {
  const { from, to, hold } = between;
  const { data } = await from.entities.robot.get({ robotId }).go({ consistent: true });
  if (!data) return 0;
  const { movedTo: _, ...robot } = data;
  let items = 1;
  if (robot.codeHash !== undefined)
    for await (const page of pagesOf(from, from.entities.enrollment.query.primary({ codeHash: robot.codeHash })))
      for (const item of page) {
        await take(between, item);
        items++;
      }
  await hold();
  await to.entities.robot.put(robot).go();
  return items;
}

/** The timeline is copied last. Nobody decides by it, so it comes after the robot's ends are let in again, however long it is. */
async function takeHistory(between: Between, robotId: RobotId): Promise<number> {
  const { entities } = between.from;
  const events = await carry(between, entities.timelineEvent.query.primary({ robotId }));
  return events + (await carry(between, entities.sessionRecord.query.primary({ robotId })));
}

/** A session as the other cell's sweeper finds it, whose index has partitions of its own. */
function sessionIn(from: Store, to: Store) {
  return (item: Item): object => {
    const { data } = from.entities.session.parse({ Item: item });
    if (!data) return item;
    const session = fromItem(data);
    const { sessionId } = session;
    // A connection that came meanwhile is not let in, and is none of the other gateway's.
    const { pending: _, ...withoutPending } = data;
    const kept = session.state === "opening" ? data : { ...withoutPending, dueAt: dueAt({ ...session, pending: undefined }) };
    const placed = { ...kept, shard: shardOf(sessionId, to.shards), round: roundOf(sessionId) };
    return (to.entities.session.put(placed).params() as { Item: object }).Item;
  };
}

function leaseIn(from: Store, to: Store) {
  return (item: Item): object => {
    const { data } = from.entities.controlLease.parse({ Item: item });
    if (!data) return item;
    const { shard: _, ...lease } = data;
    const placed = lease.dueAt === undefined ? lease : { ...lease, shard: shardOf(data.robotId, to.shards) };
    return (to.entities.controlLease.put(placed).params() as { Item: object }).Item;
  };
}
