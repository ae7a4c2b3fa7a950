import { createServer } from "node:http";
import type { Line } from "@tether/aws/invocation";
import { createUserPool } from "@tether/aws/user-pool";
import { expect, onTestFinished, test } from "vitest";

type Asked = { target: unknown; body: unknown };

/** A user pool at an address on this machine that gives these answers, one after the other and the last one again. */
async function createRig(...answers: readonly { status: number; error?: string }[]) {
  const asked: Asked[] = [];
  const lines: Line[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      asked.push({ target: request.headers["x-amz-target"], body: JSON.parse(text) });
      const { status, error } = answers[asked.length - 1] ?? answers.at(-1) ?? { status: 500 };
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(error === undefined ? {} : { __type: error, message: "secret words" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const pool = createUserPool(
    { endpoint, region: "us-east-1", credentials },
    { userPoolId: "us-east-1_Pool", log: (line) => lines.push(line) },
  );
  return { pool, asked, lines };
}

test("a user's sign-ins are ended by name at their pool", async () => {
  const { pool, asked } = await createRig({ status: 200 });
  expect(await pool.end("5d0c1f3e")).toBe("ended");
  expect(asked).toEqual([
    {
      target: "AWSCognitoIdentityProviderService.AdminUserGlobalSignOut",
      body: { UserPoolId: "us-east-1_Pool", Username: "5d0c1f3e" },
    },
  ]);
});

test("who is no user of the pool any more has no sign-in left", async () => {
  const { pool, lines } = await createRig({ status: 400, error: "UserNotFoundException" });
  expect([await pool.end("gone"), lines]).toEqual(["ended", []]);
});

test("a pool that fails once is asked again", async () => {
  const { pool, asked } = await createRig({ status: 500, error: "InternalErrorException" }, { status: 200 });
  expect([await pool.end("5d0c1f3e"), asked.length]).toEqual(["ended", 2]);
});

test("a pool that cannot be told is a value and a line with its error's name, never an exception or its words", async () => {
  const { pool, lines } = await createRig({ status: 400, error: "NotAuthorizedException" });
  expect(await pool.end("5d0c1f3e")).toBe("failed");
  expect(lines).toEqual([{ level: "warn", event: "sign-ins.failed", error: "NotAuthorizedException" }]);
});
