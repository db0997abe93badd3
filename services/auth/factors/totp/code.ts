import { timingSafeEqual } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Services } from "../../../context.ts";

/** What every authenticator app understands. RFC 6238 asks for a secret of 160 bits. */
const [DIGITS, PERIOD_SECONDS, SECRET_BYTES, ALGORITHM] = [6, 30, 20, "SHA1"];

/** Clocks of phones go wrong; a code of the step before and of the one after is taken too (RFC 6238, 5.2). */
const STEPS = [0, -1, 1];

const sealContextOf = (userId: string) => ({ table: "credentials", field: "totp_secret", id: userId }) as const;

/** Seals a secret for the row of its owner. */
export const sealSecret = ({ vault }: Pick<Services, "vault">, userId: string, secret: string) => vault.seal(sealContextOf(userId), secret);

/** Opens what `sealSecret` sealed. */
export const openSecret = ({ vault }: Pick<Services, "vault">, userId: string, sealed: Uint8Array): string =>
  vault.open(sealContextOf(userId), sealed);

/** A fresh secret, in Base32. */
export const newSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

const totpOf = (secret: string, names: { issuer?: string; label?: string } = {}): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: ALGORITHM, digits: DIGITS, period: PERIOD_SECONDS, ...names });

/** What the QR code says: the secret, whose it is and where it is good. */
export const totpUri = (secret: string, names: { issuer: string; label: string }): string => totpOf(secret, names).toString();

function isEqual(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The time step a code is of, out of those that are good now; null for a wrong or an old one. */
export function stepOfCode(secret: string, code: string, now: Date): bigint | null {
  const totp = totpOf(secret);
  const current = totp.counter({ timestamp: now.getTime() });
  const found = STEPS.map((step) => current + step).filter((step) =>
    isEqual(totp.generate({ timestamp: step * PERIOD_SECONDS * 1_000 }), code),
  );
  return found[0] === undefined ? null : BigInt(found[0]);
}
