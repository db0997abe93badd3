/** Suggests available names instead of a taken one; one click chooses one. */
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
