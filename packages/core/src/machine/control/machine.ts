import type { Evidence } from "@tether/protocol/timeline";
import { type Free, type Held, type Kept, type Lease, overAt, requestsAt } from "../../live/control-lease.ts";
import type { Holder } from "../../store/holder.ts";
import type { Change, Event } from "./event.ts";

type State = Lease["state"];
type In<S extends State> = Extract<Lease, { state: S }>;
type On<T extends Event["type"]> = Extract<Event, { type: T }>;
type Cell<S extends State, T extends Event["type"]> = ((lease: In<S>, event: On<T>) => Change | "ignored") | "ignored";
type Table = { readonly [S in State]: { readonly [T in Event["type"]]: Cell<S, T> } };

const nameOf = ({ user }: Pick<Holder, "user">) => user.name ?? user.id;

/** The evidence of an entry: the former holder, and since when it drove. */
const drove = ({ holder }: Held | Kept): Evidence => ({ from: nameOf(holder), since: holder.since });

const spoken = (reason: string | undefined): Evidence => (reason === undefined ? {} : { reason });

type Handing = On<"granted" | "given" | "unanswered" | "taken">;

/** A new holder, a new epoch. Requests that the former holder did not answer are dropped with it. */
function hand(lease: Lease, event: Handing, because: Handing["type"]): Change {
  const { robotId, policy, epoch } = lease;
  const { at, actor, to, expiresAt } = event;
  const before = lease.state === "free" ? {} : drove(lease);
  const reason = event.type === "taken" ? event.reason : undefined;
  return {
    lease: { state: "held", robotId, policy, epoch: epoch + 1, holder: { ...to, since: at }, expiresAt, asked: [] },
    because,
    entry: {
      type: `control.${because}`,
      sessionId: to.sessionId,
      epoch: epoch + 1,
      actor,
      inferred: false,
      evidence: { ...before, to: nameOf(to), ...spoken(reason) },
    },
  };
}

const granted = (lease: Free, event: On<"granted">): Change => hand(lease, event, "granted");
const takenFree = (lease: Free, event: On<"taken">): Change => hand(lease, event, "granted");
const taken = (lease: Held | Kept, event: On<"taken">): Change | "ignored" =>
  lease.holder.sessionId === event.to.sessionId ? "ignored" : hand(lease, event, "taken");
const given = (lease: Held, event: On<"given">): Change | "ignored" =>
  lease.holder.sessionId === event.holder && event.to.sessionId !== event.holder ? hand(lease, event, "given") : "ignored";

function unanswered(lease: Held | Kept, event: On<"unanswered">): Change | "ignored" {
  const asked = requestsAt(lease, event.at).find(({ sessionId }) => sessionId === event.to.sessionId);
  return asked && event.at >= asked.answerBy ? hand(lease, event, "unanswered") : "ignored";
}

type Freeing = On<"released" | "ended" | "revoked" | "expired">;

function free(lease: Held | Kept, { type, actor }: Freeing): Change {
  const { robotId, policy, epoch, holder } = lease;
  return {
    lease: { state: "free", robotId, policy, epoch: epoch + 1 },
    because: type,
    entry: { type: `control.${type}`, sessionId: holder.sessionId, epoch, actor, inferred: false, evidence: drove(lease) },
  };
}

const freed = (lease: Held | Kept, event: On<"released" | "ended" | "revoked">): Change | "ignored" =>
  lease.holder.sessionId === event.holder ? free(lease, event) : "ignored";
const expired = (lease: Held | Kept, event: On<"expired">): Change | "ignored" =>
  event.at >= overAt(lease) ? free(lease, event) : "ignored";

/** The same epoch goes on for longer. Nobody but the holder is told, and the timeline has no line for it. */
function renewed(lease: Held, { holder, epoch, at, expiresAt }: On<"renewed">): Change | "ignored" {
  if (lease.holder.sessionId !== holder || lease.epoch !== epoch || at >= overAt(lease)) return "ignored";
  return { lease: { ...lease, expiresAt } };
}

