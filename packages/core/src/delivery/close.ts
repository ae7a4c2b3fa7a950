import { bye } from "@tether/protocol/frame/bye";
import type { Closing } from "../machine/session/closing.ts";
import type { Outbox } from "../outbox.ts";
import type { Store } from "../store/index.ts";

type Env = { store: Store; outbox: Outbox };

/** Tells connections why, then closes them. Where the gateway did not take the frame or did not close, the sweeper tries again. */
export async function closeAll(env: Env, closings: readonly Closing[]): Promise<void> {
  await Promise.all(
    closings.map(async ({ connectionId, ...ending }) => {
      const posted = await env.outbox.post(connectionId, bye(ending));
      const closed = await env.outbox.close(connectionId);
      // An item that is not deleted is left to the sweeper: no reason to fail what led here.
      if (posted !== "failed" && closed === "closed")
        await env.store.entities.closing
          .delete({ connectionId })
          .go()
          .catch(() => undefined);
    }),
  );
}

/** Finishes a closing that a handler left halfway: the gateway says that it is done, or it is done now. */
export async function closeLeftover(env: Env, closing: Closing): Promise<void> {
  const { connectionId } = closing;
  if ((await env.outbox.probe(connectionId)) === "gone") await env.store.entities.closing.delete({ connectionId }).go();
  else await closeAll(env, [closing]);
}
