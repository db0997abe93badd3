/** A tree of sequences of numbers, in one open-addressing hash table: the edges of all nodes. */
export type LetterTrie<Value> = {
  /** Returns the child of a node by a letter; 0 if there is none. The root is node 1. */
  child(node: number, letter: number): number;
  /** The values of the sequences that end at a node. */
  valuesAt(node: number): readonly Value[] | undefined;
};

export const ROOT = 1;

type Sequence<Value> = { readonly letters: readonly number[]; readonly value: Value };

/** Builds the tree. The table is at most half full. */
export function buildTrie<Value>(sequences: readonly Sequence<Value>[]): LetterTrie<Value> {
  const total = sequences.reduce((sum, { letters }) => sum + letters.length, 0);
  const bits = Math.ceil(Math.log2(2 * total + 2));
  const mask = 2 ** bits - 1;
  const nodes = new Int32Array(mask + 1);
  const letterOf = new Int32Array(mask + 1);
  const children = new Int32Array(mask + 1);
  const values = new Map<number, Value[]>();
  let count = ROOT;

  function slotOf(node: number, letter: number): number {
    const hash = Math.imul(Math.imul(node, 0x9e3779b1) ^ letter, 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (nodes[slot] !== 0 && (nodes[slot] !== node || letterOf[slot] !== letter)) slot = (slot + 1) & mask;
    return slot;
  }

  function addChild(node: number, letter: number): number {
    const slot = slotOf(node, letter);
    if (nodes[slot] === 0) {
      count += 1;
      nodes[slot] = node;
      letterOf[slot] = letter;
      children[slot] = count;
    }
    return children[slot] ?? 0;
  }

  for (const { letters, value } of sequences) {
    const end = letters.reduce(addChild, ROOT);
    values.set(end, [...(values.get(end) ?? []), value]);
  }
  return {
    child: (node, letter) => children[slotOf(node, letter)] ?? 0,
    valuesAt: (node) => values.get(node),
  };
}
