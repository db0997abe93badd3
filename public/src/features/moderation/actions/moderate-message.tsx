import "../../../styles/features/moderation/case.css";
import { useState } from "preact/hooks";
import type { RoomDto } from "../../../../../utils/contract/schemas/lounges.ts";
import type { LiveMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import { isolated } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { MessageText } from "../../../shared/text/message-text.tsx";
import { shownName } from "../../../shared/text/shown-name.ts";
import { useAction } from "../../../shared/ui/use-action.ts";
import { mayActOn, scopesAt } from "../access.ts";
import { createAction, createBulkActions } from "../api.ts";
import { offerRevert } from "../case/decisions.ts";
import { ActionForm } from "./action-form.tsx";
import { actionsOf, type Draft, newDraft, type Target } from "./draft.ts";

/** Takes the actions of a draft together, or none of them. @returns a function that offers to undo them */
async function take(draft: Draft, target: Target): Promise<() => void> {
  const actions = actionsOf(draft, target);
  const [first, ...others] = actions;
  if (first && others.length === 0) {
    const taken = await createAction(first);
    return () => offerRevert([taken], { ids: [taken.id] });
  }
  const { parent, actions: taken } = await createBulkActions({ actions });
  return () => offerRevert(taken, { ids: [parent.id] });
}

type ModerateProps = { message: LiveMessageDto; room: RoomDto | null; onDone: () => void };

/** Moderates a message and its author from the message list. It can be undone, as everywhere in the console. */
export function ModerateMessage({ message, room, onDone }: ModerateProps) {
  const { author } = message;
  const loungeId = room?.loungeId ?? null;
  const target: Target = { subject: author, messageId: message.id, itemId: null, caseId: null, roomId: room?.id ?? null, loungeId };
  const scopes = scopesAt(target);
  const [draft, setDraft] = useState<Draft>(() => newDraft("delete_message", { rule: "spam", scopes, record: [] }));
  const submit = useAction(async () => {
    const offerUndo = await take(draft, target);
    // An open dialog makes everything behind it inert, including the offer.
    onDone();
    offerUndo();
  });
  return (
    <>
      <div class="mod-sheet-note">
        <p>{tc("modModerate", { name: isolated(shownName(author)) })}</p>
        <div class="mod-quote">
          <MessageText text={message.text} language={message.languageCode} mentions={message.mentions} isFoldable />
        </div>
      </div>
      <ActionForm
        draft={draft}
        onChange={setDraft}
        onSubmit={() => void submit.act()}
        isBusy={submit.isBusy}
        refusal={submit.refusal}
        target={target}
        scopes={scopes}
        record={[]}
        mayAct={mayActOn(author, loungeId)}
      />
    </>
  );
}
