import pg from "pg";
import type { Browser } from "playwright-core";
import { expect } from "vitest";
import { createClient } from "../../prisma/client.ts";
import { newMember, signIn } from "../support/accounts.ts";
import type { App } from "../support/app.ts";
import { type Answer, Visitor } from "../support/page/visitor.ts";
import type { RunningServer } from "../support/server.ts";
import { expectSound } from "./soundness.ts";
import { type Guest, visit } from "./visitor.ts";

/** A user with an account, created without a browser. */
export type Member = {
  readonly id: string;
  readonly username: string;
  /** The mention of this user in a message. */
  readonly mention: string;
  patch(path: string, body: unknown): Promise<void>;
  /** Sends a request as this user and returns any response. */
  ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Answer>;
};

export async function newPerson({ url }: RunningServer, displayName: string): Promise<Member> {
  const { visitor, id, username, auth } = await newMember({ url } as App, { displayName });
  return {
    id,
    username,
    mention: `@${username}`,
    patch: async (path, body) => {
      const { status } = await visitor.call(path, { method: "PATCH", body, headers: auth });
      if (status !== 200) throw new Error(`${path} answered ${status}`);
    },
    ask: (method, path, body) => visitor.call(path, { method, body, headers: auth }),
  };
}

/** Runs work on a server's database, outside the page. */
export async function onDatabase(server: RunningServer, work: (db: ReturnType<typeof createClient>) => Promise<unknown>): Promise<void> {
  const pool = new pg.Pool({ connectionString: await server.databaseUrl(), max: 1 });
  const db = createClient(pool);
  await work(db);
  await db.$disconnect();
  await pool.end();
}

/** Opens a browser with a signed-in user. */
export async function seat(
  browser: Browser,
  { url }: RunningServer,
  { username }: Member,
  options: Parameters<typeof visit>[2] = {},
): Promise<Guest> {
  const visitor = await new Visitor(url).open();
  const { status } = await signIn({ url } as App, { identifier: username }, { visitor });
  if (status !== 200) throw new Error(`${username} could not sign in: ${status}`);
  const guest = await visit(browser, url, options);
  const { hostname } = new URL(url);
  await guest.context.addCookies(
    [...visitor.cookies].map(([name, value]) => ({ name, value, domain: hostname, path: name === "refresh_token" ? "/api/auth" : "/" })),
  );
  await guest.context.addInitScript(() => localStorage.setItem("hadSession", "true"));
  return guest;
}

/** Checks that a settings page without permission is not linked, and that its address explains why it is not available. */
export async function expectNoPage(guest: Guest, { name, path }: { name: string; path: string }): Promise<void> {
  const { page } = guest;
  await guest.open("/settings");
  await page.locator(".settings-nav").waitFor();
  expect(await page.getByRole("link", { name }).count()).toBe(0);
  await guest.open(path);
  await page.locator(".notice").waitFor();
  await expectSound(guest);
}
