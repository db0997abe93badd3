import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

export const viewports = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  wide: { width: 1440, height: 900 },
} as const;

export type Size = keyof typeof viewports;

/** A user with their own browser context. */
export type Guest = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Collects console errors, uncaught exceptions, and requests to other sites. */
  readonly troubles: string[];
  /** Opens an address of the site. */
  open(path: string): Promise<void>;
  /** Opens a room and joins it under a name. */
  join(path: string, name: string): Promise<void>;
  /** Writes a message and sends it. */
  say(text: string): Promise<void>;
  /** Waits until a message appears in the list as delivered. */
  hears(text: string): Promise<void>;
  /** Returns the texts of the message list from top to bottom, delivered and pending. */
  texts(): Promise<string[]>;
};

type Options = BrowserContextOptions & { size?: Size };

const pending = ".message-pending, .message-refused";

function watch(page: Page, origin: string, troubles: string[]): void {
  page.on("console", (message) => {
    // The browser reports a failed request because the server was stopped on purpose.
    if (
      message.type() === "error" &&
      !/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/.test(message.text())
    )
      troubles.push(`${message.text()} ${message.location().url}`.trim());
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)/.test(url.protocol) && url.host !== new URL(origin).host) troubles.push(`asked another site: ${request.url()}`);
  });
}

/** Opens a page in a new browser context, as a new visitor. */
export async function visit(browser: Browser, url: string, { size = "wide", ...options }: Options = {}): Promise<Guest> {
  const isPhone = size === "phone";
  const context = await browser.newContext({
    baseURL: url,
    locale: "en-US",
    viewport: viewports[size],
    hasTouch: isPhone,
    isMobile: isPhone,
    ...options,
  });
  const page = await context.newPage();
  const troubles: string[] = [];
  watch(page, url, troubles);
  const open = async (path: string) => void (await page.goto(path));
  return {
    page,
    context,
    troubles,
    open,
    join: async (path, name) => {
      await open(path);
      await page.locator("#guest-name").fill(name);
      await page.locator(".join-button").click();
      await page.locator(".composer-field").waitFor();
      await page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });
    },
    say: async (text) => {
      await page.locator(".composer-field").fill(text);
      await page.locator(".composer-send").click();
    },
    hears: async (text) => {
      await page.locator(`.message:not(${pending}) .message-text`).getByText(text, { exact: true }).waitFor({ timeout: 30_000 });
    },
    texts: () => page.locator(".log .message-text").allTextContents(),
  };
}
