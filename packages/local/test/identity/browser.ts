type Cookie = { name: string; value: string; path: string };

export interface Browser {
  get(url: string): Promise<Response>;
  post(url: string, form: Record<string, string>): Promise<Response>;
  /** Follows redirects for as long as they stay on `origin`; the answer is the last one. */
  follow(response: Response, origin: string): Promise<Response>;
}

/** As much of a browser as a sign-in needs: cookies with paths, and redirects one by one. */
export function createBrowser(): Browser {
  let cookies: Cookie[] = [];

  function keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf("="));
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? "/";
      cookies = cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
      const value = pair.slice(name.length + 1);
      if (value !== "") cookies.push({ name, value, path });
    }
  }

  async function ask(url: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(url);
    const sent = cookies.filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`));
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { accept: "text/html", cookie } });
    keep(response);
    return response;
  }

  async function follow(response: Response, origin: string): Promise<Response> {
    const location = response.headers.get("location");
    if (location === null) return response;
    const url = new URL(location, origin);
    return url.origin === origin ? follow(await ask(url.href, {}), origin) : response;
  }

  return {
    get: (url) => ask(url, {}),
    post: (url, form) => ask(url, { method: "POST", body: new URLSearchParams(form) }),
    follow,
  };
}
