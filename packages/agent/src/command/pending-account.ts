import type { Account, Reason } from "@tether/sdk/robot";

/**
 * The accounts that the service may still have to get: that of how the run before ended, which goes with the first session that comes
 * online, and that of this run's own end, with which its last session leaves.
 */
export function createPendingAccount(before: Account | undefined) {
  let isReported = false;
  let isEndReported = false;
  return {
    before: () => (isReported ? undefined : before),
    online() {
      isReported = true;
    },
    /** A session stopped for `why` while it was to leave with this run's own account. The service's goodbye names the cause that it was told. */
    left(own: Account | undefined, why: Reason | undefined) {
      if (own && why?.code === own.cause) isEndReported = true;
    },
    /** The account that is left for the next start. */
    unreported(own: Account | undefined) {
      if (own) return isEndReported ? undefined : own;
      return isReported ? undefined : before;
    },
  };
}
