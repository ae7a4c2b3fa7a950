/** `2026-06-01T12:00:00Z`: to the second, and in UTC, as robots' logs are. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
