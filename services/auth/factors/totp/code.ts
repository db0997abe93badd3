import { Secret, TOTP } from "otpauth";
import { isSameSecret } from "../../../../utils/crypto.ts";
import type { Services } from "../../../context.ts";

/** The parameters that every authenticator app supports. RFC 6238 requires a secret of 160 bits. */
const DIGITS = 6;
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
const ALGORITHM = "SHA1";

/** Codes of the previous and the next time step are also accepted, because of clock drift (RFC 6238, 5.2). */
const STEPS = [0, -1, 1];

const sealContextOf = (userId: string) => ({ table: "credentials", field: "totp_secret", id: userId }) as const;

/** Encrypts a secret for its owner's row. */
export const sealSecret = ({ vault }: Pick<Services, "vault">, userId: string, secret: string) => vault.seal(sealContextOf(userId), secret);

/** Decrypts a secret that `sealSecret` encrypted. */
export const openSecret = ({ vault }: Pick<Services, "vault">, userId: string, sealed: Uint8Array): string =>
  vault.open(sealContextOf(userId), sealed);

/** Returns a new secret, in Base32. */
export const newSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

const totpOf = (secret: string, names: { issuer?: string; label?: string } = {}): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: ALGORITHM, digits: DIGITS, period: PERIOD_SECONDS, ...names });

/** Returns the URI of the QR code, with the secret, its account and its issuer. */
export const totpUri = (secret: string, names: { issuer: string; label: string }): string => totpOf(secret, names).toString();

/** Returns the accepted time step that a code belongs to; null if the code is wrong or expired. */
export function stepOfCode(secret: string, code: string, now: Date): bigint | null {
  const totp = totpOf(secret);
  const current = totp.counter({ timestamp: now.getTime() });
  const found = STEPS.map((step) => current + step).filter((step) =>
    isSameSecret(totp.generate({ timestamp: step * PERIOD_SECONDS * 1_000 }), code),
  );
  return found[0] === undefined ? null : BigInt(found[0]);
}
