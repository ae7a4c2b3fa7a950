/** The driver's answer to the message `id`. `done`: this message and every one before it is carried out. `failed`: it could not carry out this one. */
export type Answer = { readonly type: "done" | "failed"; readonly id: number; readonly says: string | undefined };

/** Undefined for a line that answers nothing. */
export function readAnswer(line: string): Answer | undefined {
  if (!line.includes('"done"') && !line.includes('"failed"')) return undefined;
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("type" in said && "id" in said)) return undefined;
    const { type, id } = said;
    if ((type !== "done" && type !== "failed") || !Number.isSafeInteger(id)) return undefined;
    return { type, id: Number(id), says: "says" in said && typeof said.says === "string" ? said.says : undefined };
  } catch {
    return undefined;
  }
}
