import { signal } from "@preact/signals";
import type { DeleteMeInput } from "../../../../../utils/contract/schemas/privacy.ts";
import { deleteMe } from "../../session/my-account.ts";
import { clearSession, currentUser, replaceSession } from "../../session/session.ts";

/** The deletion that was asked for on this page last: its owner is signed out already, and is told here what follows. */
export const deletion = signal<{ deletesAt: string; isGuest: boolean } | null>(null);

/** Has the account deleted, and leaves. Nothing happens when the person turned away from proving themselves. */
export async function leaveForGood(body: DeleteMeInput): Promise<void> {
  const isGuest = currentUser.peek()?.kind === "guest";
  await replaceSession(async () => {
    const answer = await deleteMe(body);
    if (!answer) return;
    deletion.value = { ...answer, isGuest };
    clearSession();
  });
}
