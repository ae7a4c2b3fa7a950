/** A conditional write's outcome as a value. Any other failure is thrown on. */
export async function once(write: Promise<unknown>): Promise<"written" | "refused"> {
  try {
    await write;
    return "written";
  } catch (error) {
    if (nameOf(error) === "ConditionalCheckFailedException") return "refused";
    throw error;
  }
}

/** ElectroDB wraps what the client threw: the name of the innermost error says what happened. */
function nameOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.cause instanceof Error ? nameOf(error.cause) : error.name;
}
