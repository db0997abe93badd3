import { signatureHeaders } from "./sign.ts";

/** The maximum size of an answer. A verdict is far smaller. */
const MAX_ANSWER_BYTES = 16_384;

/** The receiver of signed requests. `timeoutMs` covers a whole request, including its answer. */
export type WebhookTarget = { readonly url: string; readonly secret: string; readonly timeoutMs: number };

/** The receiver answered with an error, or with too much. */
export class WebhookError extends Error {
  /** The HTTP status of the answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = "WebhookError";
    this.status = status;
  }
}

async function readAnswer({ body, status }: Response): Promise<string> {
  const reader = body?.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    bytes += part.value.byteLength;
    parts.push(part.value);
    if (bytes <= MAX_ANSWER_BYTES) continue;
    await reader?.cancel();
    throw new WebhookError("The answer is too long.", status);
  }
  return Buffer.concat(parts).toString("utf8");
}

/**
 * Sends a signed POST request and returns the text of the answer. Does not follow redirects, because they would lead to a URL that the
 * operator did not configure.
 * @throws WebhookError when the status is not 2xx or the answer is too long; the error of `fetch` when there is no answer in time
 */
export async function postSigned({ url, secret, timeoutMs }: WebhookTarget, payload: object, now: Date): Promise<string> {
  const body = JSON.stringify(payload);
  const headers = { "content-type": "application/json", ...signatureHeaders(secret, { body, now }) };
  const response = await fetch(url, { method: "POST", headers, body, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  if (response.ok) return readAnswer(response);
  await response.body?.cancel();
  throw new WebhookError(`The answer has the status ${response.status}.`, response.status);
}

/** Returns the parts of an error that may be logged: neither the request nor the answer, which may contain texts of users. */
export function webhookFault(error: unknown): { readonly reason: string; readonly status?: number } {
  if (error instanceof WebhookError) return { reason: error.message, status: error.status };
  if (error instanceof Error && error.name === "TimeoutError") return { reason: "There was no answer in time." };
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  return { reason: `The request failed: ${code}.` };
}
