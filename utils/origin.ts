import type { IncomingHttpHeaders } from "node:http";
import type { Config } from "./config.ts";

/**
 * Whether a browser's request comes from a page that may use this server: the server's own origin, or one allowed by the operator.
 * Non-browser clients send no Origin; a browser request without an Origin must not be marked as cross-site.
 */
export function isAllowedOrigin(config: Config, headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return [undefined, "same-origin", "none"].includes(headers["sec-fetch-site"] as string | undefined);
  if (origin === config.publicUrl || config.corsOrigins.includes(origin)) return true;
  // Behind a proxy, the Host header is set by the proxy. If PUBLIC_URL is set, only that setting counts.
  return config.publicUrl === undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

/**
 * Returns the origin under which a browser sees the page. Without PUBLIC_URL, which is required in production, it is derived from the
 * request.
 */
export function siteOf({ publicUrl }: Pick<Config, "publicUrl">, { origin, host }: IncomingHttpHeaders): string {
  if (publicUrl !== undefined) return publicUrl;
  return origin !== undefined && origin === `https://${host}` ? origin : `http://${host ?? "localhost"}`;
}
