import { sweep } from "@tether/core/sweep";
import { limits } from "@tether/protocol/limits";
import { pass } from "./pass.ts";
import type { RawEnd } from "./raw-end.ts";
import type { Scene, Stage } from "./scene.ts";
import { greeting, type KeyHolder, operator, owner, type World } from "./world.ts";

const client = { actor: "client", spares: ["robot"] } as const;
const robot = { actor: "robot", spares: ["client"] } as const;
const swept = { actor: "sweeper", spares: ["robot"] } as const;

const both = async (world: World, holder: KeyHolder, lifeMs?: number) => ({
  robot: await world.join(holder),
  client: await world.join(holder, operator, lifeMs === undefined ? {} : { lifeMs }),
});

const swoop = (world: World) => async () => {
  await sweep(world.system.env);
  await world.idle();
};

const signal = (to: RawEnd) => ({ type: "signal", id: "s", to: to.session, stream: 1, seq: 1, data: { kind: "app", body: 0 } });

async function close(world: World, end: RawEnd): Promise<void> {
  end.socket.close(1001);
  await world.idle();
}

/** Opens the next connection of a session that is live, and says nothing on it. */
async function successor(world: World, holder: KeyHolder, ends: Scene["ends"], of: "robot" | "client"): Promise<RawEnd> {
  const session = ends.client?.session ?? "";
  const { body } = of === "robot" ? await world.ticketFor.robot(holder) : await world.ticketFor.client(holder, operator, { session });
  const end = await world.connect(body.ticket);
  end.session = body.session.id;
  return end;
}

function helloOf(of: "robot" | "client", { first = false, instance = greeting.instance } = {}): Stage {
  return async (world, holder) => {
    const ends: Scene["ends"] = first
      ? of === "robot"
        ? { client: await world.join(holder, operator) }
        : { robot: await world.join(holder) }
      : await both(world, holder);
    const { ticket } = first
      ? (of === "robot" ? await world.ticketFor.robot(holder) : await world.ticketFor.client(holder, operator)).body
      : { ticket: undefined };
    const end = ticket === undefined ? await successor(world, holder, ends, of) : await world.connect(ticket);
    return {
      ...(of === "robot" ? robot : client),
      ends: { ...ends, [of]: end },
      ...(instance === greeting.instance ? { former: ends[of] } : { instance }),
      act: () => world.say(end, { type: "hello", ...greeting, instance }),
    };
  };
}

function frameOf(
  of: "robot" | "client",
  frame: (world: World, scene: Required<Scene["ends"]>, holder: KeyHolder) => Promise<object>,
): Stage {
  return async (world, holder) => {
    const ends = await both(world, holder);
    const said = await frame(world, ends, holder);
    return { actor: of, spares: [of === "robot" ? "client" : "robot"], ends, act: () => world.say(ends[of], said) };
  };
}

const renewal = async (world: World, ends: Required<Scene["ends"]>, holder: KeyHolder) => {
  // A lease is renewed by a newer token than the one it stands on.
  await world.clock.advance(1_000);
  const { body } = await world.ticketFor.client(holder, operator, { session: ends.client.session, use: "renew" });
  return { type: "auth.renew", id: "r", ticket: body.ticket };
};

/** A client whose lease is over in so many ms. */
async function expiring(world: World, holder: KeyHolder, lifeMs: number) {
  const ends = await both(world, holder, lifeMs);
  await world.clock.advance(lifeMs);
  return ends;
}

async function expired(world: World, holder: KeyHolder) {
  const ends = await expiring(world, holder, 20_000);
  await sweep(world.system.env);
  await world.idle();
  return ends;
}

async function unheard(world: World, holder: KeyHolder) {
  const ends = await both(world, holder);
  await pass(world, limits.session.verifyMs - 1, ends.robot, ends.client);
  return ends;
}

const asOwner = (world: World, method: string, path: string, body?: object) => async () => {
  await world.call(method, path, { as: owner, ...(body && { body }) });
  await world.idle();
};

