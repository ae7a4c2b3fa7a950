import { sweep } from "@tether/core/sweep";
import type { Fault } from "../../../src/fault/fault.ts";
import { admin, operator, owner, viewer } from "../world.ts";
import { startMisfit } from "./misfit.ts";
import type { Stage } from "./stage.ts";

/** What can happen in a run; `false` where there is nothing that it could happen to. */
type Action = { readonly weight: number; readonly act: (stage: Stage) => Promise<unknown> | false };

const second = 1_000;
const minute = 60 * second;
const clientsPerSeat = 7;

const nothing = Promise.resolve();

/** All faults there are, now and then. */
export const weather: readonly Fault[] = [
  { name: "disconnect.late", ms: 3 * minute, rate: 0.1 },
  { name: "disconnect.doubled", rate: 0.1 },
  { name: "disconnect.lost", rate: 0.15 },
  { name: "post.gone", rate: 0.01 },
  { name: "post.doubled", rate: 0.05 },
  { name: "reorder.invoke", windowMs: 300 },
  { name: "reorder.post", windowMs: 300 },
  { name: "latency", minMs: 5, maxMs: 200 },
  { name: "store.throttled", rate: 0.02 },
  { name: "store.conflict", rate: 0.02 },
  { name: "store.failing", rate: 0.01 },
  { name: "store.cut", rate: 0.01 },
  { name: "store.lost", rate: 0.01 },
  { name: "store.stale", windowMs: second, rate: 0.3 },
  { name: "crash", rate: 0.003 },
];

const rates: Readonly<Partial<Record<Fault["name"], number>>> = {
  "store.throttled": 0.4,
  "store.failing": 0.2,
  "store.conflict": 0.2,
  "post.gone": 0.1,
  crash: 0.05,
};

const storm = weather.map((fault) => ({ ...fault, ...(rates[fault.name] !== undefined && { rate: rates[fault.name] }) }) as Fault);

