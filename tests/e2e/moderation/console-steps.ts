import type { Browser } from "playwright-core";
import type { CaseDto } from "../../../utils/contract/schemas/moderation/cases.ts";
import { textFor } from "../../support/factories.ts";
import type { RunningServer } from "../../support/server.ts";
import { type Member, seat } from "../members.ts";
import type { Guest, visit } from "../visitor.ts";

/** Joins a room and writes a message in it, over REST. @returns the id of the message */
export async function writeIn(writer: Member, roomId: string, text: string): Promise<string> {
  const { status, body } = await writer.ask("POST", `/api/chatroom/rooms/${roomId}/messages`, textFor(roomId, { text }));
  if (status !== 201) throw new Error(`the message was answered with ${status}: ${JSON.stringify(body)}`);
  return String(body.id);
}

type Reported = { id: string; reason?: string; text?: string };

/** Reports a message. @returns the number of the case */
export async function reportMessage(reporter: Member, { id, reason = "spam", text }: Reported): Promise<number> {
  const input = { target: { kind: "message", id }, reason, ...(text !== undefined && { text }) };
  const { status, body } = await reporter.ask("POST", "/api/moderation/reports", input);
  if (status !== 201) throw new Error(`the report was answered with ${status}: ${JSON.stringify(body)}`);
  return Number(body.number);
}

/** Returns the case with a number, as staff see it. */
export async function caseOf(moderator: Member, number: number): Promise<CaseDto> {
  const { body } = await moderator.ask("GET", "/api/moderation/cases?limit=100");
  const found = (body.items as CaseDto[]).find((one) => one.number === number);
  if (!found) throw new Error(`no case ${number}`);
  return found;
}

/** Opens the console as a moderator, and waits until it is connected. */
export async function openConsole(
  browser: Browser,
  server: RunningServer,
  moderator: Member,
  options: Parameters<typeof visit>[2] & { path?: string } = {},
): Promise<Guest> {
  const { path = "/moderation", ...rest } = options;
  const guest = await seat(browser, server, moderator, rest);
  await guest.open(path);
  await guest.page.locator("main.mod").waitFor();
  await guest.page.locator(`html[data-line="online"]`).waitFor({ state: "attached" });
  return guest;
}

/** Returns the row of a case in the list. */
export const caseRow = ({ page }: Guest, number: number) =>
  page.locator(".mod-row", { has: page.getByText(`Case ${number}`, { exact: true }) });

/** Waits until a case is open. */
export const openedCase = ({ page }: Guest, number: number) =>
  page.locator(".mod-case-name h2").getByText(`Case ${number}`, { exact: true }).waitFor();

export const button = ({ page }: Guest, name: string | RegExp) =>
  page.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
