/**
 * Returns a 32-bit hash of a text: FNV-1a over its UTF-16 units, followed by the finalizer of MurmurHash3, so that similar texts, such as
 * ids created at about the same time, are spread evenly.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
