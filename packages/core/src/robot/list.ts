import type { Presence } from "@tether/protocol/http";
import { atLeast, type Role } from "@tether/protocol/role";
import { admins, type Caller, granteesOf } from "../access/caller.ts";
import { unrevoked } from "../access/revoked.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/index.ts";
import { presences } from "./presence.ts";
import { type Item, type Robot, toRobot, withStop } from "./robot.ts";

type Env = { store: Store; clock: Clock };

/** `name` is a part of it, in any case. `robots` are the only ones asked for. */
type Filter = {
  readonly name?: string | undefined;
  readonly state?: Presence["state"] | undefined;
  readonly robots?: readonly string[] | undefined;
};

type Asked = Filter & { readonly cursor?: string | undefined; readonly limit: number };

/** Some robots in the order of their ids, from behind the cursor on, and whether there are more behind them. */
type Looked = { readonly items: readonly Item[]; readonly last?: string | undefined; readonly more: boolean };

/**
 * So many robots are looked at for one page that is filtered, so that a page costs no more however few pass: it may hold fewer than there are
 * and still have a cursor. As many sessions are one BatchGet; an index by state would be written with every coming and going.
 */
const looks = { state: 100, name: 1_000 } as const;

/** The robots a caller was granted, by whichever of the caller's names, and how they stand; every robot for an admin. */
export async function list(env: Env, caller: Caller, asked: Asked) {
  const [refused, found] = await Promise.all([
    unrevoked(env, caller),
    isAdmin(caller) ? everyone(env, asked) : granted(env, caller, asked),
  ]);
  if (refused) return refused;
  const { looked, roleOf } = found;
  const named = looked.items.filter(({ name }) => isNamed(name, asked.name));
  const presenceById = await presences(
    env,
    (asked.state === undefined ? named.slice(0, asked.limit) : named).map(({ robotId }) => robotId),
  );
  const passed = named.filter(({ robotId }) => asked.state === undefined || presenceById.get(robotId)?.state === asked.state);
  const page = passed.slice(0, asked.limit);
  const items = page.map((robot): Robot => {
    const presence = presenceById.get(robot.robotId);
    return { ...toRobot(robot, roleOf(robot.robotId)), ...(presence && { presence: withStop(presence, robot) }) };
  });
  if (passed.length > page.length) return { items, cursor: page.at(-1)?.robotId };
  return { items, cursor: looked.more ? looked.last : undefined };
}

const isAdmin = ({ groups }: Caller) => groups.includes(admins);

function isNamed(name: string, part: string | undefined): boolean {
  return part === undefined || name.toLowerCase().includes(part.toLowerCase());
}

function lookOf({ name, state, limit }: Asked): number {
  return state !== undefined ? looks.state : name !== undefined ? looks.name : limit;
}

/** Every robot there is, or those of them that are asked for. */
async function everyone({ store }: Env, asked: Asked): Promise<{ looked: Looked; roleOf: (robotId: string) => Role }> {
  const roleOf = () => "owner" as const;
  if (asked.robots) return { looked: await read(store, pageOf(asked.robots, asked)), roleOf };
  const limit = lookOf(asked);
  const query = store.entities.robot.query.every({});
  const { data, cursor } = await (asked.cursor === undefined ? query : query.gt({ robotId: asked.cursor })).go({ limit });
  return { looked: { items: data, last: data.at(-1)?.robotId, more: cursor !== null }, roleOf };
}

async function granted({ store }: Env, caller: Caller, asked: Asked): Promise<{ looked: Looked; roleOf: (robotId: string) => Role }> {
  const pages = await Promise.all(granteesOf(caller).map((to) => store.entities.grant.query.byUser({ to }).go({ pages: "all" })));
  const roles = new Map<string, Role>();
  for (const { robotId, role } of pages.flatMap(({ data }) => data)) {
    const known = roles.get(robotId);
    if (known === undefined || atLeast(role, known)) roles.set(robotId, role);
  }
  const ids = asked.robots ? asked.robots.filter((id) => roles.has(id)) : [...roles.keys()];
  return { looked: await read(store, pageOf(ids, asked)), roleOf: (robotId) => roles.get(robotId) ?? "viewer" };
}

function pageOf(ids: readonly string[], asked: Asked): { ids: readonly string[]; more: boolean } {
  const { cursor = "" } = asked;
  const behind = ids.filter((id) => id > cursor).sort();
  const limit = Math.min(lookOf(asked), looks.state);
  return { ids: behind.slice(0, limit), more: behind.length > limit };
}

async function read(store: Store, { ids, more }: { ids: readonly string[]; more: boolean }): Promise<Looked> {
  const { data } = await store.entities.robot.get(ids.map((robotId) => ({ robotId }))).go();
  return {
    items: data.filter(({ movedTo }) => movedTo === undefined).sort((a, b) => (a.robotId < b.robotId ? -1 : 1)),
    last: ids.at(-1),
    more,
  };
}
