/** The kind of an error, and where it was thrown. What it says may hold what it was given, as a description, and this is logged. */
export function originOf(error: unknown): string {
  if (!(error instanceof Error)) return "Error";
  const { name, stack = "" } = error;
  const [, at] = /^ +(at .*)$/m.exec(stack) ?? [];
  return [name.endsWith("Error") ? name : "Error", ...(at === undefined ? [] : [at])].join(" ");
}
