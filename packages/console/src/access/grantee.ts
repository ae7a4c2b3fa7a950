import { foldAddress } from "@tether/protocol/http";

/** The grantee of a grant, as a person reads it; `me` is the reader. */
export function nameOf(to: string, me?: { readonly id: string; readonly email: string | undefined }): string {
  const name = to.replace(/^(email|sub):/, "");
  const own = me && (to === `sub:${me.id}` || (me.email !== undefined && to === `email:${me.email}`));
  if (!own) return name;
  return me.email === undefined ? "You" : `You (${me.email})`;
}

/** An e-mail address, or a user's id, as a grant names it. */
export function granteeOf(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes("@") ? `email:${foldAddress(trimmed)}` : `sub:${trimmed}`;
}
