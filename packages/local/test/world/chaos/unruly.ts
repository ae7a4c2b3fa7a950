import type { RawEnd } from "../raw-end.ts";
import { admin, operator, viewer } from "../world.ts";
import type { Actions } from "./action.ts";
import { startMisfit } from "./misfit.ts";

const second = 1_000;
const minute = 60 * second;

/** What ends do that no SDK of ours would be. */
export const unruly: Actions = {
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
    weight: 2,
    act(stage) {
      const seat = stage.pick(stage.manned());
      if (!seat) return false;
      const start = (instance: string, former?: RawEnd) => startMisfit(stage, seat, { instance, former });
      const [older, newer] = [`ins_older${stage.serial()}`, `ins_newer${stage.serial()}`];
      return start(older).then((first) => {
        stage.world.clock.after(4 * second, () => void start(newer));
        stage.world.clock.after(8 * second, () => void start(older, first));
      });
    },
  },
};
