import { operator, owner, viewer } from "../world.ts";
import { type Actions, nothing } from "./action.ts";
import type { Stage } from "./stage.ts";

const second = 1_000;
const minute = 60 * second;

function endOneOf(stage: Stage, clients: ReturnType<Stage["clients"]>): Promise<unknown> | false {
  const found = stage.pick(clients.filter(({ end }) => end.session.id !== undefined));
  if (!found) return false;
  const path = `/v1/robots/${found.manned.robot.id}/sessions/${found.end.session.id}/end`;
  stage.insist("POST", path, { as: owner, body: { reason: "night" } });
  return nothing;
}

/** Actions of people: they drive, and owners and users change sessions. */
export const people: Actions = {
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
      const held = new Map(stage.drivers().map(({ manned, end }) => [manned, end]));
      const found = stage.pick(
        stage.clients().filter(({ manned, end }) => end.as === owner && held.has(manned) && held.get(manned) !== end),
      );
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
  "who drives leaves": {
    weight: 1.5,
    act(stage) {
      const found = stage.pick(stage.drivers());
      return found ? nothing.then(() => void found.end.session.leave("home")) : false;
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
      stage.startTab(found.manned, found.end.as, { session: found.end.tab.session });
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
    act: (stage) => endOneOf(stage, stage.clients()),
  },
  "an owner ends the session of who drives": {
    weight: 1,
    act: (stage) => endOneOf(stage, stage.drivers()),
  },
  "an access is taken, and given again": {
    weight: 1.5,
    act(stage) {
      const manned = stage.pick(stage.open());
      if (!manned) return false;
      const [path, [to, role]] = [
        `/v1/robots/${manned.robot.id}/grants`,
        stage.pick([
          [operator, "operator"],
          [viewer, "viewer"],
        ] as const) ?? [operator, "operator"],
      ];
      stage.insist("DELETE", `${path}?to=email:${to}`, { as: owner });
      stage.world.clock.after(4 * minute, () => stage.insist("PUT", path, { as: owner, body: { to: `email:${to}`, role } }));
      return nothing;
    },
  },
  "a user signs out everywhere": {
    weight: 0.4,
    act(stage) {
      const as = stage.pick(stage.clients().filter(({ end }) => end.as === operator || end.as === viewer))?.end.as;
      if (as === undefined) return false;
      const sub = stage.world.system.identity.users.find(({ email }) => email === as)?.sub;
      stage.insist("POST", `/v1/users/revoke?sub=${sub}`, { as });
      return nothing;
    },
  },
  "a key is revoked, and another registered": {
    weight: 1,
    act(stage) {
      const manned = stage.pick(stage.manned());
      if (!manned) return false;
      const { id, kid } = manned.robot;
      stage.insist("DELETE", `/v1/robots/${id}/credentials/${kid}?force=true`, { as: owner }, () => {
        stage.world.clock.after(2 * minute, () => stage.rekey(manned));
      });
      return nothing;
    },
  },
  "a robot is deleted": {
    weight: 0.3,
    act(stage) {
      const manned = stage.pick(stage.open());
      if (!manned || stage.open().length < 8) return false;
      manned.isDeleted = true;
      stage.insist("DELETE", `/v1/robots/${manned.robot.id}`, { as: owner });
      return nothing;
    },
  },
};
