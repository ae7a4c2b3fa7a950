import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([\da-f]{64})$/;

/**
 * Whether a request was signed with these credentials: Signature Version 4
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). The date is not held against a clock, since
 * requests are signed by the machine's while time here may be virtual.
 */
export function isSignedBy({ accessKeyId, secretAccessKey }: Credentials, request: IncomingMessage, body: Buffer): boolean {
  const [, id, day = "", region = "", service = "", signed = "", signature = ""] = form.exec(request.headers.authorization ?? "") ?? [];
  if (id !== accessKeyId) return false;
  const names = signed.split(";");
  if (!names.includes("host")) return false;
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const canonical = [
    request.method,
    path.split("/").map(encodeURIComponent).join("/"),
    query.split("&").sort().join("&"),
    ...names.map((name) => `${name}:${String(request.headers[name] ?? "").trim()}`),
    "",
    signed,
    sha256(body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return timingSafeEqual(hmac(key, text), Buffer.from(signature, "hex"));
}
