import type { Actor } from "@tether/protocol/actor";
import type { ControlBecause } from "@tether/protocol/frame/control";
import type { ClientSessionId, InstanceId } from "@tether/protocol/id";
import type { Free, Held, Kept } from "../../live/control-lease.ts";
import type { Holder } from "../../store/holder.ts";
import type { Entry } from "../../timeline/entry.ts";

type By = { readonly at: number; readonly actor: Actor };
/** Happens only while this session holds control. */
type Of = By & { readonly holder: ClientSessionId };
/** `isWatched`: others are attached, who are to know who drives. */
type To = { readonly to: Omit<Holder, "since">; readonly expiresAt: number; readonly isWatched?: boolean };

/** Every event of a control lease, in the past tense. */
export type Event =
  /** Control was free. */
  | (By & To & { readonly type: "granted" })
  | (Of & To & { readonly type: "given" })
  | (By & To & { readonly type: "unanswered" })
  | (By & To & { readonly type: "taken"; readonly reason: string })
  | (Of & { readonly type: "renewed"; readonly epoch: number; readonly expiresAt: number })
  | (Of & { readonly type: "asked"; readonly by: ClientSessionId; readonly id: string | undefined; readonly answerBy: number })
  | (By & { readonly type: "denied"; readonly to: ClientSessionId; readonly name: string; readonly reason: string | undefined })
  | (Of & { readonly type: "away"; readonly keptUntil: number })
  | (Of & { readonly type: "returned" })
  /** Another instance goes on with the holder's session. */
  | (Of & { readonly type: "superseded"; readonly instance: InstanceId })
  | (By & { readonly type: "expired" })
  | (Of & { readonly type: "released" })
  | (Of & { readonly type: "ended" })
  | (Of & { readonly type: "revoked" });

type Unversioned<L> = L extends unknown ? Omit<L, "version"> : never;

/** A transition: what the lease is then, what everyone attached is told, and what the timeline says. */
export type Change = {
  readonly lease: Unversioned<Free | Held | Kept>;
  readonly because?: ControlBecause;
  readonly entry?: Entry & { readonly sessionId: ClientSessionId };
};
