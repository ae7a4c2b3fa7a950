import type { Credential } from "@tether/protocol/http";
import { registerCredential } from "@tether/protocol/route/credential";
import { assertion } from "../assertion/assertion.ts";
import { byServerClock } from "../assertion/by-server-clock.ts";
import { type PrivateKey, signerFromJwk } from "../assertion/signer.ts";
import type { Platform } from "../platform.ts";
import { publicKeyOf } from "./key-pair.ts";
import { proof } from "./proof.ts";
import { type Answered, problemOf, request } from "./request.ts";

export type AnnounceEnv = Pick<Platform, "fetch" | "clock" | "random"> & { readonly api: string; readonly robot: string };

type Next = { readonly current: PrivateKey; readonly next: PrivateKey; readonly retireNow?: boolean | undefined };

/** Registers a robot's next key on the word of its current one; asked again, the same is answered. K1 */
export async function announce(env: AnnounceEnv, { current, next, retireNow }: Next): Promise<Answered<Credential>> {
  const { api, robot } = env;
  const [signer, nextSigner] = await Promise.all([signerFromJwk(current), signerFromJwk(next)]);
  const audience = new URL(api).origin;
  const ask = async (at: number) => {
    const body = {
      publicKey: publicKeyOf(next),
      proof: await proof(nextSigner, { subject: robot, audience, at }),
      assertion: await assertion({ ...env, signer }, { robot, audience, at }),
      ...(retireNow && { retireNow }),
    };
    return request(env, registerCredential, { params: { robot }, body });
  };
  return byServerClock(env.clock.now(), ask, problemOf);
}
