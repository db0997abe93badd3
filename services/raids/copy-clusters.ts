import type { TextFingerprint } from "../automod/text-similarity.ts";

/** Compares texts; the functions of `automod/text-similarity.ts`, which is a later domain. */
export type TextComparison = {
  readonly fingerprintOf: (text: string) => TextFingerprint;
  readonly isNearCopy: (one: TextFingerprint, other: TextFingerprint) => boolean;
};

/** One author's latest copy of a text. */
export type Copy = { readonly authorId: string; readonly roomId: string; readonly loungeId: string; readonly at: number };

/** Nearly equal texts: the latest copy of each author, and how many they sent. */
type Cluster = { readonly sample: TextFingerprint; readonly copies: Map<string, Copy & { readonly count: number }> };

/** The latest copy of a text by each author, and the number of all. Short texts are only compared for equal letters. */
export type Copies = { readonly copies: readonly Copy[]; readonly total: number; readonly isShort: boolean };

export type CopyClusters = {
  /** Records a text, and returns the copies of it within the window, including this one. */
  add(text: string, copy: Copy): Copies;
};

/** At most this many different texts and authors of each are remembered: the least recent are forgotten. */
const CLUSTERS = 200;
const AUTHORS = 200;

/** Texts with fewer letters than this are greetings and reactions, which honest people repeat: they are ignored. */
const MIN_LETTERS = 11;
/** Texts with fewer different letter sequences than this are short. */
const SHORT_SHINGLES = 20;

const LETTERS = /\p{L}/gu;

const hasLetters = (text: string): boolean => (text.match(LETTERS)?.length ?? 0) >= MIN_LETTERS;

const NO_COPIES: Copies = { copies: [], total: 0, isShort: true };

/** How many clusters, those that share the most hashes with a text, are compared with it. */
const CANDIDATES = 3;

/** Finds clusters by the hashes of their sample, so that a text is compared with few others. */
function createIndex() {
  const byHash = new Map<number, Set<Cluster>>();
  const hashesOf = ({ words, shingles }: TextFingerprint): readonly number[] => [...words, ...shingles];
  return {
    add(cluster: Cluster): void {
      for (const hash of hashesOf(cluster.sample)) byHash.set(hash, (byHash.get(hash) ?? new Set()).add(cluster));
    },
    remove(cluster: Cluster): void {
      for (const hash of hashesOf(cluster.sample)) {
        const found = byHash.get(hash);
        found?.delete(cluster);
        if (found?.size === 0) byHash.delete(hash);
      }
    },
    /** Returns the clusters that share the most with a text, the most similar first. */
    candidates(sample: TextFingerprint): Cluster[] {
      const shared = new Map<Cluster, number>();
      for (const hash of hashesOf(sample))
        for (const cluster of byHash.get(hash) ?? []) shared.set(cluster, (shared.get(cluster) ?? 0) + 1);
      return [...shared]
        .sort(([, a], [, b]) => b - a)
        .map(([cluster]) => cluster)
        .slice(0, CANDIDATES);
    },
  };
}

/** Creates the memory of recent texts. */
export function createCopyClusters({ fingerprintOf, isNearCopy }: TextComparison, windowMs: number): CopyClusters {
  /** In the order in which they were last extended. */
  const clusters = new Set<Cluster>();
  const index = createIndex();

  function clusterOf(sample: TextFingerprint): Cluster {
    const known = index.candidates(sample).find((cluster) => isNearCopy(cluster.sample, sample));
    const cluster: Cluster = known ?? { sample, copies: new Map() };
    if (known === undefined) index.add(cluster);
    clusters.delete(cluster);
    clusters.add(cluster);
    return cluster;
  }

  function dropOldest(): void {
    const [oldest] = clusters;
    if (clusters.size <= CLUSTERS || oldest === undefined) return;
    clusters.delete(oldest);
    index.remove(oldest);
  }

  function forgetOld({ copies }: Cluster, at: number): void {
    for (const [authorId, copy] of copies) if (copy.at <= at - windowMs) copies.delete(authorId);
    const oldest = copies.keys().next().value;
    if (copies.size > AUTHORS && oldest !== undefined) copies.delete(oldest);
  }

  return {
    add(text, copy) {
      if (!hasLetters(text)) return NO_COPIES;
      const sample = fingerprintOf(text);
      const cluster = clusterOf(sample);
      dropOldest();
      const count = (cluster.copies.get(copy.authorId)?.count ?? 0) + 1;
      // The author's earlier copy is replaced, so that the order is that of the latest ones.
      cluster.copies.delete(copy.authorId);
      cluster.copies.set(copy.authorId, { ...copy, count });
      forgetOld(cluster, copy.at);
      const copies = [...cluster.copies.values()];
      const total = copies.reduce((sum, one) => sum + one.count, 0);
      return { copies, total, isShort: sample.shingles.length < SHORT_SHINGLES };
    },
  };
}
