import { randomInt } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import type { Guest } from "../visitor.ts";
import { codeFor, linkFor } from "./mails.ts";

export type Account = { username: string; password: string; email: string; number: string };

/** Returns the data of an account that is unique in the test. */
export function newAccount(): Account {
  const username = `mina.${randomInt(1e9)}`;
  return { username, password: "a river under the bridge", email: `${username}@example.org`, number: `+4915112${randomInt(1e5, 1e6)}` };
}

/** Returns the unexpected troubles. Validation errors of the form itself appear in the console as failed requests and are expected. */
export const troublesOf = (guest: Guest, ...expected: RegExp[]): string[] =>
  guest.troubles.filter((trouble) => !(/status of 4\d\d/.test(trouble) && expected.some((pattern) => pattern.test(trouble))));

/** Requests a code for a phone number and enters it. */
export async function proveNumber(page: Page, url: string, number: string): Promise<void> {
  await page.locator("#phone").fill(number);
  await page.getByRole("button", { name: "Send code" }).click();
  await page.locator("#phone-code").waitFor();
  await page.locator("#phone-code").fill(await codeFor(url, number));
}

/** Fills in and submits the form of `/signup`, including the phone number. */
export async function fillSignUp(page: Page, url: string, account: Account): Promise<void> {
  await page.locator("#username").fill(account.username);
  await page.locator("#password").fill(account.password);
  await page.locator("#email").fill(account.email);
  await page.locator(".more summary").click();
  await proveNumber(page, url, account.number);
  await page.locator(".form-proven").waitFor();
  await page.locator(".form-submit").click();
}

/** Signs up as a new visitor and confirms the email address; ends on the home view. */
export async function signUp(guest: Guest, url: string): Promise<Account> {
  const account = newAccount();
  await guest.open("/signup");
  await fillSignUp(guest.page, url, account);
  await guest.page.locator(".sidebar-me, .bottom-bar").first().waitFor();
  await confirmEmail(guest, url, account);
  return account;
}

export async function confirmEmail(guest: Guest, url: string, { email }: Account): Promise<void> {
  await guest.open(await linkFor(url, email, "verify-email"));
  await guest.page.getByRole("heading", { name: "Email address confirmed" }).waitFor();
}

/** Enters the username and password on `/signin`. */
export async function typeSignIn(page: Page, { username, password }: Pick<Account, "username" | "password">): Promise<void> {
  await page.locator("#identifier").fill(username);
  await page.locator("#password").fill(password);
  await page.locator(".form-submit").click();
}

export async function signOut(page: Page): Promise<void> {
  await page.locator(".top-me, .sidebar-me").first().click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.locator(".top-me, .sidebar-me").first().waitFor({ state: "detached" });
}

/** Returns the code an authenticator app with this secret shows, now or the given number of steps later. */
export const totpCode = (secret: string, stepsAhead = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsAhead * 30_000 });

/** Enables two-factor authentication in `/settings/security`. Returns the secret and the recovery codes. */
export async function switchTotpOn(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.getByRole("button", { name: "Set up" }).click();
  await page.locator(".qr path").waitFor();
  const secret = (await page.locator("[data-secret]").getAttribute("data-secret")) ?? "";
  await page.locator("#totp-code").fill(totpCode(secret));
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.locator(".codes-list").waitFor();
  const codes = await page.locator(".codes-list code").allTextContents();
  await page.getByRole("button", { name: "I’ve saved them" }).click();
  await page.locator(".codes-list").waitFor({ state: "detached" });
  return { secret, codes };
}

/** Adds a virtual authenticator that always verifies the user successfully. */
export async function giveFingerprint({ context, page }: Guest): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
