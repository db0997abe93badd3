import type { IncomingHttpHeaders } from "node:http";
import type { Config } from "./config.ts";

/**
 * Whether a browser's request comes from a page that may use this server: our own address, or one the operator allowed.
 * Programs send no Origin; a browser that sends none must not say that the request crossed sites.
 */
export function isAllowedOrigin(config: Config, headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return [undefined, "same-origin", "none"].includes(headers["sec-fetch-site"] as string | undefined);
  if (origin === config.publicUrl || config.corsOrigins.includes(origin)) return true;
  // Behind a proxy the Host header is the proxy's word; with PUBLIC_URL set, that setting alone decides.
  return config.publicUrl === undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

/**
 * The address under which a browser sees the page. Without PUBLIC_URL, which production requires, it is the one that the
 * request came to.
 */
export function siteOf({ publicUrl }: Pick<Config, "publicUrl">, { origin, host }: IncomingHttpHeaders): string {
  if (publicUrl !== undefined) return publicUrl;
  return origin !== undefined && origin === `https://${host}` ? origin : `http://${host ?? "localhost"}`;
}
