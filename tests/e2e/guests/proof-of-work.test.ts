import { describe, expect, it } from "vitest";
import { createRest } from "../../support/client.ts";
import { serverForFile } from "../server-for-file.ts";
import { type Guest, visit } from "../visitor.ts";

const ROOM = "/l/town-square/en";

const { server, browser } = await serverForFile({ LIMITS_SCALE: "1" });

const status = (guest: Guest) => guest.page.locator(".join-check");
const joinButton = (guest: Guest) => guest.page.locator(".join-button");

async function fillIn(guest: Guest, name: string): Promise<void> {
  await guest.open(ROOM);
  await guest.page.locator("#guest-name").fill(name);
}

describe("joining when many guests have joined from the same network", () => {
  it("solves the challenge in a worker, shows that, and enters the room", async () => {
    for (let count = 0; count < 3; count += 1) await createRest(server.url).guest();
    const guest = await visit(browser, server.url);
    const workers: string[] = [];
    guest.page.on("worker", (worker) => workers.push(worker.url()));
    // Keeps the page at the status until it was seen: the challenge may be solved within milliseconds.
    let release = (): void => undefined;
    const seen = new Promise<void>((resolve) => {
      release = resolve;
    });
    await guest.page.route("**/api/auth/guest", async (route) => {
      const isProof = route.request().postData()?.includes('"proof"') === true;
      if (isProof) await seen;
      await route.continue();
    });
    await fillIn(guest, "Nadia of Proofs");
    await joinButton(guest).click();
    await status(guest).getByText("Checking your browser…").waitFor();
    release();
    await guest.page.locator(".composer-field").waitFor();
    expect(workers.map((url) => new URL(url).pathname)).toEqual([expect.stringMatching(/^\/assets\/proof-of-work-worker-[\w-]+\.js$/)]);
    expect(guest.troubles.filter((trouble) => !trouble.includes("403"))).toEqual([]);
    await guest.context.close();
  });

  it("can be canceled, which ends the worker and returns to the form", async () => {
    const guest = await visit(browser, server.url);
    // 32 zero bits cannot be found within the time of a test.
    const problem = { code: "proof_required", status: 403, challenge: { token: "token", difficulty: 32 } };
    await guest.page.route("**/api/auth/guest", (route) =>
      route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
    await fillIn(guest, "Omar of Proofs");
    await joinButton(guest).click();
    const started = guest.page.workers()[0] ?? (await guest.page.waitForEvent("worker"));
    const ended = started.waitForEvent("close");
    // The page responds while the worker computes.
    await status(guest).getByRole("button", { name: "Cancel" }).click();
    await ended;
    await status(guest).waitFor({ state: "detached" });
    expect(await joinButton(guest).isEnabled()).toBe(true);
    expect(await guest.page.locator(".join-trouble").count()).toBe(0);
    expect(await guest.page.evaluate(() => document.activeElement?.id)).toBe("guest-name");
    await guest.context.close();
  });

  it("says so when there are too many", async () => {
    const guest = await visit(browser, server.url);
    const problem = { code: "guest_limit", status: 429, retryAfterMs: 60_000 };
    await guest.page.route("**/api/auth/guest", (route) =>
      route.fulfill({ status: 429, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
    await fillIn(guest, "Pia of Proofs");
    await joinButton(guest).click();
    await guest.page.locator(".join-trouble").getByText("Too many guests have joined from your network").waitFor();
    await guest.context.close();
  });
});
