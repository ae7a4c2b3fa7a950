type Problem = { readonly code: string; readonly serverTime?: number | undefined };

/** Asks with what is dated `at`; told that this clock is off, asks once more with what is dated by the server's. E6 */
export async function byServerClock<Answer>(
  at: number,
  ask: (at: number) => Promise<Answer>,
  problemOf: (answer: Answer) => Problem | undefined,
): Promise<Answer> {
  const asked = await ask(at);
  const { code, serverTime } = problemOf(asked) ?? {};
  return code === "assertion.clock" && serverTime !== undefined ? ask(serverTime) : asked;
}
