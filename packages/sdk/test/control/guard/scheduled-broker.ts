import type { ControlPermit } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import type { Happening } from "../../../src/control/guard/event.ts";
import type { Agenda } from "./agenda.ts";
import { blindMs, deadmanMs, maxAgeMs, skew, stopMs } from "./bounds.ts";
import type { Dice } from "./dice.ts";
import type { Judge } from "./judge.ts";
import { type Operator, robot } from "./participants.ts";

type Scheduled = {
  readonly dice: Dice;
  readonly agenda: Agenda;
  readonly judge: Judge;
  readonly put: (happening: Happening) => void;
  readonly steal: (permit: ControlPermit | undefined) => void;
};

/** A broker that gives, renews and takes control; what it tells the robot comes late, twice or not at all. */
export function createScheduledBroker({ dice, agenda, judge, put, steal }: Scheduled) {
  const { below, chance } = dice;
  const { now, later, loseFrames } = agenda;
  const control: { epoch: number; holder: Operator | undefined; expiresAt: number } = { epoch: 0, holder: undefined, expiresAt: 0 };
  let isHeard = false;

  function announce(holder = control.holder): void {
    if (!isHeard) return;
    const { epoch } = control;
    const released = holder === undefined;
    const deliver = () => {
      if (!isHeard) return;
      judge.told(epoch, holder?.session);
      put({ type: "noticed", notice: { epoch, session: holder?.session, released } });
    };
    if (chance(90)) later(below(400), deliver, true);
    if (chance(20)) later(below(2_000), deliver, true);
  }

  function issue(operator: Operator): void {
    control.expiresAt = now() + limits.control.leaseMs;
    const { session } = operator;
    const dated = { epoch: control.epoch, issuedAt: now(), expiresAt: control.expiresAt };
    const permit = { robot, session, user: "user", ...dated, deadmanMs, maxAgeMs, blindMs, stopMs };
    judge.signed(permit);
    operator.permits.push(permit);
    if (chance(90)) later(below(400), () => show(permit, operator), true);
  }

  function show(permit: ControlPermit | undefined, on: Operator): void {
    if (permit && permit.robot === robot && permit.session === on.session) judge.shown(permit);
    put({ type: "permitShown", pair: on.pair, session: on.session, permit });
  }

  function change(holder: Operator | undefined): void {
    control.epoch += 1;
    control.holder = holder;
    if (holder) {
      holder.seq = 0;
      issue(holder);
      if (chance(20)) steal(holder.permits.at(-1));
    }
    announce();
  }

  return {
    control: control as Readonly<typeof control>,
    issue,
    show,
    change,
    /** A broker that crashes loses what it has to say, maybe all of it. */
    crash: loseFrames,
    /** A broker whose table is that of yesterday gives an epoch away a second time. */
    giveEpochAgain(other: Operator): void {
      const { holder } = control;
      issue(other);
      announce(other);
      control.holder = holder;
    },
    lose(): void {
      isHeard = false;
      judge.lost(now());
      put({ type: "signallingLost" });
    },
    welcome(tellsHolder = true): void {
      isHeard = true;
      const { epoch, holder } = control;
      judge.welcomed(now());
      if (tellsHolder) judge.told(epoch, holder?.session);
      else judge.toldNothing();
      const notice = tellsHolder ? { epoch, session: holder?.session, released: false } : undefined;
      put({ type: "welcomed", serverTime: now() - below(skew.welcomeMs), notice });
    },
    /** Control of which the lease is over is free. */
    expire(): void {
      if (control.holder && now() >= control.expiresAt) change(undefined);
    },
  };
}