/** Every operation of a session's life. */
export const scenes: Readonly<Record<string, Stage>> = {
  "a robot's ticket": async (world, holder) => ({
    ...robot,
    spares: ["robot", "client"],
    ends: await both(world, holder),
    act: () => world.ticketFor.robot(holder),
  }),
  "a client's ticket": async (world, holder) => ({
    ...client,
    spares: ["robot", "client"],
    ends: await both(world, holder),
    act: () => world.ticketFor.client(holder, operator),
  }),
  "a robot's $connect": async (world, holder) => {
    const { ticket } = (await world.ticketFor.robot(holder)).body;
    return { ...robot, ends: { client: await world.join(holder, operator) }, act: () => world.connect(ticket) };
  },
  "a robot's $connect while another waits for its hello": async (world, holder) => {
    const ends = await both(world, holder);
    await successor(world, holder, ends, "robot");
    const { ticket } = (await world.ticketFor.robot(holder)).body;
    return { ...robot, ends, act: () => world.connect(ticket) };
  },
  "a client's $connect": async (world, holder) => {
    const { ticket } = (await world.ticketFor.client(holder, operator)).body;
    return { ...client, ends: { robot: await world.join(holder) }, act: () => world.connect(ticket) };
  },
  "a robot's first hello": helloOf("robot", { first: true }),
  "a client's first hello": helloOf("client", { first: true }),
  "a robot's hand-over": helloOf("robot"),
  "a client's hand-over": helloOf("client"),
  "a robot's take-over": helloOf("robot", { instance: "ins_bbbbbbbb" }),
  "a client's take-over": helloOf("client", { instance: "ins_bbbbbbbb" }),
  "a hello of a robot that was taken over from": async (world, holder) => {
    const ends = await both(world, holder);
    const newer = await world.join(holder, undefined, { instance: "ins_bbbbbbbb" });
    const older = await successor(world, holder, ends, "robot");
    return {
      actor: "superseded",
      spares: ["client"],
      ends: { ...ends, robot: newer },
      act: () => world.say(older, { type: "hello", ...greeting }),
    };
  },
  "a client's signal": frameOf("client", async (_, ends) => signal(ends.robot)),
  "a robot's signal": frameOf("robot", async (_, ends) => signal(ends.client)),
  "an ack": frameOf("client", async (_, ends) => ({ type: "ack", to: ends.robot.session, received: { stream: 1, seq: 1 } })),
  "a renewal": frameOf("client", renewal),
  "a renewal of an expired lease": async (world, holder) => {
    const ends = await expired(world, holder);
    const frame = await renewal(world, ends, holder);
    return { ...client, ends, act: () => world.say(ends.client, frame) };
  },
  "a client's leave": frameOf("client", async () => ({ type: "leave" })),
  "a robot's leave": frameOf("robot", async () => ({ type: "leave" })),
  "a client's $disconnect": async (world, holder) => {
    const ends = await both(world, holder);
    return { ...client, ends, act: () => close(world, ends.client) };
  },
  "a robot's $disconnect": async (world, holder) => {
    const ends = await both(world, holder);
    return { ...robot, ends, act: () => close(world, ends.robot) };
  },
  "a sweep that warns": async (world, holder) => {
    const ends = await both(world, holder, Math.max(...limits.auth.warnMs) + 20_000);
    await world.clock.advance(20_000);
    return { ...swept, ends, act: swoop(world) };
  },
  "a sweep that finds a lease over": async (world, holder) => ({
    ...swept,
    ends: await expiring(world, holder, 20_000),
    act: swoop(world),
  }),
  "a sweep that closes an expired connection": async (world, holder) => {
    const ends = await expired(world, holder);
    await world.clock.advance(limits.auth.renewMs);
    return { ...swept, ends, act: swoop(world) };
  },
  "a sweep that finds a grace over": async (world, holder) => {
    const ends = await both(world, holder);
    await close(world, ends.client);
    await world.clock.advance(limits.session.clientGraceMs);
    return { ...swept, ends, act: swoop(world) };
  },
  "a sweep that finds a first connection without hello": async (world, holder) => {
    const ends: Scene["ends"] = { robot: await world.join(holder) };
    await world.connect((await world.ticketFor.client(holder, operator)).body.ticket);
    await world.clock.advance(limits.session.openingMs);
    return { ...swept, ends, act: swoop(world) };
  },
  "a sweep that finds a successor without hello": async (world, holder) => {
    const ends = await both(world, holder);
    await successor(world, holder, ends, "client");
    await world.clock.advance(limits.session.openingMs);
    return { ...swept, ends, act: swoop(world) };
  },
  "a sweep that looks up two who live": async (world, holder) => {
    const ends = await unheard(world, holder);
    await world.clock.advance(1);
    return { actor: "sweeper", spares: [], ends, act: swoop(world) };
  },
  "a sweep that looks up one who is gone": async (world, holder) => {
    const ends = await unheard(world, holder);
    world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
    await close(world, ends.client);
    world.system.faults.set([]);
    await world.clock.advance(1);
    return { actor: "sweeper", spares: [], ends, act: swoop(world) };
  },
  "taking a grant": async (world, holder) => ({
    actor: "owner",
    spares: ["robot"],
    ends: await both(world, holder),
    act: asOwner(world, "DELETE", `/v1/robots/${holder.id}/grants?to=email:${operator}`),
  }),
  "taking a grant that a waiting connection stands on": async (world, holder) => {
    const ends = await both(world, holder);
    const sub = world.system.identity.users.find(({ email }) => email === operator)?.sub;
    const grants = `/v1/robots/${holder.id}/grants`;
    await world.call("PUT", grants, { as: owner, body: { to: `sub:${sub}`, role: "owner" } });
    await successor(world, holder, ends, "client");
    return { actor: "owner", spares: ["robot"], ends, act: asOwner(world, "DELETE", `${grants}?to=${encodeURIComponent(`sub:${sub}`)}`) };
  },
  "revoking a key": async (world, holder) => ({
    actor: "owner",
    spares: ["client"],
    ends: await both(world, holder),
    act: asOwner(world, "DELETE", `/v1/robots/${holder.id}/credentials/${holder.kid}?force=true`),
  }),
  "deleting the robot": async (world, holder) => ({
    actor: "owner",
    spares: [],
    ends: await both(world, holder),
    act: asOwner(world, "DELETE", `/v1/robots/${holder.id}`),
  }),
};
