import { LogOut, UserMinus, UserPlus } from "lucide";
import { useState } from "preact/hooks";
import { limits } from "../../../../utils/contract/limits.ts";
import type { ConversationDto, ConversationMemberDto } from "../../../../utils/contract/schemas/conversations.ts";
import { ti } from "../../locales/inbox/index.ts";
import { isolated, t } from "../../locales/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { conversationPath, go, path } from "../../shared/state/route.ts";
import { Field, Form, isTooLong, Submit } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { nameOf } from "../people/conversation-face.tsx";
import { PeoplePicker } from "../people/people-picker.tsx";
import { Avatar, Mark, PersonName } from "../people/person.tsx";
import { currentUser } from "../session/session.ts";
import { addToGroup, type Person, removeFromGroup, renameGroup } from "./conversations.ts";
import { leaveSoon } from "./leaving.ts";
import { ConversationDenied } from "./requests/error-texts.tsx";

type GroupProps = { conversation: ConversationDto };
type MemberProps = GroupProps & { who: ConversationMemberDto; onRemove: () => void };

function Member({ conversation, who, onRemove }: MemberProps) {
  const isMe = who.id === currentUser.value?.id;
  const mayRemove = !isMe && conversation.ownerId === currentUser.value?.id;
  return (
    <li class={`person person-${who.status}`}>
      <span class="person-face">
        <Avatar who={who} size="sm" />
        {who.status !== "offline" && <span class="person-dot" aria-hidden="true" />}
      </span>
      <span class="member-words">
        <PersonName who={who} look="person-name" />
        {who.id === conversation.ownerId && <small>{ti("owner")}</small>}
        {who.state === "requested" && <small>{ti("invited")}</small>}
      </span>
      {isMe && <span class="person-you">{t("you")}</span>}
      <Mark who={who} />
      {mayRemove && (
        <button
          type="button"
          class="icon-button member-remove"
          aria-label={ti("removePerson", { name: who.displayName })}
          title={ti("removePerson", { name: who.displayName })}
          onClick={onRemove}
        >
          <Icon icon={UserMinus} size={16} />
        </button>
      )}
    </li>
  );
}

function AddPeople({ conversation, onDone }: GroupProps & { onDone: () => void }) {
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const add = useAction(async () => {
    await addToGroup(
      conversation.id,
      chosen.map((one) => one.id),
    );
    onDone();
  });
  return (
    <Form onSubmit={() => void add.act()}>
      <PeoplePicker
        isFocused
        label={ti("addPeople")}
        chosen={chosen}
        most={limits.groupPeople - conversation.members.length}
        leftOut={(id) => conversation.members.some((one) => one.id === id)}
        onChange={setChosen}
      />
      <ConversationDenied refusal={add.refusal} />
      <Submit isBusy={add.isBusy} isDisabled={chosen.length === 0}>
        {ti("add")}
      </Submit>
    </Form>
  );
}

function Rename({ conversation }: GroupProps) {
  const [name, setName] = useState(conversation.name);
  const rename = useAction(() => renameGroup(conversation.id, name.trim()));
  return (
    <Form onSubmit={() => void rename.act()}>
      <Field
        id="group-name"
        label={ti("groupName")}
        value={name}
        graphemes={limits.groupNameGraphemes}
        hint={ti("groupNameHint")}
        onChange={setName}
      />
      <ConversationDenied refusal={rename.refusal} />
      {name.trim() !== conversation.name && (
        <Submit isBusy={rename.isBusy} isDisabled={isTooLong(name, limits.groupNameGraphemes)}>
          {ti("save")}
        </Submit>
      )}
    </Form>
  );
}

/** Leaves the group without confirmation, because that can be undone. */
function Leave({ conversation }: GroupProps) {
  const { id } = conversation;
  const leave = () => {
    leaveSoon(id, ti("leftNow", { name: isolated(nameOf(conversation)) }), () => {
      if (path.peek() === "/m") go(conversationPath(id));
    });
    sidePanel.value = null;
    go("/m");
  };
  return (
    <button type="button" class="button button-quiet" onClick={leave}>
      <Icon icon={LogOut} size={16} /> {ti("leaveGroup")}
    </button>
  );
}

/** Renders a group's members and its name. */
export function GroupPanel({ conversation }: GroupProps) {
  const [isAdding, setAdding] = useState(false);
  const remove = useAction((userId: string) => removeFromGroup(conversation.id, userId));
  const isFull = conversation.members.length >= limits.groupPeople;
  return (
    <div class="people group-panel">
      <ul>
        {conversation.members.map((who) => (
          <Member key={who.id} conversation={conversation} who={who} onRemove={() => void remove.act(who.id)} />
        ))}
      </ul>
      <ConversationDenied refusal={remove.refusal} />
      {isAdding && <AddPeople conversation={conversation} onDone={() => setAdding(false)} />}
      {!isAdding && !isFull && (
        <button type="button" class="button button-quiet" onClick={() => setAdding(true)}>
          <Icon icon={UserPlus} size={16} /> {ti("addPeople")}
        </button>
      )}
      <Rename key={conversation.name} conversation={conversation} />
      <Leave conversation={conversation} />
    </div>
  );
}
