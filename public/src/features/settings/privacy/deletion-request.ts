import { signal } from "@preact/signals";
import type { DeleteMeInput } from "../../../../../utils/contract/schemas/privacy.ts";
import { deleteMe } from "../../session/my-account.ts";
import { clearSession, currentUser, replaceSession } from "../../session/session.ts";

/** The last deletion requested on this page: the user is signed out already, and sees here what follows. */
export const deletion = signal<{ deletesAt: string; isGuest: boolean } | null>(null);

/** Deletes the account and signs out. Does nothing if the user cancelled the step-up. */
export async function leaveForGood(body: DeleteMeInput): Promise<void> {
  const isGuest = currentUser.peek()?.kind === "guest";
  await replaceSession(async () => {
    const answer = await deleteMe(body);
    if (!answer) return;
    deletion.value = { ...answer, isGuest };
    clearSession();
  });
}
