import type { ControlPolicy } from "@tether/protocol/control";
import type { Grace, Presence } from "@tether/protocol/http";

/** A robot's settings, which its owners may change; a setting that is absent has its default. */
export type Settings = { readonly control?: ControlPolicy | undefined; readonly grace?: Grace | undefined };

/** The stop in force, where there is one. */
export type Stopped = { readonly stop?: Presence["stop"] | undefined };
