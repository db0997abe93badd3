/**
 * Returns a number of 32 bits for a text: FNV-1a over its UTF-16 units, then the final mix of MurmurHash3, so that texts which differ in
 * few units, such as ids made at about the same time, are spread over all numbers and all bits.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
