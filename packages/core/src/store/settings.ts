import type { ControlPolicy } from "@tether/protocol/control";
import type { Grace, Presence } from "@tether/protocol/http";

/** What an owner may set for a robot; a setting that is absent has its default. */
export type Settings = { readonly control?: ControlPolicy | undefined; readonly grace?: Grace | undefined };

/** The stop in force, where there is one. */
export type Stopped = { readonly stop?: Presence["stop"] | undefined };
