import { expect, it } from "vitest";
import { expectError } from "../../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom } from "../../../../support/factories.ts";
import { appForFile } from "../../../../support/for-file.ts";
import { messageBy, reportMessage } from "../../../../support/moderation/cases.ts";

const { app } = await appForFile({ limitsScale: 1 });

it.each([
  ["a member", 10],
  ["a guest", 3],
] as const)("reports of %s: are limited to %i a day; repeats, and reports of what cannot be seen, are not counted", async (who, most) => {
  const reporter = who === "a guest" ? await makeGuest(app.services) : await makeMember(app.services);
  const eve = await makeMember(app.services);
  const roomId = await makeRoom(app.services);
  const privateRoom = await makeRoom(app.services, { accessLevel: "private" });
  expectError(await reportMessage(app, reporter, await messageBy(app, eve, privateRoom)), 404, "not_found");
  expectError(await reportMessage(app, reporter, await messageBy(app, reporter, roomId)), 422, "report_self");
  const messages: string[] = [];
  for (let count = 0; count < most; count += 1) {
    const id = await messageBy(app, eve, roomId);
    messages.push(id);
    expect((await reportMessage(app, reporter, id)).status).toBe(201);
    expect((await reportMessage(app, reporter, id)).status).toBe(200);
  }
  const rejected = expectError(await reportMessage(app, reporter, await messageBy(app, eve, roomId)), 429, "rate_limited");
  expect(rejected.retryAfterMs).toBeGreaterThan(23 * 3_600_000);
  expect((await reportMessage(app, reporter, messages[0] ?? "")).status).toBe(200);
});
