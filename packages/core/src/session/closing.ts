import { bye } from "@tether/protocol/frame/bye";
import { limits } from "@tether/protocol/limits";
import type { Outbox } from "../outbox.ts";
import type { Store } from "../store/index.ts";
import { shardOf } from "../store/session.ts";
import type { Ending } from "./session.ts";

type Env = { store: Store; outbox: Outbox };

/** A connection that a transition took its session from, and what it is to be told. */
export type Closing = Ending & { readonly connectionId: string };

/** The item that stands until it is done. The sweeper looks at it once no handler can still be about it. */
export function toClosingItem(closing: Closing, about: { sessionId: string; at: number }) {
  const { sessionId, at } = about;
  return { ...closing, sessionId, dueAt: at + limits.gateway.integrationMs, shard: shardOf(sessionId) };
}

/** Tells connections why, then closes them. Where the gateway did not take the word, the sweeper comes back to it. */
export async function shut(env: Env, closings: readonly Closing[]): Promise<void> {
  await Promise.all(
    closings.map(async ({ connectionId, ...ending }) => {
      const posted = await env.outbox.post(connectionId, bye(ending));
      await env.outbox.close(connectionId);
      // What is not deleted is found gone by the sweeper: no reason to fail what led here.
      if (posted !== "failed")
        await env.store.entities.closing
          .delete({ connectionId })
          .go()
          .catch(() => undefined);
    }),
  );
}

/** The sweeper's turn at one that was left: by the gateway's word it is done, or is done now. */
export async function shutLeft(env: Env, closing: Closing): Promise<void> {
  const { connectionId } = closing;
  if ((await env.outbox.probe(connectionId)) === "gone") await env.store.entities.closing.delete({ connectionId }).go();
  else await shut(env, [closing]);
}
