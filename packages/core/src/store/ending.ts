import type { Actor } from "@tether/protocol/actor";
import type { Cause } from "@tether/protocol/cause";
import type { Evidence } from "@tether/protocol/timeline";

/** Why a session is away or over, or a connection is closed. */
export type Ending = { readonly cause: Cause; readonly actor: Actor; readonly inferred: boolean; readonly evidence?: Evidence };
