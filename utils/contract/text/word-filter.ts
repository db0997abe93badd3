import { hashOf } from "./hash.ts";

/**
 * A Golomb-coded set of words, in about 13 bits each: the sorted hashes, delta-encoded with Rice coding. All its members are found, with
 * about one false positive per 2,700 other lookups for a set of 49,000 members.
 */
const HASH_BITS = 27;
const RICE_BITS = 11;

const numberOf = (word: string): number => hashOf(word) >>> (32 - HASH_BITS);

/** Encodes a set of words. */
export function encodeWords(words: Iterable<string>): Uint8Array {
  const hashes = [...new Set([...words].map(numberOf))].sort((a, b) => a - b);
  const bytes: number[] = [];
  let count = 0;
  const write = (bit: number): void => {
    if (count % 8 === 0) bytes.push(0);
    bytes.push((bytes.pop() ?? 0) | (bit << (7 - (count % 8))));
    count += 1;
  };
  let before = 0;
  for (const hash of hashes) {
    const step = hash - before;
    for (let ones = step >>> RICE_BITS; ones > 0; ones -= 1) write(1);
    write(0);
    for (let bit = RICE_BITS - 1; bit >= 0; bit -= 1) write((step >>> bit) & 1);
    before = hash;
  }
  // Fill the last byte with ones, which cannot be decoded as a complete word.
  while (count % 8 !== 0) write(1);
  return Uint8Array.from(bytes);
}

/** Decodes the output of `encodeWords`. Returns a function that checks whether a word is in the set. */
export function decodeWords(bytes: Uint8Array): (word: string) => boolean {
  const hashes = new Set<number>();
  const end = bytes.length * 8;
  let at = 0;
  const read = (): number => {
    const bit = ((bytes[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
    at += 1;
    return bit;
  };
  let hash = 0;
  while (at < end) {
    let step = 0;
    while (at < end && read() === 1) step += 1;
    if (at + RICE_BITS > end) break;
    for (let bit = 0; bit < RICE_BITS; bit += 1) step = step * 2 + read();
    hash += step;
    hashes.add(hash);
  }
  return (word) => hashes.has(numberOf(word));
}
