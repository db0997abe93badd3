import { decodeClientDataJSON } from "@simplewebauthn/server/helpers";
import { z } from "zod";
import { AppError } from "../../../../utils/errors.ts";

const base64url = z.string().regex(/^[\w-]+$/);

const credential = {
  id: base64url.max(2_000),
  rawId: base64url.max(2_000),
  type: z.literal("public-key"),
  // No extensions are requested, so their results are ignored.
  clientExtensionResults: z.unknown().transform(() => ({})),
};

/** The fields used of a browser's response to creating a passkey. */
export const registrationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[\w-]{1,30}$/))
      .max(10)
      .catch([]),
  }),
});

/** The fields used of a browser's response to a passkey challenge. */
export const authenticationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});

/**
 * Returns whether the browser says that the page was framed by another site (WebAuthn, 5.8.1). Passkeys are never used in a frame
 * here, and not every browser names the framing site in `topOrigin`, without which the library accepts the response.
 */
export function isCrossOrigin({ clientDataJSON }: { readonly clientDataJSON: string }): boolean {
  return decodeClientDataJSON(clientDataJSON).crossOrigin === true;
}

/** Parses a response by its schema. @throws AppError `passkey_refused` if it does not match */
export function readResponse<Schema extends z.ZodType>(schema: Schema, response: unknown): z.infer<Schema> {
  const result = schema.safeParse(response);
  if (!result.success) throw new AppError("passkey_refused");
  return result.data;
}
