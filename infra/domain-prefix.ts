const reserved = ["aws", "amazon", "cognito"];

/**
 * The first part of the user pool's domain, which Cognito takes in small letters only, with none of its own names in it and 63 long at most:
 * an account's number and a hyphen come after it. Refused here, it is refused before anything is made.
 */
export function domainPrefix(app: string, stage: string): string {
  const prefix = `${app}-${stage}`.toLowerCase();
  const word = reserved.find((name) => prefix.includes(name));
  if (word !== undefined)
    throw new Error(`The stage “${stage}” makes a sign-in address with “${word}” in it, which Cognito refuses: choose another.`);
  if (!/^[a-z0-9](-?[a-z0-9])*$/.test(prefix) || prefix.length > 50)
    throw new Error(
      `The stage “${stage}” makes no sign-in address: small letters, digits and single hyphens, 50 with the application's name.`,
    );
  return prefix;
}
