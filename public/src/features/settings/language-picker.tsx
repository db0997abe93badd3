import { X } from "lucide";
import { ta } from "../../locales/account/index.ts";
import { languageNamed } from "../../locales/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";

const MOST = 10;

/** Language codes to choose from; codes that the user already has stay, even if they are not listed. */
const offered = (
  "ar bg bn ca cs da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk kn ko lt lv mk ml mr ms mt my " +
  "nb ne nl nn pa pl pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh zu"
).split(" ");

const inOrder = (codes: readonly string[]): { code: string; name: string }[] =>
  codes.map((code) => ({ code, name: languageNamed(code) })).sort((a, b) => a.name.localeCompare(b.name));

type Props = { id: string; label: string; codes: readonly string[]; onChange: (codes: string[]) => void };

/** Selects several languages: the chosen ones as removable chips, the others in a list. */
export function LanguagePicker({ id, label, codes, onChange }: Props) {
  const free = inOrder(offered.filter((code) => !codes.includes(code)));
  return (
    <fieldset class="form-field" id={id}>
      <legend>{label}</legend>
      {codes.length > 0 && (
        <ul class="chips picked">
          {codes.map((code) => (
            <li key={code} class="chip">
              <span>{languageNamed(code)}</span>
              <button
                type="button"
                class="picked-remove"
                aria-label={ta("removeLanguage", { language: languageNamed(code) })}
                onClick={() => onChange(codes.filter((one) => one !== code))}
              >
                <Icon icon={X} size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {codes.length < MOST && (
        <select
          class="field"
          value=""
          aria-label={`${label}: ${ta("addLanguage")}`}
          onChange={(event) => {
            if (event.currentTarget.value) onChange([...codes, event.currentTarget.value]);
            event.currentTarget.value = "";
          }}
        >
          <option value="">{ta("addLanguage")}</option>
          {free.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
    </fieldset>
  );
}
