import type { Account } from "@tether/protocol/account";
import type { Cause } from "@tether/protocol/cause";
import type { Evidence } from "@tether/protocol/timeline";

/** A robot's own word of what ended it, as the timeline has it. */
export function accountOf(account: Account | undefined): { readonly cause?: Cause; readonly evidence: Evidence } {
  if (!account) return { evidence: {} };
  const { cause, status, signal, during, times, offline } = account;
  const facts = { status, signal, during, times, offline };
  return {
    cause,
    evidence: Object.fromEntries(Object.entries(facts).flatMap(([name, fact]) => (fact === undefined ? [] : [[name, fact]]))),
  };
}
