const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** The first 32 bits of the fractional part of a number, as SHA-256 takes them from roots of primes (FIPS 180-4, 4.2.2 and 5.3.3). */
const fraction = (value: number): number => ((value % 1) * 2 ** 32) | 0;

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let next = 2; primes.length < count; next += 1) if (primes.every((prime) => next % prime !== 0)) primes.push(next);
  return primes;
}

const PRIMES = firstPrimes(ROUNDS);
const CONSTANTS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const words = new Int32Array(ROUNDS);

/** Adds one block of a message to the state of a SHA-256 hash. Only 32-bit integers are used, which the engine keeps in registers. */
function compress(state: Int32Array, block: DataView, at: number): void {
  for (let index = 0; index < 16; index += 1) words[index] = block.getInt32(at + index * 4);
  for (let index = 16; index < ROUNDS; index += 1) {
    const x = words[index - 15] as number;
    const y = words[index - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[index] = ((words[index - 16] as number) + s0 + (words[index - 7] as number) + s1) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < ROUNDS; index += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (CONSTANTS[index] as number) + (words[index] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

/** The last blocks of a message that ends with a nonce of fixed length, and where in them the nonce begins. */
type Tail = { readonly bytes: Uint8Array; readonly view: DataView; readonly nonceAt: number };

function tailOf(rest: Uint8Array, nonceLength: number, messageLength: number): Tail {
  const length = rest.length + nonceLength;
  const bytes = new Uint8Array(length + 9 > BLOCK_BYTES ? 2 * BLOCK_BYTES : BLOCK_BYTES);
  bytes.set(rest);
  bytes[length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, messageLength * 8);
  return { bytes, view, nonceAt: rest.length };
}

const NONCE_LENGTH = 8;

type Attempts = { readonly from?: number; readonly to?: number };

/**
 * Finds a nonce for which the SHA-256 hash of `token:nonce` begins with this many zero bits (at most 32). The token is ASCII. It blocks its
 * thread, so run it in a worker. The blocks before the nonce are hashed only once.
 * @returns null if none of these attempts succeeds; by default there is no limit
 */
export function findNonce(token: string, bits: number, { from = 0, to = Number.POSITIVE_INFINITY }: Attempts = {}): string | null {
  const prefix = new TextEncoder().encode(`${token}:`);
  const whole = prefix.length - (prefix.length % BLOCK_BYTES);
  const before = START.slice();
  const prefixView = new DataView(prefix.buffer, prefix.byteOffset);
  for (let at = 0; at < whole; at += BLOCK_BYTES) compress(before, prefixView, at);
  const { bytes, view, nonceAt } = tailOf(prefix.subarray(whole), NONCE_LENGTH, prefix.length + NONCE_LENGTH);
  const state = new Int32Array(8);
  for (let count = from; count < to; count += 1) {
    const nonce = count.toString(36).padStart(NONCE_LENGTH, "0");
    for (let index = 0; index < NONCE_LENGTH; index += 1) bytes[nonceAt + index] = nonce.charCodeAt(index);
    state.set(before);
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) compress(state, view, at);
    if (Math.clz32(state[0] as number) >= bits) return nonce;
  }
  return null;
}
