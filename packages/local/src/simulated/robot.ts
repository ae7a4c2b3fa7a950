import type { PublicKey } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { type Platform, type PrivateKey, serve, signerFromJwk } from "@tether/sdk/robot";
import { createEnd, type End, type Report } from "./end.ts";

/** A key pair as JWKs; the private one never leaves the robot. */
export type KeyPair = { readonly publicKey: PublicKey; readonly privateKey: PrivateKey };

export async function makeKeyPair(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { kty, crv, x, d } = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as {
    kty: "OKP";
    crv: "Ed25519";
    x: string;
    d: string;
  };
  return { publicKey: { kty, crv, x }, privateKey: { kty, crv, x, d } };
}

type RobotOptions = {
  readonly api: string;
  readonly robot: RobotId;
  readonly key: PrivateKey;
  readonly platform?: Partial<Platform>;
  readonly report: (report: Report) => void;
};

/** A robot that answers whoever attaches: every command that comes over the data channel is answered with telemetry. */
export async function startRobot({ api, robot, key, platform, report }: RobotOptions): Promise<End> {
  const session = serve({ api, robot, signer: await signerFromJwk(key), ...(platform && { platform }) });
  const end = createEnd(session, "robot", (said) => {
    report(said);
    if (said.event === "channel.heard" && said.data.startsWith("command ")) end.say(said.data.replace("command", "telemetry"));
  });
  return end;
}
