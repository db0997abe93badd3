import { expect } from "vitest";
import type { ActionDto, NewActionInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { App } from "../app.ts";
import type { Answer } from "../client.ts";
import { restOf } from "../conversations.ts";
import { makeMember, type Person } from "../factories.ts";

const HOUR_MS = 3_600_000;

/** A new action; the rule is `spam` by default. */
export type NewAction = Partial<NewActionInput> & { kind: NewActionInput["kind"] };

/** Asks for an action. */
export const act = (app: App, person: Person, action: NewAction): Promise<Answer<ActionDto>> =>
  restOf(app, person).post<ActionDto>("/api/moderation/actions", { rule: "spam", ...action });

/** Takes an action. @returns it */
export async function take(app: App, person: Person, action: NewAction): Promise<ActionDto> {
  const answer = await act(app, person, action);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

/** Returns a mute of an hour, on the whole site by default. */
export const muteOf = (userId: string, scope?: NewActionInput["scope"]): NewAction => ({
  kind: "mute",
  userId,
  durationMs: HOUR_MS,
  ...(scope && { scope }),
});

/** Makes a member who moderates a lounge. */
export async function makeLoungeModerator({ services }: App, loungeId: string): Promise<Person> {
  const person = await makeMember(services);
  await services.db.loungeModerator.create({ data: { loungeId, userId: person.id } });
  return person;
}
