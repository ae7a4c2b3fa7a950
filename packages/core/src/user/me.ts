import type { Me } from "@tether/protocol/http";
import type { Problem } from "@tether/protocol/problem";
import type { Caller } from "../access/caller.ts";
import { unrevoked } from "../access/revoked.ts";
import type { Store } from "../store/index.ts";

export async function me(env: { store: Store }, caller: Caller): Promise<Me | Problem> {
  const { sub, email, name, groups } = caller;
  const refused = await unrevoked(env, caller);
  return refused ?? { id: sub, ...(email !== undefined && { email }), ...(name !== undefined && { name }), groups: [...groups] };
}
