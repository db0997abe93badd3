import "../../../styles/features/inbox.css";
import { useEffect } from "preact/hooks";
import type { BlockDto } from "../../../../../utils/contract/schemas/conversations.ts";
import { ti } from "../../../locales/inbox/index.ts";
import { dateOf } from "../../../locales/index.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { blocks, loadBlocks, unblockPerson } from "../../people/blocks.ts";
import { Avatar, PersonName } from "../../people/person.tsx";
import { Section } from "../section.tsx";

function Blocked({ user, createdAt }: BlockDto) {
  const unblock = useAction(() => unblockPerson(user.id));
  return (
    <li class="person">
      <Avatar who={user} size="sm" />
      <span class="member-words">
        <PersonName who={user} look="person-name" />
        <small>{dateOf(new Date(createdAt))}</small>
      </span>
      <button
        type="button"
        class="button button-quiet"
        aria-label={ti("unblockNamed", { name: user.displayName })}
        aria-disabled={unblock.isBusy}
        onClick={() => void unblock.act()}
      >
        {ti("unblock")}
      </button>
      <Trouble refusal={unblock.refusal} />
    </li>
  );
}

/** Lists the blocked users, with a button to unblock. */
export function BlockedPeople() {
  useEffect(() => void loadBlocks(), []);
  const all = [...blocks.value.values()];
  return (
    <Section id="blocked" title={ti("blockedTitle")} text={all.length === 0 ? ti("noBlocked") : ti("blockText")}>
      {all.length > 0 && (
        <ul class="blocked-list">
          {all.map((one) => (
            <Blocked key={one.user.id} {...one} />
          ))}
        </ul>
      )}
    </Section>
  );
}
