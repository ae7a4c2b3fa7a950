import { Credential, type CredentialRegister } from "@tether/protocol/http";
import { assertion } from "../assertion/assertion.ts";
import { type PrivateKey, signerFromJwk } from "../assertion/signer.ts";
import type { Platform } from "../platform.ts";
import { byServerClock } from "./by-server-clock.ts";
import { publicKeyOf } from "./key-pair.ts";
import { proof } from "./proof.ts";
import { type Answered, request } from "./request.ts";

export type AnnounceEnv = Pick<Platform, "fetch" | "clock" | "random"> & { readonly api: string; readonly robot: string };

type Next = { readonly current: PrivateKey; readonly next: PrivateKey; readonly retireNow?: boolean | undefined };

/** Registers a robot's next key on the word of its current one; asked again, the same is answered. K1 */
export async function announce(env: AnnounceEnv, { current, next, retireNow }: Next): Promise<Answered<Credential>> {
  const { api, robot } = env;
  const [signer, nextSigner] = await Promise.all([signerFromJwk(current), signerFromJwk(next)]);
  const audience = new URL(api).origin;
  const url = new URL(`/v1/robots/${encodeURIComponent(robot)}/credentials`, api).href;
  return byServerClock(env.clock, async (at) => {
    const body: CredentialRegister = {
      publicKey: publicKeyOf(next),
      proof: await proof(nextSigner, { subject: robot, audience, at }),
      assertion: await assertion({ ...env, signer }, { robot, audience, at }),
      ...(retireNow && { retireNow }),
    };
    return request(env, url, body, Credential);
  });
}
