import { noteSecrets } from "../conformance/private-data.mjs";

/** A REST response with its headers and its parsed body. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };
export type Call = {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly cookie?: string;
};

/** A browser for tests: keeps cookies and sends the CSRF token with every call that is not a GET. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly base: string;
  csrfToken = "";

  constructor(base: string) {
    this.base = base;
  }

  cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split("; ");
      const [name = "", value = ""] = pair.split("=");
      const expires = attributes.find((attribute) => attribute.startsWith("Expires="))?.slice(8);
      if (value === "" || (expires !== undefined && new Date(expires).getTime() < 1)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  async call(path: string, { method = "GET", body, headers = {}, cookie = this.cookie() }: Call = {}): Promise<Answer> {
    noteSecrets(body);
    const own: Record<string, string> = {
      ...(cookie === "" ? {} : { cookie }),
      ...(method === "GET" || this.csrfToken === "" ? {} : { "x-csrf-token": this.csrfToken }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: { ...own, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.keep(response.headers);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  async open(): Promise<this> {
    this.csrfToken = String((await this.call("/api/auth/csrf")).body.csrfToken);
    return this;
  }

  post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    this.call(path, { method: "POST", body, headers });
}

export const bearer = (token: unknown): Record<string, string> => ({ authorization: `Bearer ${String(token)}` });
