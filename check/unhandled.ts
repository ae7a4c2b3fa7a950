/** An error that was thrown outside of every test. `exited`: the worker of that file ended before its tests did. */
export type Unhandled = { readonly file?: string | undefined; readonly says: string; readonly exited: boolean };

type Thrown = { readonly name?: unknown; readonly message?: unknown; readonly cause?: unknown; readonly VITEST_TEST_PATH?: unknown };

/** Vitest's word for a worker that ended, which is the cause of the error that it reports. */
const exit = /^Worker exited unexpectedly .*?(?:while running test files? (.*))?$/;

export function unhandledOf(error: Thrown): Unhandled {
  const { cause } = error;
  const found = typeof cause === "object" && cause !== null && "message" in cause ? exit.exec(String(cause.message)) : null;
  if (found) return { says: found[0], file: found[1], exited: true };
  const file = typeof error.VITEST_TEST_PATH === "string" ? error.VITEST_TEST_PATH : undefined;
  return { says: `${String(error.name)}: ${String(error.message)}`.split("\n")[0] ?? "", file, exited: false };
}
