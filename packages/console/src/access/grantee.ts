/** Whom a grant is for, as a person reads it. */
export function nameOf(to: string): string {
  return to.replace(/^(email|sub):/, "");
}

/** An e-mail address, or a user's id, as a grant names it. */
export function granteeOf(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes("@") ? `email:${trimmed.toLowerCase()}` : `sub:${trimmed}`;
}
