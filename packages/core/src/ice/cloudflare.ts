import { IceServer } from "@tether/protocol/ice-server";
import { limits } from "@tether/protocol/limits";
import * as z from "zod/mini";
import type { IceProvider } from "./provider.ts";

export type CloudflareEnv = {
  readonly fetch: typeof globalThis.fetch;
  /** Told that credentials could not be had, and why: a status or an error's name. */
  readonly warn: (reason: string) => void;
};

const Answer = z.object({ iceServers: z.array(IceServer) });

/** Cloudflare's STUN asks for no credential. */
const stunOnly: readonly IceServer[] = [{ urls: ["stun:stun.cloudflare.com:3478"] }];

type Had = { readonly servers: IceServer[]; readonly since: number };

/**
 * Cloudflare's TURN (https://developers.cloudflare.com/realtime/turn/generate-credentials/). One set of credentials serves all
 * whom this instance answers until a third of its life is over, so that what is left is never short.
 */
export function cloudflareIce({ keyId, token }: { keyId: string; token: string }, { fetch, warn }: CloudflareEnv): IceProvider {
  const url = `https://rtc.live.cloudflare.com/v1/turn/keys/${encodeURIComponent(keyId)}/credentials/generate-ice-servers`;
  const { lifeMs, answerMs, retryMs } = limits.ice;
  let had: Had | undefined;
  let asking: Promise<Had | undefined> | undefined;
  let quietUntil = 0;

  async function ask(now: number): Promise<Had | undefined> {
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ ttl: lifeMs / 1000 }),
        redirect: "error",
        signal: AbortSignal.timeout(answerMs),
      });
      if (!answer.ok) return fail(now, `status ${answer.status}`);
      const { iceServers } = Answer.parse(await answer.json());
      return { servers: iceServers.map(usable).filter(({ urls }) => urls.length > 0), since: now };
    } catch (error) {
      return fail(now, error instanceof Error ? error.name : "unknown");
    }
  }

  /** A service that is down is left alone for a while: each ticket would wait for it. */
  function fail(now: number, reason: string): undefined {
    quietUntil = now + retryMs;
    warn(reason);
  }

  return {
    async servers(_principalId, now) {
      const age = had === undefined ? Number.POSITIVE_INFINITY : now - had.since;
      if (age >= lifeMs / 3 && now >= quietUntil) {
        asking ??= ask(now).finally(() => {
          asking = undefined;
        });
        had = (await asking) ?? had;
      }
      // If no new credentials can be had, the old ones serve as long as half of their life is left.
      return had !== undefined && now - had.since < lifeMs / 2 ? had.servers : [...stunOnly]; // I3
    },
  };
}

/** Browsers do not connect to port 53, and wait for it in vain. */
function usable(server: IceServer): IceServer & { urls: string[] } {
  return { ...server, urls: [server.urls].flat().filter((url) => !/:53(\?|$)/.test(url)) };
}
