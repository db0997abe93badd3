import { useState } from "preact/hooks";
import { limits } from "../../../../../utils/contract/limits.ts";
import type { BotDto, MadeBotDto } from "../../../../../utils/contract/schemas/bots.ts";
import { errorTextOf } from "../../../locales/account/errors.ts";
import { ta } from "../../../locales/account/index.ts";
import { daysOf } from "../../../locales/index.ts";
import { fieldOf } from "../../../shared/state/form-errors.ts";
import { Field, Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { FreeNames } from "../../../shared/ui/free-names.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { Cancel } from "../section.tsx";
import { createBot, createToken } from "./bot-list.ts";

/** Days until a token expires; null for until it is revoked. */
const LIVES = [null, 30, 90, 365] as const;
type Life = (typeof LIVES)[number];

const lifeOf = (days: Life) => (days === null ? {} : { expiresInDays: days });

const LifeChoice = ({ life, onChange }: { life: Life; onChange: (life: Life) => void }) => (
  <fieldset class="choice form-field">
    <legend>{ta("tokenExpiry")}</legend>
    <div class="choice-row">
      {LIVES.map((days) => (
        <label key={String(days)} class="choice-one">
          <input type="radio" name="token-life" class="sr-only" checked={life === days} onChange={() => onChange(days)} />
          <span class="choice-name">{days === null ? ta("tokenNever") : daysOf(days)}</span>
        </label>
      ))}
    </div>
  </fieldset>
);

type NewBotProps = { onDone: (made: MadeBotDto) => Promise<void>; onCancel: () => void };

/** Creates a bot. Its first token has the bot's name. */
export function NewBot({ onDone, onCancel }: NewBotProps) {
  const [names, setNames] = useState({ username: "", displayName: "" });
  const [life, setLife] = useState<Life>(null);
  const create = useAction(async () => {
    const displayName = names.displayName.trim();
    const made = await createBot({ username: names.username.trim(), ...(displayName !== "" && { displayName }), ...lifeOf(life) });
    if (made !== undefined) await onDone(made);
  });
  const { refusal } = create;
  const field = refusal && fieldOf(refusal);
  const errorAt = (name: "username" | "displayName"): string | null => (refusal && field === name ? errorTextOf(refusal) : null);
  const free = refusal?.code === "name_taken" ? refusal.list("suggestions").slice(0, 3) : [];
  const set = (change: Partial<typeof names>): void => {
    setNames({ ...names, ...change });
    create.clear();
  };
  return (
    <Form refusal={refusal} onSubmit={() => void create.act()}>
      <Field
        id="bot-username"
        label={ta("username")}
        value={names.username}
        dir="ltr"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        graphemes={limits.usernameCharacters.max}
        required
        hint={ta("botUsernameHint")}
        error={errorAt("username")}
        onChange={(username) => set({ username })}
      >
        <FreeNames place="form-suggestions" names={field === "username" ? free : []} onTake={(username) => set({ username })} />
      </Field>
      <Field
        id="bot-name"
        label={ta("displayName")}
        value={names.displayName}
        autocomplete="off"
        graphemes={limits.nameGraphemes.max}
        isOptional
        hint={ta("botNameHint")}
        error={errorAt("displayName")}
        onChange={(displayName) => set({ displayName })}
      >
        <FreeNames place="form-suggestions" names={field === "displayName" ? free : []} onTake={(displayName) => set({ displayName })} />
      </Field>
      <LifeChoice life={life} onChange={setLife} />
      <Trouble refusal={field === "username" || field === "displayName" ? null : refusal} />
      <div class="form-actions">
        <Submit isBusy={create.isBusy} isDisabled={names.username.trim() === ""}>
          {ta("botCreate")}
        </Submit>
        <Cancel onCancel={onCancel} />
      </div>
    </Form>
  );
}

type NewTokenProps = { bot: BotDto; onDone: (token: string) => Promise<void>; onCancel: () => void };

export function NewToken({ bot, onDone, onCancel }: NewTokenProps) {
  const [name, setName] = useState("");
  const [life, setLife] = useState<Life>(null);
  const create = useAction(async () => {
    const made = await createToken(bot.id, { name: name.trim(), ...lifeOf(life) });
    if (made !== undefined) await onDone(made.token);
  });
  return (
    <Form onSubmit={() => void create.act()}>
      <Field
        id={`token-name-${bot.id}`}
        label={ta("tokenName")}
        value={name}
        autocomplete="off"
        maxLength={100}
        required
        hint={ta("tokenNameHint")}
        onChange={setName}
      />
      <LifeChoice life={life} onChange={setLife} />
      <Trouble refusal={create.refusal} />
      <div class="form-actions">
        <Submit isBusy={create.isBusy} isDisabled={name.trim() === ""}>
          {ta("tokenCreate")}
        </Submit>
        <Cancel onCancel={onCancel} />
      </div>
    </Form>
  );
}
