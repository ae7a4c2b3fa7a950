import { foldAddress } from "@tether/protocol/http";

/** A person of the local pool. `sub` is fixed, so grants outlive a restart. */
export type User = {
  readonly email: string;
  readonly name: string;
  readonly sub: string;
  readonly groups: readonly string[];
};

/** The password of every seeded user. */
export const password = "tether";

export const users: readonly User[] = [
  { email: "owner@tether.local", name: "Olive Owner", sub: "5d0c1f3e-0001-4000-8000-7e7e72000001", groups: [] },
  { email: "operator@tether.local", name: "Oscar Operator", sub: "5d0c1f3e-0002-4000-8000-7e7e72000002", groups: [] },
  { email: "viewer@tether.local", name: "Vera Viewer", sub: "5d0c1f3e-0003-4000-8000-7e7e72000003", groups: [] },
  { email: "stranger@tether.local", name: "Stan Stranger", sub: "5d0c1f3e-0004-4000-8000-7e7e72000004", groups: [] },
  { email: "admin@tether.local", name: "Ada Admin", sub: "5d0c1f3e-0005-4000-8000-7e7e72000005", groups: ["admins"] },
];

export function userBySub(sub: string): User | undefined {
  return users.find((user) => user.sub === sub);
}

export function userByEmail(email: string): User | undefined {
  const wanted = foldAddress(email.trim());
  return users.find((user) => user.email === wanted);
}

/** The user whose login this is, if it is one. */
export function signedIn(email: string, given: string): User | undefined {
  return given === password ? userByEmail(email) : undefined;
}
