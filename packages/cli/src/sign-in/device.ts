import { printable } from "@tether/program/printable";
import { initiateDeviceAuthorization, pollDeviceAuthorizationGrant } from "openid-client";
import type { Context } from "../context.ts";
import type { Trouble } from "../exit.ts";
import { isPrivateWay } from "../http/ask.ts";
import { type Issuer, unsafe } from "./issuer.ts";
import { scopeOf } from "./request.ts";
import { granted, type Tokens } from "./tokens.ts";
import { Unanswered } from "./unanswered.ts";

/** Signs in by a code that the user types in on any other device (RFC 8628). */
export async function tokensByDevice(context: Context, issuer: Issuer): Promise<Tokens | Trouble> {
  if (issuer.metadata.device_authorization_endpoint === undefined)
    return {
      exit: "refused",
      code: "sign-in.device",
      says: "The issuer gives no codes for other devices.",
      remedy: "Run: tether sign-in --no-open. Open what it prints on any machine, and paste the address at which that browser ends.",
    };
  return granted(context, issuer, async () => {
    const begun = await initiateDeviceAuthorization(issuer.configuration, scopeOf(issuer));
    const { verification_uri: url, user_code: code } = begun;
    if (!isPrivateWay(url)) throw new Unanswered(unsafe(issuer.metadata.issuer));
    const words = `On any device, open\n\n  ${printable(url)}\n\nand type in the code ${printable(code)}\n`;
    context.say.event(words, { event: "sign-in", url, code });
    return pollDeviceAuthorizationGrant(issuer.configuration, begun);
  });
}
