/** Names that are free, instead of one that is not; taking one is one press. */
export function FreeNames({ names, place, onTake }: { names: readonly string[]; place: string; onTake: (name: string) => void }) {
  if (names.length === 0) return null;
  return (
    <ul class={`chips ${place}`}>
      {names.map((name) => (
        <li key={name}>
          <button type="button" class="chip" onClick={() => onTake(name)}>
            <bdi>{name}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}
