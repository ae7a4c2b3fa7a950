import { Credential, CredentialPage, CredentialRegister, CredentialRevoke } from "../http/credential.ts";
import { Enrolled, EnrollmentCode, EnrollmentRedeem } from "../http/enrollment.ts";
import { KeyPath, RobotPath } from "./path.ts";
import type { Route } from "./route.ts";

export const registerCredential = {
  id: "registerCredential",
  method: "POST",
  path: "/v1/robots/{robot}/credentials",
  summary: "Register a robot's public key: an owner any, a robot its next one",
  security: "either",
  params: RobotPath,
  body: CredentialRegister,
  status: 201,
  answer: Credential,
} as const satisfies Route;

export const listCredentials = {
  id: "listCredentials",
  method: "GET",
  path: "/v1/robots/{robot}/credentials",
  summary: "List a robot's keys",
  security: "user",
  params: RobotPath,
  answer: CredentialPage,
} as const satisfies Route;

export const revokeCredential = {
  id: "revokeCredential",
  method: "DELETE",
  path: "/v1/robots/{robot}/credentials/{kid}",
  summary: "Revoke a key and end the sessions that stand on it",
  security: "user",
  params: KeyPath,
  query: CredentialRevoke,
} as const satisfies Route;

export const createEnrollment = {
  id: "createEnrollment",
  method: "POST",
  path: "/v1/robots/{robot}/enrollments",
  summary: "Make a one-time code for a robot's first key",
  security: "user",
  params: RobotPath,
  status: 201,
  answer: EnrollmentCode,
} as const satisfies Route;

export const redeemEnrollment = {
  id: "redeemEnrollment",
  method: "POST",
  path: "/v1/enrollments/redeem",
  summary: "Register a robot's first key with a one-time code",
  security: "key",
  body: EnrollmentRedeem,
  status: 201,
  answer: Enrolled,
} as const satisfies Route;
