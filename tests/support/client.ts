import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import type { Problem } from "../../utils/contract/errors.ts";
import type { SessionDto } from "../../utils/contract/schemas/auth.ts";
import { noteSecrets } from "./conformance/private-data.mjs";

export type Answer<Body = unknown> = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
  readonly text: string;
};

/** A body sent as it is, for requests that no normal client would send. */
export type Raw = { readonly type?: string; readonly bytes: string | Buffer };

export type CallOptions = {
  readonly headers?: OutgoingHttpHeaders;
  readonly json?: unknown;
  readonly raw?: Raw;
  /** The local address of the connection; chosen by the system by default. */
  readonly localAddress?: string;
  /** Keeps connections open for further calls; without it each call opens its own. */
  readonly agent?: Agent;
};

export type Rest = {
  readonly url: string;
  /** The access token sent with every call; null sends none. */
  token: string | null;
  readonly cookies: Map<string, string>;
  call<Body = unknown>(method: string, path: string, options?: CallOptions): Promise<Answer<Body>>;
  get<Body = unknown>(path: string, options?: CallOptions): Promise<Answer<Body>>;
  post<Body = unknown>(path: string, json?: unknown, options?: CallOptions): Promise<Answer<Body>>;
  /** Returns a CSRF token of this browser. */
  csrf(): Promise<string>;
  /** Works as `post`, but sends the CSRF token instead of the access token. */
  prove<Body = unknown>(path: string, json?: unknown): Promise<Answer<Body>>;
  /** Becomes a guest over REST, and keeps the token. */
  guest(displayName?: string): Promise<SessionDto>;
};

function bodyOf({ json, raw }: CallOptions): { bytes: string | Buffer | null; headers: OutgoingHttpHeaders } {
  noteSecrets(json);
  if (raw !== undefined) return { bytes: raw.bytes, headers: raw.type === undefined ? {} : { "content-type": raw.type } };
  return json === undefined
    ? { bytes: null, headers: {} }
    : { bytes: JSON.stringify(json), headers: { "content-type": "application/json" } };
}

const parsed = (text: string, type = ""): unknown => (/json/.test(type) && text !== "" ? (JSON.parse(text) as unknown) : text);

/** Sends one request with exactly these headers, which `fetch` would not. */
export function send(url: string, method: string, options: CallOptions = {}): Promise<Answer> {
  const { bytes, headers } = bodyOf(options);
  const length = bytes === null ? {} : { "content-length": Buffer.byteLength(bytes) };
  return new Promise((resolve, reject) => {
    const { localAddress, agent = false } = options;
    const from = localAddress === undefined ? {} : { localAddress };
    const call = request(url, { method, headers: { ...headers, ...length, ...options.headers }, agent, ...from }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parsed(text, answer.headers["content-type"]), text });
      });
    });
    call.on("error", reject);
    call.end(bytes ?? undefined);
  });
}

function keepCookies(cookies: Map<string, string>, { headers }: Answer): void {
  for (const line of headers["set-cookie"] ?? []) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }
}

/** Creates a REST client that works as the page does: it keeps cookies and sends its token. */
export function createRest(url: string): Rest {
  const cookies = new Map<string, string>();

  async function call<Body>(method: string, path: string, options: CallOptions = {}): Promise<Answer<Body>> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const own = { ...(cookie !== "" && { cookie }), ...(rest.token !== null && { authorization: `Bearer ${rest.token}` }) };
    const answer = await send(`${url}${path}`, method, { ...options, headers: { ...own, ...options.headers } });
    keepCookies(cookies, answer);
    return answer as Answer<Body>;
  }

  const rest: Rest = {
    url,
    token: null,
    cookies,
    call,
    get: (path, options) => call("GET", path, options),
    post: (path, json, options) => call("POST", path, { ...options, ...(json !== undefined && { json }) }),
    async csrf() {
      const { body } = await call<{ csrfToken: string }>("GET", "/api/auth/csrf");
      return body.csrfToken;
    },
    async prove(path, json) {
      const token = await rest.csrf();
      const held = rest.token;
      rest.token = null;
      try {
        return await rest.post(path, json, { headers: { "x-csrf-token": token } });
      } finally {
        rest.token = held;
      }
    },
    async guest(displayName) {
      const { status, body } = await rest.prove<SessionDto>("/api/auth/guest", displayName === undefined ? {} : { displayName });
      if (status !== 201) throw new Error(`no guest: ${JSON.stringify(body)}`);
      rest.token = body.accessToken;
      return body;
    },
  };
  return rest;
}

/** Returns the problem of an error response. */
export const problemIn = (answer: Answer): Problem => answer.body as Problem;
