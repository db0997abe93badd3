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

/** Somebody with an account, made without a browser. */
export type Member = {
  readonly id: string;
  readonly username: string;
  /** What names them in a text. */
  readonly mention: string;
  patch(path: string, body: unknown): Promise<void>;
  /** Asks the server as them, whatever the answer. */
  ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Answer>;
};

export async function newPerson({ url }: RunningServer, displayName: string): Promise<Member> {
  const { visitor, id, username, auth } = await newMember({ url } as App, { displayName });
  return {
    ...{ id, username, mention: `@${username}` },
    patch: async (path, body) => {
      const { status } = await visitor.call(path, { method: "PATCH", body, headers: auth });
      if (status !== 200) throw new Error(`${path} answered ${status}`);
    },
    ask: (method, path, body) => visitor.call(path, { method, body, headers: auth }),
  };
}

/** Opens a server's database for what is done beside the page. */
export async function onDatabase(server: RunningServer, work: (db: ReturnType<typeof createClient>) => Promise<unknown>): Promise<void> {
  const pool = new pg.Pool({ connectionString: await server.databaseUrl(), max: 1 });
  const db = createClient(pool);
  await work(db);
  await db.$disconnect();
  await pool.end();
}

/** A browser in which somebody is signed in. */
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

/** Somebody whom a page of the settings is not for is not led there, and told so at its address. */
export async function expectNoPage(guest: Guest, { name, path }: { name: string; path: string }): Promise<void> {
  const { page } = guest;
  await guest.open("/settings");
  await page.locator(".settings-nav").waitFor();
  expect(await page.getByRole("link", { name }).count()).toBe(0);
  await guest.open(path);
  await page.locator(".notice").waitFor();
  await expectSound(guest);
}
