import type { CaseDetailDto, CaseDto, ResolveCaseInput } from "../../../utils/contract/schemas/moderation/cases.ts";
import type { CreateReportInput, ReportDto } from "../../../utils/contract/schemas/moderation/reports.ts";
import { newId } from "../../../utils/ids.ts";
import type { App } from "../app.ts";
import type { Answer } from "../client.ts";
import { placed, restOf } from "../conversations.ts";
import { draftFor, makeMember, type Person } from "../factories.ts";

const CASES = "/api/moderation/cases";

/** Sends a message of a user through the message writer. @returns its id */
export async function messageBy({ services }: App, author: Person, roomId: string, text = `text ${newId()}`): Promise<string> {
  return placed(await services.messageWriter.write(draftFor(roomId, author, { text }))).id;
}

/** Makes a member who joined before the period in which members count as newcomers. */
export async function makeRegular({ services }: App): Promise<Person> {
  const person = await makeMember(services);
  await services.db.user.update({ where: { id: person.id }, data: { createdAt: new Date(Date.now() - 30 * 86_400_000) } });
  return person;
}

/** Reports a target. */
export const report = (app: App, person: Person, body: Partial<CreateReportInput>): Promise<Answer<ReportDto>> =>
  restOf(app, person).post<ReportDto>("/api/moderation/reports", { reason: "spam", ...body });

export const reportMessage = (app: App, person: Person, id: string, over: Partial<CreateReportInput> = {}): Promise<Answer<ReportDto>> =>
  report(app, person, { target: { kind: "message", id }, ...over });

/** Finds the unresolved case about a target, with its version. */
export async function caseAbout({ services }: App, targetId: string) {
  return services.db.moderationCase.findFirstOrThrow({ where: { targetId, isResolved: false } });
}

export const readCaseAs = (app: App, person: Person, id: string): Promise<Answer<CaseDetailDto>> =>
  restOf(app, person).get<CaseDetailDto>(`${CASES}/${id}`);

export const claim = (app: App, person: Person, { id, version }: { id: string; version: number }): Promise<Answer<CaseDto>> =>
  restOf(app, person).post<CaseDto>(`${CASES}/${id}/claim`, { version });

export const release = (app: App, person: Person, { id, version }: { id: string; version: number }): Promise<Answer<CaseDto>> =>
  restOf(app, person).post<CaseDto>(`${CASES}/${id}/release`, { version });

type Decision = Omit<ResolveCaseInput, "caseId" | "version">;

export const resolve = (
  app: App,
  person: Person,
  { id, version }: { id: string; version: number },
  decision: Decision,
): Promise<Answer<CaseDetailDto>> => restOf(app, person).post<CaseDetailDto>(`${CASES}/${id}/resolve`, { version, ...decision });

/** Resolves the unresolved case about a target in its present version. */
export const resolveAbout = async (app: App, person: Person, targetId: string, decision: Decision): Promise<Answer<CaseDetailDto>> =>
  resolve(app, person, await caseAbout(app, targetId), decision);

/** Approves or refuses a held message. */
export const decideHeld = (app: App, person: Person, messageId: string, outcome: "approved" | "refused"): Promise<Answer<CaseDetailDto>> =>
  resolveAbout(app, person, messageId, { outcome });
