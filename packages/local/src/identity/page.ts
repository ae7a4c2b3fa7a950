import { Html, html } from "./html.ts";
import { password, users } from "./user.ts";

export const css = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { width: min(26rem, 100vw - 2rem); padding: 1rem 0; box-sizing: border-box; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
label { display: block; font-weight: 600; margin-top: 0.75rem; }
input, button { font: inherit; width: 100%; box-sizing: border-box; padding: 0.5rem 0.75rem; border: 1px solid GrayText; border-radius: 0.375rem; }
button { margin-top: 1.25rem; border-color: transparent; background: #1f5fbf; color: #fff; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid #f0a020; outline-offset: 2px; }
[role="alert"] { border-left: 4px solid #c62828; padding: 0.25rem 0.75rem; }
aside { margin-top: 2rem; border-top: 1px solid GrayText; }
`;

/** Same-origin style, no script, no frame; `targets` are where a form may lead, redirects included. */
export function headers(targets: readonly string[] = []): Record<string, string> {
  const policy = ["default-src 'none'", "style-src 'self'", `form-action ${["'self'", ...targets].join(" ")}`];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": [...policy, "frame-ancestors 'none'", "base-uri 'none'"].join("; "),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

/** `prefix` is the path the provider is mounted under. */
function page(prefix: string, title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tether</title>
<link rel="stylesheet" href="${prefix}/sign-in.css">
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
}

export function signInPage(prefix: string, { email = "", wrong = false }: { email?: string; wrong?: boolean }): string {
  const alert = wrong
    ? html`<p role="alert" id="wrong">That e-mail address and password do not belong together. Check both and try again.</p>`
    : new Html("");
  const described = wrong ? new Html(` aria-describedby="wrong" aria-invalid="true"`) : new Html("");
  return page(
    prefix,
    "Sign in",
    html`${alert}
<form method="post">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus value="${email}"${described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}>
<button type="submit">Sign in</button>
</form>
<aside aria-labelledby="seeded">
<h2 id="seeded">People on this machine</h2>
<p>All sign in with the password <code>${password}</code>.</p>
<ul>
${users.map((user) => html`<li><code>${user.email}</code></li>\n`)}</ul>
</aside>`,
  );
}

/** The page for somebody who opens the issuer's own address. */
export function issuerPage(prefix: string): string {
  return page(
    prefix,
    "Sign-in",
    html`<p>This is the OpenID Connect issuer at which the people on this machine sign in to Tether. The <a href="/">console</a> leads here and back.</p>
<p>Programs find it described in <a href="${prefix}/.well-known/openid-configuration"><code>${prefix}/.well-known/openid-configuration</code></a>.</p>`,
  );
}

/** `form` is oidc-provider's own, without a button. */
export function signOutPage(prefix: string, form: string): string {
  return page(
    prefix,
    "Sign out",
    html`<p>You are about to sign out on this machine.</p>
${new Html(form)}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}

export function signedOutPage(prefix: string): string {
  return page(prefix, "Signed out", html`<p>You are signed out.</p>`);
}

/** Says what went wrong by OAuth's error code (RFC 6749 §4.1.2.1) or in a sentence of ours. */
export function refusedPage(prefix: string, says: string): string {
  return page(prefix, "That did not work", html`<p role="alert">${says}</p>\n<p>Go back to the console and sign in again.</p>`);
}
