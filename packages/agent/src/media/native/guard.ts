/** Wraps a call that the library makes. */
export type Guard = <Args extends unknown[]>(call: (...args: Args) => unknown) => (...args: Args) => void;

/**
 * Guards the calls that the library makes for one peer connection: it reports what such a call throws to `failed`. Thrown further, it would
 * end the process, and with it the peer connections of everybody.
 */
export function createGuard(failed: (error: unknown) => unknown): Guard {
  return (call) =>
    (...args) => {
      try {
        call(...args);
      } catch (error) {
        failed(error);
      }
    };
}
