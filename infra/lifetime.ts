/** How long what a user signs in with lives, as the user pool is told. `docs/deploying.md` says how to read it back from a real token. */
export const lifetime = {
  accessToken: { minutes: 240 },
  idToken: { minutes: 240 },
  refreshToken: { days: 30 },
  /** A refresh token is good once more for so long after it was exchanged: an answer may be lost on its way. */
  rotationGrace: { seconds: 60 },
} as const;
