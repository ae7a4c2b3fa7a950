import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The DynamoDB engine's program for a platform. Throws an Error that says what to do when there is none. */
export function engineBinary(platform: string, arch: string): string {
  const name = `@dynoxide/${platform}-${arch}`;
  try {
    // The package has no `bin` field; the program lies beside its package.json.
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), "dynoxide");
  } catch {
    throw new Error(
      `There is no DynamoDB engine for ${platform}-${arch} (${name} is not installed). ` +
        "Start DynamoDB Local and name it: docker run -p 8000:8000 amazon/dynamodb-local, then npm start -- --dynamodb http://127.0.0.1:8000",
    );
  }
}
