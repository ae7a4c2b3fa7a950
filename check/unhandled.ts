/** An error that was thrown outside of every test, and the test files of its process. `exited`: that process ended before its tests did. */
export type Unhandled = { readonly files: readonly string[]; readonly says: string; readonly exited: boolean };

type Thrown = { readonly name?: unknown; readonly message?: unknown; readonly cause?: unknown; readonly VITEST_TEST_PATH?: unknown };

/** Vitest's word for a worker that ended, which is the cause of the error that it reports. */
const exit = /^Worker exited unexpectedly .*?(?:while running test files? (.*))?$/;

export function unhandledOf(error: Thrown): Unhandled {
  const { cause } = error;
  const found = typeof cause === "object" && cause !== null && "message" in cause ? exit.exec(String(cause.message)) : null;
  if (found) return { says: found[0], files: found[1]?.split(", ") ?? [], exited: true };
  const files = typeof error.VITEST_TEST_PATH === "string" ? [error.VITEST_TEST_PATH] : [];
  return { says: `${String(error.name)}: ${String(error.message)}`.split("\n")[0] ?? "", files, exited: false };
}
