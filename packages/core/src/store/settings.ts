import type { ControlPolicy } from "@tether/protocol/control";
import type { Grace } from "@tether/protocol/http";

/** What an owner may set for a robot; a setting that is absent has its default. */
export type Settings = { readonly control?: ControlPolicy | undefined; readonly grace?: Grace | undefined };
