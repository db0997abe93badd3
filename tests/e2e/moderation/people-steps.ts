import { writeRole } from "../../../services/roles/role-repository.ts";
import type { ActionDto, NewActionInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { RunningServer } from "../../support/server.ts";
import { type Member, newPerson, onDatabase } from "../members.ts";
import type { Guest } from "../visitor.ts";

/** Creates a moderator. Equivalent to `PUT /api/admin/users/:userId/role`; its step-up is not under test here. */
export async function newModerator(server: RunningServer, displayName: string): Promise<Member> {
  const moderator = await newPerson(server, displayName);
  await onDatabase(server, (db) =>
    db.$transaction(async (tx) =>
      writeRole({ caller: {}, tx }, await tx.user.findUniqueOrThrow({ where: { id: moderator.id } }), "moderator"),
    ),
  );
  return moderator;
}

/** Takes an action as a moderator. */
export async function take(moderator: Member, input: NewActionInput): Promise<ActionDto> {
  const { status, body } = await moderator.ask("POST", "/api/moderation/actions", input);
  if (status !== 201) throw new Error(`the action was answered with ${status}: ${JSON.stringify(body)}`);
  return body as unknown as ActionDto;
}

/** Undoes an action as a moderator. */
export async function undo(moderator: Member, { id }: Pick<ActionDto, "id">): Promise<void> {
  const { status, body } = await moderator.ask("POST", `/api/moderation/actions/${id}/revert`, {});
  if (status !== 200) throw new Error(`the revert was answered with ${status}: ${JSON.stringify(body)}`);
}

/** Opens a room as a signed-in user, and waits until it can be used. */
export async function enterRoom(guest: Guest, path: string): Promise<void> {
  await guest.open(path);
  await guest.page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });
  await guest.page.locator(".composer-field").waitFor();
}

/** Returns the row of a message. */
export const rowOf = ({ page }: Guest, text: string) => page.locator(".message", { has: page.getByText(text, { exact: true }) });

/** Opens the menu of a message by keyboard. */
export async function openMenu(guest: Guest, text: string): Promise<void> {
  await rowOf(guest, text).focus();
  await guest.page.keyboard.press("Enter");
  await guest.page.getByRole("menu").waitFor();
}

/** Returns the names of the entries in the open menu. */
export const menuEntries = ({ page }: Guest): Promise<string[]> => page.getByRole("menuitem").allTextContents();
