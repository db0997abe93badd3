import { Fingerprint } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { PasskeyDto } from "../../../../../utils/contract/schemas/factors.ts";
import { type ApiError, toApiError } from "../../../api.ts";
import { ta } from "../../../locales/account/index.ts";
import { aheadOf } from "../../../locales/index.ts";
import { Field, Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { addPasskey, listPasskeys, removePasskey } from "../../session/my-account.ts";
import { knowsPasskeys } from "../../session/passkeys.ts";
import { Cancel, Section } from "../section.tsx";
import { deviceNameOf } from "./device-name.ts";

function Passkey({ passkey, onGone }: { passkey: PasskeyDto; onGone: () => Promise<void> }) {
  const remove = useAction(async () => {
    if ((await removePasskey(passkey.id)) !== undefined) await onGone();
  });
  const used = passkey.lastUsedAt ? ta("passkeyUsed", { time: aheadOf(new Date(passkey.lastUsedAt)) }) : ta("passkeyUnused");
  return (
    <li class="entry">
      <span class="entry-sign">
        <Icon icon={Fingerprint} size={20} />
      </span>
      <div class="entry-words">
        <p class="entry-title">
          <bdi>{passkey.name}</bdi>
        </p>
        <p class="entry-details">
          <span>{used}</span>
          {passkey.isSynced && <span>{ta("passkeySynced")}</span>}
        </p>
        <Trouble refusal={remove.refusal} />
      </div>
      <button
        type="button"
        class="button button-quiet"
        aria-label={ta("passkeyRemove", { name: passkey.name })}
        aria-disabled={remove.isBusy}
        onClick={() => void remove.act()}
      >
        {ta("remove")}
      </button>
    </li>
  );
}

function NewPasskey({ onDone, onCancel }: { onDone: () => Promise<void>; onCancel: () => void }) {
  const [name, setName] = useState(() => deviceNameOf(navigator.userAgent)?.system ?? "");
  const add = useAction(async () => {
    if ((await addPasskey(name.trim())) !== undefined) await onDone();
  });
  return (
    <Form onSubmit={() => void add.act()}>
      <Field id="passkey-name" label={ta("passkeyName")} value={name} maxLength={100} autocomplete="off" onChange={setName} />
      <Trouble refusal={add.refusal} />
      <div class="form-actions">
        <Submit isBusy={add.isBusy}>{ta("passkeyAdd")}</Submit>
        <Cancel onCancel={onCancel} />
      </div>
    </Form>
  );
}

/** Lists the account's passkeys. */
export function Passkeys() {
  const [passkeys, setPasskeys] = useState<readonly PasskeyDto[]>([]);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [isAdding, setAdding] = useState(false);
  const load = async (): Promise<void> => {
    setAdding(false);
    await listPasskeys().then(
      (page) => setPasskeys(page.items),
      (error: unknown) => setRefusal(toApiError(error)),
    );
  };
  useEffect(() => void load(), []);
  return (
    <Section id="passkeys" title={ta("passkeys")} text={ta("passkeysText")}>
      {passkeys.length > 0 && (
        <ul class="entries">
          {passkeys.map((passkey) => (
            <Passkey key={passkey.id} passkey={passkey} onGone={load} />
          ))}
        </ul>
      )}
      <Trouble refusal={refusal} />
      {!knowsPasskeys && <p class="settings-section-text">{ta("passkeyUnsupported")}</p>}
      {knowsPasskeys && isAdding && <NewPasskey onDone={load} onCancel={() => setAdding(false)} />}
      {knowsPasskeys && !isAdding && (
        <button type="button" class="button button-quiet" onClick={() => setAdding(true)}>
          {ta("passkeyAdd")}
        </button>
      )}
    </Section>
  );
}
