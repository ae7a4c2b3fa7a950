import { bye } from "@tether/protocol/frame/bye";
import type { Closing } from "../machine/session/closing.ts";
import type { Outbox } from "../outbox.ts";
import type { Store } from "../store/index.ts";

type Env = { store: Store; outbox: Outbox };

/** Tells connections why, then closes them. Where the gateway did not take the frame or did not close, the sweeper tries again. */
export async function closeAll(env: Env, closings: readonly Closing[]): Promise<void> {
  await forget(env, await closeConnections(env, closings));
}

/** The same, but that it stays noted for the sweeper until `forget`. Answers those that were told and closed. */
export async function closeConnections(env: Env, closings: readonly Closing[]): Promise<readonly Closing[]> {
  const done = await Promise.all(
    closings.map(async (closing) => {
      const posted = await env.outbox.post(closing.connectionId, bye(closing));
      const closed = await env.outbox.close(closing.connectionId);
      return posted !== "failed" && closed === "closed" ? [closing] : [];
    }),
  );
  return done.flat();
}

/** Deletes the notes of closings of which nothing is left to do. */
export async function forget(env: Env, closings: readonly Pick<Closing, "connectionId">[]): Promise<void> {
  // An item that is not deleted is left to the sweeper: no reason to fail what led here.
  const remove = ({ connectionId }: Pick<Closing, "connectionId">) =>
    env.store.entities.closing
      .delete({ connectionId })
      .go()
      .catch(() => undefined);
  await Promise.all(closings.map(remove));
}

/** Finishes a closing that a handler left halfway: the gateway says that it is done, or it is done now. Answers whether it is. */
export async function closeLeftover(env: Env, closing: Closing): Promise<boolean> {
  if ((await env.outbox.probe(closing.connectionId)) === "gone") return true;
  return (await closeConnections(env, [closing])).length > 0;
}
