import "../../styles/features/inbox.css";
import { useState } from "preact/hooks";
import { limits } from "../../../../utils/contract/limits.ts";
import { ti } from "../../locales/inbox/index.ts";
import { showing } from "../../shared/state/dialogs.ts";
import { Field, Form, isTooLong, Submit } from "../../shared/ui/form.tsx";
import { Panel } from "../../shared/ui/panel.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { PeoplePicker } from "../people/people-picker.tsx";
import { currentUser } from "../session/session.ts";
import { beginGroup, type Person, writeTo } from "./conversations.ts";
import { ConversationDenied } from "./requests/error-texts.tsx";

const close = (): void => {
  showing.value = null;
};

/** Starts a conversation with one user, or a group with an optional name. */
export function NewMessage() {
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [name, setName] = useState("");
  const [first, ...more] = chosen;
  const isGroup = more.length > 0;
  const begin = useAction(async () => {
    if (!first) return;
    if (isGroup)
      await beginGroup(
        chosen.map((one) => one.id),
        name.trim(),
      );
    else await writeTo(first);
    close();
  });
  return (
    <Panel title={ti("newMessage")} kind="sheet" onClose={close}>
      {currentUser.value?.kind === "guest" ? (
        <div class="new-message">
          <p>{ti("guestText")}</p>
        </div>
      ) : (
        <Form class="new-message" onSubmit={() => void begin.act()}>
          <PeoplePicker
            isFocused
            label={ti("to")}
            chosen={chosen}
            most={limits.groupPeople - 1}
            leftOut={(id) => id === currentUser.value?.id}
            onChange={(next) => {
              setChosen(next);
              begin.clear();
            }}
          />
          {isGroup && (
            <Field
              id="group-name"
              label={ti("groupName")}
              value={name}
              graphemes={limits.groupNameGraphemes}
              isOptional
              hint={ti("groupNameHint")}
              onChange={setName}
            />
          )}
          <ConversationDenied refusal={begin.refusal} />
          <Submit isLarge isBusy={begin.isBusy} isDisabled={!first || (isGroup && isTooLong(name, limits.groupNameGraphemes))}>
            {isGroup ? ti("startGroup") : ti("start")}
          </Submit>
        </Form>
      )}
    </Panel>
  );
}
