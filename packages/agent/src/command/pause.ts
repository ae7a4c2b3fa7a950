import type { Platform } from "@tether/sdk/robot";

/** Waits for so long, or until it is to stop. */
export async function pause({ clock }: Platform, stopped: AbortSignal, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      cancel();
      stopped.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    stopped.addEventListener("abort", done);
  });
}
