import { admin, operator, owner, viewer } from "../world.ts";
import { type Actions, nothing } from "./action.ts";

const second = 1_000;
const clientsPerRobot = 5;

/** Ends come and go, and so do their networks. */
export const coming: Actions = {
  "a client attaches": {
    weight: 30,
    act(stage) {
      const manned = stage.pick(stage.open().filter(({ clients }) => clients.filter((end) => !end.isOver()).length < clientsPerRobot));
      if (!manned) return false;
      stage.startTab(manned, stage.pick([operator, operator, viewer, owner, admin]) ?? operator);
      return nothing;
    },
  },
  "ends talk": {
    weight: 8,
    act(stage) {
      const manned = stage.pick(stage.manned());
      if (!manned) return false;
      for (const end of [manned.machine, ...manned.clients]) end?.talk();
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
      stage.startTab(found.manned, found.end.as, found.end.tab);
      return nothing;
    },
  },
  "a tab is duplicated": {
    weight: 2,
    act(stage) {
      const found = stage.pick(stage.clients().filter(({ end }) => end.tab.session !== undefined));
      if (!found) return false;
      stage.startTab(found.manned, found.end.as, { session: found.end.tab.session });
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
  "the gateway closes a connection before its time": {
    weight: 2,
    act(stage) {
      const id = stage.pick(stage.connections());
      return id !== undefined && stage.world.system.gateway.connections.replace(id) && nothing;
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
      const manned = stage.pick(stage.open());
      if (!manned) return false;
      manned.machine?.session.close();
      return stage.startMachine(manned);
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
      const manned = stage.pick(stage.manned());
      return manned ? stage.startMachine(manned) : false;
    },
  },
  "two machines fight": {
    weight: 0.5,
    act(stage) {
      const manned = stage.pick(stage.manned());
      if (!manned) return false;
      for (const turn of [1, 2, 3]) stage.world.clock.after(turn * 25 * second, () => void stage.startMachine(manned));
      return stage.startMachine(manned);
    },
  },
};
