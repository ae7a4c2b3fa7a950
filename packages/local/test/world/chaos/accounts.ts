import { type Account, accountCauses } from "@tether/protocol/account";
import { type Action, type Actions, nothing } from "./action.ts";
import type { Stage } from "./stage.ts";

const second = 1_000;
const service = 20 * second;

type Cause = Account["cause"];

/** The driver is to blame: the robot leaves and says why, and its service starts it again. P9 */
function leave(stage: Stage, why: Account): Promise<unknown> | false {
  const manned = stage.pick(stage.manned());
  const machine = manned?.machine;
  if (!manned || !machine) return false;
  stage.world.clock.after(service, () => {
    // By then another machine may run, or the robot be gone.
    if (!manned.isDeleted && manned.machine === machine) void stage.startMachine(manned);
  });
  return nothing.then(() => void machine.session.leave("The driver is to blame.", why));
}

/** A run ends without a word, and the next one says what ended it. P9 */
function returnWith(stage: Stage, before: Account): Promise<unknown> | false {
  const manned = stage.pick(stage.manned());
  const machine = manned?.machine;
  if (!manned || !machine) return false;
  stage.world.clock.after(service, () => {
    if (!manned.isDeleted && manned.machine === machine) void stage.startMachine(manned, before);
  });
  return nothing.then(() => machine.session.close());
}

/** An agent signs off, and its next version says that it is another. P9 */
function update(stage: Stage, before: Account): Promise<unknown> | false {
  const manned = stage.pick(stage.manned());
  const machine = manned?.machine;
  if (!manned || !machine) return false;
  stage.world.clock.after(service, () => {
    if (!manned.isDeleted && manned.machine === machine) void stage.startMachine(manned, before);
  });
  return nothing.then(() => void machine.session.leave("The agent was stopped."));
}

/** The robot reports mishaps while its session goes on. P10, P12 */
function report(stage: Stage, account: Account): Promise<unknown> | false {
  const machine = stage.pick(stage.manned().filter(({ machine }) => machine?.session.status === "online"))?.machine;
  return machine ? nothing.then(() => machine.session.report(account)) : false;
}

const ways: Readonly<Record<Cause, (stage: Stage, account: Account) => Promise<unknown> | false>> = {
  "driver.ended": leave,
  "driver.hung": leave,
  "driver.flooded": leave,
  "driver.looping": leave,
  "driver.none": report,
  "agent.hung": report,
  "agent.crashed": returnWith,
  "agent.killed": returnWith,
  "power.lost": returnWith,
  "agent.updated": update,
};

const actionOf = (cause: Cause): Action => ({ weight: 0.4, act: (stage) => ways[cause](stage, { cause }) });

/** The mishaps of robots by their own account, each cause there is. */
export const accounts: Actions = Object.fromEntries(accountCauses.map((cause) => [`a robot tells of ${cause}`, actionOf(cause)]));
