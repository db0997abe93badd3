import { useState } from "preact/hooks";
import { limits } from "../../../../utils/contract/limits.ts";
import type { MeDto } from "../../../../utils/contract/schemas/auth.ts";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { type FormField, fieldOf } from "../../shared/state/form-errors.ts";
import { Done, Field, Form, isTooLong, lengthHints, Submit, Trouble } from "../../shared/ui/form.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { me } from "../session/me.ts";
import { updateMe } from "../session/my-account.ts";
import { LanguagePicker } from "./language-picker.tsx";

type Draft = { displayName: string; bio: string; pronouns: string; languages: string[]; learning: string[] };

const draftOf = ({ displayName, bio, pronouns, languages, learning }: MeDto): Draft => ({
  displayName,
  bio: bio ?? "",
  pronouns: pronouns ?? "",
  languages,
  learning,
});

const longest = { displayName: limits.nameGraphemes.max, pronouns: limits.pronounsGraphemes, bio: limits.bioGraphemes } as const;

function BioField({ value, error, onChange }: { value: string; error: string | null; onChange: (value: string) => void }) {
  const { left, over } = lengthHints(value, longest.bio);
  return (
    <div class="form-field">
      <label class="form-label" for="bio">
        {ta("bio")} <span class="form-optional">{ta("optional")}</span>
      </label>
      <textarea
        id="bio"
        class="field field-tall"
        rows={3}
        dir="auto"
        value={value}
        aria-describedby="bio-hint bio-error"
        aria-invalid={Boolean(error ?? over)}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <p class="form-hint" id="bio-hint">
        {ta("bioHint")} {left}
      </p>
      <div id="bio-error" role="alert">
        {(over ?? error) && <p class="form-error">{over ?? error}</p>}
      </div>
    </div>
  );
}

/** Manages the profile form: its input and the result of saving. */
function useProfile(start: MeDto) {
  const [draft, setDraft] = useState(() => draftOf(start));
  const [isSaved, setSaved] = useState(false);
  const save = useAction(async () => {
    setDraft(draftOf(await updateMe(draft)));
    setSaved(true);
  });
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setSaved(false);
    save.clear();
  };
  const field = save.refusal ? fieldOf(save.refusal) : null;
  const errorAt = (name: FormField): string | null => (field === name && save.refusal ? errorTextOf(save.refusal) : null);
  return { draft, set, save, isSaved, field, errorAt };
}

function ProfileForm({ start }: { start: MeDto }) {
  const { draft, set, save, isSaved, field, errorAt } = useProfile(start);
  const hasTooLong = (["displayName", "pronouns", "bio"] as const).some((name) => isTooLong(draft[name], longest[name]));
  return (
    <Form refusal={save.refusal} onSubmit={() => void save.act()}>
      <Field
        id="display-name"
        label={ta("displayName")}
        value={draft.displayName}
        autocomplete="nickname"
        graphemes={longest.displayName}
        required
        error={errorAt("displayName")}
        onChange={(displayName) => set({ displayName })}
      />
      <Field
        id="pronouns"
        label={ta("pronouns")}
        value={draft.pronouns}
        graphemes={longest.pronouns}
        isOptional
        hint={ta("pronounsHint")}
        error={errorAt("pronouns")}
        onChange={(pronouns) => set({ pronouns })}
      />
      <BioField value={draft.bio} error={errorAt("bio")} onChange={(bio) => set({ bio })} />
      <LanguagePicker id="speaks" label={ta("speaks")} codes={draft.languages} onChange={(languages) => set({ languages })} />
      <LanguagePicker id="learning" label={ta("learning")} codes={draft.learning} onChange={(learning) => set({ learning })} />
      <Trouble refusal={field === null ? save.refusal : null} />
      <div class="form-actions">
        <Submit isBusy={save.isBusy} isDisabled={hasTooLong || draft.displayName.trim() === ""}>
          {ta("save")}
        </Submit>
        <Done text={isSaved ? ta("saved") : null} />
      </div>
    </Form>
  );
}

/** Renders the profile settings, which others can see. */
export function Profile() {
  const start = me.value;
  if (!start) return null;
  return (
    <>
      <p class="settings-section-text">
        {ta("username")}: <bdi class="settings-username">{start.username}</bdi>
      </p>
      <ProfileForm start={start} />
    </>
  );
}
