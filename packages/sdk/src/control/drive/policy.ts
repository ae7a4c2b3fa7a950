import type { ControlPolicy } from "@tether/protocol/control";

/** The robot's policy by the broker's newest notice. A permit carries the policy of when it was signed. D18.1 */
export function createKnownPolicy() {
  let policy: ControlPolicy | undefined;
  let knownSince = 0;
  let changedIn = 0;
  return {
    get now() {
      return policy;
    },
    /** Takes the policy of a notice with that version of control. Answers whether it differs from the one before. */
    learn(next: ControlPolicy, version: number): boolean {
      if (version < knownSince) return false;
      const isChanged = policy !== undefined && JSON.stringify(next) !== JSON.stringify(policy);
      policy = next;
      knownSince = version;
      if (isChanged) changedIn = version;
      return isChanged;
    },
    /** Whether the policy changed after this version of control. */
    changedAfter: (version: number) => version < changedIn,
  };
}
