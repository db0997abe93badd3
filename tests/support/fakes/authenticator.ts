import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What WebAuthn's data can claim instead of the truth, each for one rejection. */
export type Lie = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  /** Claims to be framed by another site, which is named unless `isTopOriginHidden`. */
  readonly isCrossOrigin?: boolean;
  readonly isTopOriginHidden?: boolean;
};

type Options = Record<string, unknown> & { challenge: string };
/** What the browser passes to the page. */
export type Shown = Record<string, unknown> & { id: string; response: Record<string, unknown> };

/** A passkey as an authenticator stores it. */
type Credential = { readonly id: Buffer; readonly key: KeyObject; readonly userHandle: string; counter: number };

/** A passkey provider for tests: real keys and signatures, without the WebAuthn of a browser. */
export type Authenticator = {
  /** Creates a passkey for the options of `generateRegistrationOptions`. */
  make(options: Options, lie?: Lie): Shown;
  /** Answers the options of `generateAuthenticationOptions` with the newest matching passkey. */
  answer(options: Options, lie?: Lie): Shown;
  /** Copies the passkeys to a second device, whose counters continue independently from here. */
  copy(): Authenticator;
};

type Cbor = number | string | Buffer | Map<Cbor, Cbor>;

function cborHead(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  return length < 256 ? Buffer.from([(major << 5) | 24, length]) : Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}

/** Encodes the subset of CBOR (RFC 8949) that WebAuthn uses. */
function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (typeof value === "string") return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([cborHead(2, value.length), value]);
  return Buffer.concat([cborHead(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

const sha256 = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest();

const clientData = (site: string, { type, challenge }: { type: string; challenge: string }, lie: Lie): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: lie.type ?? type,
      challenge: lie.challenge ?? challenge,
      origin: lie.origin ?? site,
      crossOrigin: lie.isCrossOrigin ?? false,
      ...(lie.isCrossOrigin === true && lie.isTopOriginHidden !== true && { topOrigin: "https://elsewhere.example" }),
    }),
  );

const PRESENT = 1;
const VERIFIED = 4;
const SYNCABLE = 8;
const SYNCED = 16;
const WITH_KEY = 64;

function authenticatorData({ rpId, counter, key }: { rpId: string; counter: number; key?: Buffer }, lie: Lie): Buffer {
  const flags =
    (lie.isPresent === false ? 0 : PRESENT) |
    (lie.isVerified === false ? 0 : VERIFIED) |
    SYNCABLE |
    SYNCED |
    (key === undefined ? 0 : WITH_KEY);
  const head = Buffer.alloc(5);
  head.writeUInt8(flags);
  head.writeUInt32BE(lie.counter ?? counter, 1);
  return Buffer.concat([sha256(lie.rpId ?? rpId), head, key ?? Buffer.alloc(0)]);
}

/** Encodes the public key in COSE format (RFC 9053, 7.1.1), for ES256. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const X = Buffer.from(x, "base64url");
  const Y = Buffer.from(y, "base64url");
  return cbor(new Map<Cbor, Cbor>([[1, 2], [3, -7], [-1, 1], [-2, X], [-3, Y]])); // biome-ignore format: a table
}

const attested = (id: Buffer, publicKey: KeyObject): Buffer =>
  Buffer.concat([Buffer.alloc(16), Buffer.from([id.length >> 8, id.length & 0xff]), id, coseKey(publicKey)]);

const credentialPart = (id: Buffer) =>
  ({ id: id.toString("base64url"), rawId: id.toString("base64url"), type: "public-key", clientExtensionResults: {} }) as const;

type Site = { readonly site: string; readonly counts: boolean };

function make({ site, counts }: Site, credentials: Credential[], options: Options, lie: Lie): Shown {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { user, rp } = options as unknown as { user: { id: string }; rp: { id: string } };
  const credential: Credential = { id: randomBytes(20), key: privateKey, userHandle: user.id, counter: counts ? 1 : 0 };
  credentials.push(credential);
  const authData = authenticatorData({ rpId: rp.id, counter: credential.counter, key: attested(credential.id, publicKey) }, lie);
  const attestation = new Map<Cbor, Cbor>([["fmt", "none"], ["attStmt", new Map()], ["authData", authData]]); // biome-ignore format: a table
  const said = clientData(site, { type: "webauthn.create", challenge: options.challenge }, lie);
  const response = {
    clientDataJSON: said.toString("base64url"),
    attestationObject: cbor(attestation).toString("base64url"),
    transports: ["internal", "hybrid"],
  };
  return { ...credentialPart(credential.id), authenticatorAttachment: "platform", response };
}

function fitting(credentials: readonly Credential[], options: Options): Credential {
  const { allowCredentials: allowed } = options as { allowCredentials?: { id: string }[] };
  const isAllowed = ({ id }: Credential): boolean => !allowed?.length || allowed.some((one) => one.id === id.toString("base64url"));
  const found = credentials.findLast(isAllowed);
  if (found === undefined) throw new Error("There is no passkey for this site here.");
  return found;
}

function answer({ site, counts }: Site, credentials: readonly Credential[], options: Options, lie: Lie): Shown {
  const credential = fitting(credentials, options);
  if (counts) credential.counter += 1;
  const authData = authenticatorData({ rpId: String(options.rpId), counter: credential.counter }, lie);
  const said = clientData(site, { type: "webauthn.get", challenge: options.challenge }, lie);
  const signature = sign("sha256", Buffer.concat([authData, sha256(said)]), credential.key);
  const response = {
    clientDataJSON: said.toString("base64url"),
    authenticatorData: authData.toString("base64url"),
    signature: signature.toString("base64url"),
    userHandle: lie.userHandle ?? credential.userHandle,
  };
  return { ...credentialPart(credential.id), authenticatorAttachment: "platform", response };
}

/** Creates an authenticator in a browser that shows the page of `site`. With `counts` it reports how often each passkey was used. */
export function createAuthenticator(site: string, { counts = false }: { counts?: boolean } = {}): Authenticator {
  const build = (credentials: Credential[]): Authenticator => ({
    make: (options, lie = {}) => make({ site, counts }, credentials, options, lie),
    answer: (options, lie = {}) => answer({ site, counts }, credentials, options, lie),
    copy: () => build(credentials.map((credential) => ({ ...credential }))),
  });
  return build([]);
}
