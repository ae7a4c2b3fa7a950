import type { RawEnd } from "../raw-end.ts";
import { admin, operator, viewer } from "../world.ts";
import type { Actions } from "./action.ts";
import { startMisfit } from "./misfit.ts";

const second = 1_000;
const minute = 60 * second;

/** Actions of ends that no SDK of ours would do. */
export const unruly: Actions = {
  "a connection never says hello": {
    weight: 2,
    act(stage) {
      const manned = stage.pick(stage.open());
      return manned ? startMisfit(stage, manned, { ...stage.pick([{}, { as: operator }]), hello: false }) : false;
    },
  },
  "a client sends no keepalives": {
    weight: 1,
    act(stage) {
      const manned = stage.pick(stage.open());
      return manned ? startMisfit(stage, manned, { as: admin, pings: false }) : false;
    },
  },
  "a client does not renew": {
    weight: 1.5,
    act(stage) {
      const manned = stage.pick(stage.open());
      return manned ? startMisfit(stage, manned, { as: viewer, lifeMs: 12 * minute }) : false;
    },
  },
  "a client does not hand over": {
    weight: 2,
    act(stage) {
      const manned = stage.pick(stage.open());
      return manned ? startMisfit(stage, manned, { as: admin }) : false;
    },
  },
  "an older machine does not heed": {
    weight: 2,
    act(stage) {
      const manned = stage.pick(stage.manned());
      if (!manned) return false;
      const start = (instance: string, former?: RawEnd) => startMisfit(stage, manned, { instance, former });
      const [older, newer] = [`ins_older${stage.serial()}`, `ins_newer${stage.serial()}`];
      return start(older).then((first) => {
        stage.world.clock.after(4 * second, () => void start(newer));
        stage.world.clock.after(8 * second, () => void start(older, first));
      });
    },
  },
};