export const actions: Readonly<Record<string, Action>> = {
  "a client attaches": {
    weight: 30,
    act(stage) {
      const seat = stage.pick(stage.open().filter(({ clients }) => clients.filter((end) => !end.isOver()).length < clientsPerSeat));
      if (!seat) return false;
      stage.startTab(seat, stage.pick([operator, operator, viewer, owner, admin]) ?? operator);
      return nothing;
    },
  },
  "ends talk": {
    weight: 15,
    act(stage) {
      const seat = stage.pick(stage.manned());
      if (!seat) return false;
      for (const end of [seat.machine, ...seat.clients]) end?.talk();
      return nothing;
    },
  },
  "a client leaves": {
    weight: 5,
    act(stage) {
      const found = stage.pick(stage.clients());
      return found ? nothing.then(() => void found.end.session.leave("done")) : false;
    },
  },
  "a tab is closed": {
    weight: 4,
    act(stage) {
      const found = stage.pick(stage.clients());
      return found ? nothing.then(() => found.end.session.close()) : false;
    },
  },
  "a page is reloaded": {
    weight: 4,
    act(stage) {
      const found = stage.pick(stage.clients());
      if (!found) return false;
      found.end.session.close();
      stage.startTab(found.seat, found.end.as, found.end.tab);
      return nothing;
    },
  },
  "a tab is duplicated": {
    weight: 2,
    act(stage) {
      const found = stage.pick(stage.clients().filter(({ end }) => end.tab.session !== undefined));
      if (!found) return false;
      stage.startTab(found.seat, found.end.as, { session: found.end.tab.session });
      return nothing;
    },
  },
  "a client's network is gone for a while": {
    weight: 5,
    act(stage) {
      const found = stage.pick(stage.clients());
      if (!found) return false;
      const { network } = found.end;
      stage.world.clock.after((stage.pick([5, 40, 300]) ?? 5) * second, () => network.mend());
      return network.cut();
    },
  },
  "a robot's network is gone for a while": {
    weight: 3,
    act(stage) {
      const machine = stage.pick(stage.manned())?.machine;
      if (!machine) return false;
      stage.world.clock.after((stage.pick([5, 60, 15 * 60]) ?? 5) * second, () => machine.network.mend());
      return machine.network.cut();
    },
  },
  "a connection breaks": {
    weight: 5,
    act(stage) {
      const id = stage.pick(stage.connections());
      return id !== undefined && stage.world.system.gateway.connections.cut(id) && nothing;
    },
  },
  "a connection is half open": {
    weight: 3,
    act(stage) {
      const id = stage.pick(stage.connections());
      return id !== undefined && stage.world.system.gateway.connections.stall(id) && nothing;
    },
  },
  "a robot starts, or starts again": {
    weight: 4,
    act(stage) {
      const seat = stage.pick(stage.open());
      if (!seat) return false;
      seat.machine?.session.close();
      return stage.startMachine(seat);
    },
  },
  "a robot signs off": {
    weight: 1,
    act(stage) {
      const machine = stage.pick(stage.manned())?.machine;
      return machine ? nothing.then(() => void machine.session.leave("maintenance")) : false;
    },
  },
  "a second machine has the robot's key": {
    weight: 1,
    act(stage) {
      const seat = stage.pick(stage.manned());
      return seat ? stage.startMachine(seat) : false;
    },
  },
  "two machines fight": {
    weight: 0.5,
    act(stage) {
      const seat = stage.pick(stage.manned());
      if (!seat) return false;
      for (const turn of [1, 2, 3]) stage.world.clock.after(turn * 25 * second, () => void stage.startMachine(seat));
      return stage.startMachine(seat);
    },
  },
  "someone asks for control": {
    weight: 10,
    act(stage) {
      const found = stage.pick(stage.clients());
      return found ? nothing.then(() => found.end.session.control.request()) : false;
    },
  },
  "someone takes control": {
    weight: 3,
    act(stage) {
      const held = stage.drivers().map(({ seat }) => seat);
      const found = stage.pick(stage.clients().filter(({ seat, end }) => end.as === owner && held.includes(seat)));
      return found ? nothing.then(() => found.end.session.control.take("my turn")) : false;
    },
  },
  "someone lets go of control": {
    weight: 4,
    act(stage) {
      const found = stage.pick(stage.drivers());
      return found ? nothing.then(() => found.end.session.control.release()) : false;
    },
  },
  "who drives drops out for a moment": {
    weight: 3,
    act(stage) {
      const network = stage.pick(stage.drivers())?.end.network;
      if (!network) return false;
      stage.world.clock.after(3 * second, () => network.mend());
      return network.cut();
    },
  },
  "who drives goes on in another tab": {
    weight: 1.5,
    act(stage) {
      const found = stage.pick(stage.drivers());
      if (!found) return false;
      stage.startTab(found.seat, found.end.as, { session: found.end.tab.session });
      return nothing;
    },
  },
  "someone stops the robot": {
    weight: 2,
    act(stage) {
      const found = stage.pick(stage.clients());
      return found ? nothing.then(() => found.end.session.control.stop("look out")) : false;
    },
  },
  "an owner ends a session": {
    weight: 1.5,
    act(stage) {
      const found = stage.pick(stage.clients().filter(({ end }) => end.session.id !== undefined));
      if (!found) return false;
      stage.insist("POST", `/v1/robots/${found.seat.robot.id}/sessions/${found.end.session.id}/end`, {
        as: owner,
        body: { reason: "night" },
      });
      return nothing;
    },
  },
  "an access is taken, and given again": {
    weight: 1.5,
    act(stage) {
      const seat = stage.pick(stage.open());
      if (!seat) return false;
      const [path, [to, role]] = [
        `/v1/robots/${seat.robot.id}/grants`,
        stage.pick([
          [operator, "operator"],
          [viewer, "viewer"],
        ] as const) ?? [operator, "operator"],
      ];
      stage.insist("DELETE", `${path}/email:${to}`, { as: owner });
      stage.world.clock.after(4 * minute, () => stage.insist("PUT", path, { as: owner, body: { to: `email:${to}`, role } }));
      return nothing;
    },
  },
  "a user signs out everywhere": {
    weight: 0.4,
    act(stage) {
      const as = stage.pick([operator, viewer]) ?? operator;
      const sub = stage.world.system.identity.users.find(({ email }) => email === as)?.sub;
      stage.insist("POST", `/v1/users/${sub}/revoke`, { as });
      return nothing;
    },
  },
  "a key is revoked, and another registered": {
    weight: 1,
    act(stage) {
      const seat = stage.pick(stage.manned());
      if (!seat) return false;
      const { id, kid } = seat.robot;
      stage.insist("DELETE", `/v1/robots/${id}/credentials/${kid}?force=true`, { as: owner }, () => {
        stage.world.clock.after(2 * minute, () => stage.rekey(seat));
      });
      return nothing;
    },
  },
  "a robot is deleted": {
    weight: 0.3,
    act(stage) {
      const seat = stage.pick(stage.open());
      if (!seat || stage.open().length < 8) return false;
      seat.isDeleted = true;
      stage.insist("DELETE", `/v1/robots/${seat.robot.id}`, { as: owner });
      return nothing;
    },
  },
  "a connection never says hello": {
    weight: 2,
    act(stage) {
      const seat = stage.pick(stage.open());
      return seat ? startMisfit(stage, seat, { ...stage.pick([{}, { as: operator }]), hello: false }) : false;
    },
  },
  "a client sends no keepalives": {
    weight: 1,
    act(stage) {
      const seat = stage.pick(stage.open());
      return seat ? startMisfit(stage, seat, { as: admin, pings: false }) : false;
    },
  },
  "a client does not renew": {
    weight: 1.5,
    act(stage) {
      const seat = stage.pick(stage.open());
      return seat ? startMisfit(stage, seat, { as: viewer, lifeMs: 12 * minute }) : false;
    },
  },
  "a client does not hand over": {
    weight: 2,
    act(stage) {
      const seat = stage.pick(stage.open());
      return seat ? startMisfit(stage, seat, { as: admin }) : false;
    },
  },
  "an older machine does not heed": {
    weight: 0.7,
    act(stage) {
      const seat = stage.pick(stage.manned());
      if (!seat) return false;
      const start = (instance: string) => startMisfit(stage, seat, { instance });
      const [older, newer] = [`ins_older${stage.serial()}`, `ins_newer${stage.serial()}`];
      stage.world.clock.after(4 * second, () => void start(newer));
      stage.world.clock.after(8 * second, () => void start(older));
      return start(older);
    },
  },
  "a second sweeper runs": {
    weight: 2,
    // The store may be out of reach: then what is due stays due.
    act: (stage) => sweep(stage.world.system.env).catch(() => undefined),
  },
  "a storm of faults": {
    weight: 1,
    act(stage) {
      const { faults } = stage.world.system;
      faults.set(storm);
      stage.world.clock.after(40 * second, () => faults.set(weather));
      return nothing;
    },
  },
};

const total = Object.values(actions).reduce((sum, { weight }) => sum + weight, 0);

function drawn(at: number): string {
  let left = at * total;
  for (const [name, { weight }] of Object.entries(actions)) {
    left -= weight;
    if (left <= 0) return name;
  }
  return "ends talk";
}

/** Does one thing at random; nothing where there is nothing that it could happen to. */
export async function act(stage: Stage, name = drawn(stage.draw())): Promise<void> {
  const doing = actions[name]?.act(stage);
  if (doing === undefined || doing === false) return;
  stage.witness.done[name] = (stage.witness.done[name] ?? 0) + 1;
  await doing;
}
