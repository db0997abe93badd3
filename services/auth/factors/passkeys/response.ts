import { decodeClientDataJSON } from "@simplewebauthn/server/helpers";
import { z } from "zod";
import { AppError } from "../../../../utils/errors.ts";

const base64url = z.string().regex(/^[\w-]+$/);

const credential = {
  id: base64url.max(2_000),
  rawId: base64url.max(2_000),
  type: z.literal("public-key"),
  // Nothing is asked for by extensions, so nothing of them is read.
  clientExtensionResults: z.unknown().transform(() => ({})),
};

/** What a browser answers after making a passkey, as far as it is read. */
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

/** What a browser answers with a passkey, as far as it is read. */
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

/** Reads an answer by its shape. @throws AppError `passkey_refused` for another one */
export function readResponse<Schema extends z.ZodType>(schema: Schema, response: unknown): z.infer<Schema> {
  const result = schema.safeParse(response);
  if (!result.success) throw new AppError("passkey_refused");
  return result.data;
}
