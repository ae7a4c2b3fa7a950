import type { Enrolled } from "@tether/protocol/http";
import { redeemEnrollment } from "@tether/protocol/route/credential";
import { byServerClock } from "../assertion/by-server-clock.ts";
import { type PrivateKey, signerFromJwk } from "../assertion/signer.ts";
import type { Platform } from "../platform.ts";
import { problemReason } from "../problem-reason.ts";
import { hashOfCode } from "./code.ts";
import { publicKeyOf } from "./key-pair.ts";
import { proof } from "./proof.ts";
import { type Answered, problemOf, request } from "./request.ts";

/** The means by which a robot enrolls: a one-time code, and the first key that it made for itself. */
export type Enrollment = {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  /** The one-time code, as an owner of the robot was given it. Hyphens, blanks and small letters do not matter. */
  readonly code: string;
  /** Keep it before this is called: the answer may be lost, and then only this very key is let in by the code again. N5 */
  readonly key: PrivateKey;
};

/** Registers a robot's first key with a one-time code. Rejects only for a key that is none. */
export async function redeem(env: Pick<Platform, "fetch" | "clock">, { api, code, key }: Enrollment): Promise<Answered<Enrolled>> {
  const subject = await hashOfCode(code);
  if (subject === undefined) return { refusal: { reason: problemReason("enrollment.invalid"), retry: "never", afterMs: 0 } };
  const signer = await signerFromJwk(key);
  const audience = new URL(api).origin;
  const ask = async (at: number) => {
    const body = { code, publicKey: publicKeyOf(key), proof: await proof(signer, { subject, audience, at }) };
    return request({ ...env, api }, redeemEnrollment, { body });
  };
  return byServerClock(env.clock.now(), ask, problemOf);
}
