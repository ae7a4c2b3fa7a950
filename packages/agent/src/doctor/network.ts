import { proxyRefusal, type Unreachable, whyUnreachable } from "@tether/program/network";
import type { Server } from "@tether/program/reach";
import { long } from "@tether/program/skew";
import { getHealth } from "@tether/protocol/route/service";
import { ask } from "@tether/sdk/api/ask";
import { bad, type Finding, good, skipped } from "@tether/sdk/diagnosis/finding";
import type { DoctorEnv, RobotCheck } from "./check.ts";

const noAddress = skipped("It takes the service's address.");

/** Beyond this the SDK's own correction is told of, in ms: `Date` is exact to the second at best. */
const clockMs = 60_000;

/** From the name of the service to its answer. */
export const networkChecks: readonly RobotCheck[] = [
  {
    id: "proxy",
    title: "Proxy",
    async run(env, { api }) {
      if (api === undefined) return noAddress;
      try {
        const status = await env.reach.tunnel(api);
        if (status === undefined) return skipped("The environment names no proxy for this address.");
        return status === 200 ? good("The proxy lets this robot through to the service.") : bad(proxyRefusal(api, status));
      } catch (error) {
        return bad(why(env, api, error, true));
      }
    },
  },
  {
    id: "dns",
    title: "DNS",
    async run(env, { api }) {
      if (api === undefined) return noAddress;
      if (env.reach.isProxied(api)) return skipped("The proxy looks the name up.");
      try {
        const addresses = await env.reach.resolve(new URL(api).hostname);
        return good(`${new URL(api).hostname} is ${addresses.join(", ")}.`);
      } catch (error) {
        return bad(why(env, api, error));
      }
    },
  },
  {
    id: "tls",
    title: "TLS",
    async run(env, found) {
      const { api } = found;
      if (api === undefined) return noAddress;
      try {
        const server = await env.reach.greet(api, { unverified: false });
        note(env, found, server, true);
        return certificateOf(server, new URL(api).host);
      } catch (error) {
        const reason = why(env, api, error);
        // By the certificate alone nobody knows which of the two is wrong, so the server is asked for the time, and for nothing else.
        const server = await env.reach.greet(api, { unverified: true }).catch(() => undefined);
        if (server) note(env, found, server, false);
        return bad(reason);
      }
    },
  },
  {
    id: "clock",
    title: "Clock",
    async run({ platform }, { date }) {
      if (!date) return skipped("No server told its time.");
      const now = new Date(platform.clock.now()).toISOString().slice(0, 19).replace("T", " ");
      const by = date.isVerified ? "the service's" : "that of the server, whose certificate was not accepted";
      if (Math.abs(date.aheadMs) <= clockMs) return good(`It says ${now} UTC, which agrees with ${by}.`);
      return bad({
        code: "clock.off",
        says: `It says ${now} UTC, and is ${long(Math.abs(date.aheadMs))} ${date.aheadMs > 0 ? "behind" : "ahead of"} ${by}.`,
        remedy: "Set the clock: sudo timedatectl set-ntp true, or by hand with: sudo date -s TIME.",
      });
    },
  },
  {
    id: "api",
    title: "API",
    async run({ platform }, { api }) {
      if (api === undefined) return noAddress;
      const health = await ask({ fetch: platform.fetch, api }, getHealth, {});
      return "failure" in health ? bad(health.failure) : good("The service answers.");
    },
  },
];

function why({ platform, reach }: DoctorEnv, url: string, error: unknown, proxied = reach.isProxied(url)): Unreachable {
  return whyUnreachable(error, { url, now: platform.clock.now(), proxied });
}

function note({ platform }: DoctorEnv, found: Parameters<RobotCheck["run"]>[1], { date }: Server, isVerified: boolean): void {
  if (date !== undefined) found.date = { aheadMs: date - platform.clock.now(), isVerified };
}

function certificateOf({ certificate }: Server, host: string): Finding {
  if (!certificate) return skipped("The address is not an encrypted one.");
  return good(
    `The certificate of ${host}, from ${certificate.issuer}, is good until ${new Date(certificate.until).toISOString().slice(0, 10)}.`,
  );
}