/** A request names the holder that it was put to: another session that holds control by now was not asked, so its lease takes no note of it. D8.1 */
function asked(lease: Held, { at, actor, holder, by, id, answerBy }: On<"asked">): Change | "ignored" {
  if (lease.holder.sessionId !== holder || holder === by) return "ignored";
  const waiting = requestsAt(lease, at);
  if (waiting.some(({ sessionId }) => sessionId === by)) return "ignored";
  return {
    lease: { ...lease, asked: [...waiting, { sessionId: by, ...(id !== undefined && { id }), answerBy }] },
    entry: {
      type: "control.requested",
      sessionId: by,
      epoch: lease.epoch,
      actor,
      inferred: false,
      evidence: { from: nameOf(lease.holder) },
    },
  };
}

function denied(lease: Held | Kept, { at, actor, to, name, reason }: On<"denied">): Change | "ignored" {
  const requests = requestsAt(lease, at);
  const waiting = requests.filter(({ sessionId }) => sessionId !== to);
  if (waiting.length === requests.length) return "ignored";
  return {
    lease: { ...lease, asked: waiting },
    entry: {
      type: "control.denied",
      sessionId: to,
      epoch: lease.epoch,
      actor,
      inferred: false,
      evidence: { to: name, ...spoken(reason) },
    },
  };
}

function away(lease: Held, { holder, keptUntil, actor }: On<"away">): Change | "ignored" {
  if (lease.holder.sessionId !== holder) return "ignored";
  return { lease: { ...lease, state: "kept", keptUntil }, because: "away", entry: sameHolder(lease, "control.away", actor) };
}

function returned(lease: Kept, { holder, actor }: On<"returned">): Change | "ignored" {
  if (lease.holder.sessionId !== holder) return "ignored";
  const { keptUntil: _, ...held } = lease;
  return { lease: { ...held, state: "held" }, because: "returned", entry: sameHolder(lease, "control.returned", actor) };
}

function superseded(lease: Held, { holder, instance, actor }: On<"superseded">): Change | "ignored" {
  if (lease.holder.sessionId !== holder || lease.holder.instance === instance) return "ignored";
  const after = { ...lease, epoch: lease.epoch + 1, holder: { ...lease.holder, instance } };
  return { lease: after, because: "superseded", entry: sameHolder(after, "control.superseded", actor) };
}

function sameHolder(lease: Held | Kept, type: "control.away" | "control.returned" | "control.superseded", actor: Event["actor"]) {
  return { type, sessionId: lease.holder.sessionId, epoch: lease.epoch, actor, inferred: false, evidence: drove(lease) };
}

const table: Table = {
  free: {
    granted,
    given: "ignored",
    unanswered: "ignored",
    taken: takenFree,
    renewed: "ignored",
    asked: "ignored",
    denied: "ignored",
    away: "ignored",
    returned: "ignored",
    superseded: "ignored",
    expired: "ignored",
    released: "ignored",
    ended: "ignored",
    revoked: "ignored",
  },
  held: {
    granted: "ignored",
    given,
    unanswered,
    taken,
    renewed,
    asked,
    denied,
    away,
    returned: "ignored",
    superseded,
    expired,
    released: freed,
    ended: freed,
    revoked: freed,
  },
  kept: {
    granted: "ignored",
    given: "ignored",
    unanswered,
    taken,
    renewed: "ignored",
    asked: "ignored",
    denied,
    away: "ignored",
    returned,
    superseded: "ignored",
    expired,
    released: freed,
    ended: freed,
    revoked: freed,
  },
};

/** The lease's next state, or `ignored`. Pure; the caller stores it. */
export function next(lease: Lease, event: Event): Change | "ignored" {
  // The table pairs each state with its own lease and each event with its own cell; TypeScript cannot follow the look-up.
  const cell = table[lease.state][event.type] as ((lease: Lease, event: Event) => Change | "ignored") | "ignored";
  return cell === "ignored" ? "ignored" : cell(lease, event);
}
