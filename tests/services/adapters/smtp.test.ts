import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { createSmtp, type SmtpOptions } from "../../../services/adapters/mail/smtp.ts";

const MAIL = { to: "ann@example.org", subject: "Grüße, 日本", text: "Plain: ü\n", html: "<p>Rich: ü</p>" };
const FROM = "The Chatroom <chat@example.org>";

type Post = { readonly from: string; readonly to: string[]; readonly raw: string };

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

/** Starts a real SMTP server on loopback; `onData` may reject a message. */
async function mailServer(options: SMTPServerOptions = {}) {
  const posts: Post[] = [];
  let notify: () => void = () => undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      void buffer(stream).then((bytes) => {
        const { mailFrom, rcptTo } = session.envelope;
        posts.push({ from: mailFrom === false ? "" : mailFrom.address, to: rcptTo.map(({ address }) => address), raw: bytes.toString() });
        done();
        notify();
      });
    },
    ...options,
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  const arrived = async (count: number): Promise<void> => {
    while (posts.length < count)
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
  };
  return { url: `smtp://127.0.0.1:${port}`, port, posts, arrived };
}

function portOf(options: Partial<SmtpOptions> & { url: string }) {
  const warnings: unknown[] = [];
  let warned: () => void = () => undefined;
  const logger = {
    warn(...entry: unknown[]) {
      warnings.push(entry);
      warned();
    },
  } as never;
  const port = createSmtp({ from: FROM, logger, retryMs: [1, 1], ...options });
  closing.push(port.close);
  const warning = new Promise<void>((resolve) => {
    warned = resolve;
  });
  return { ...port, warnings, warning };
}

/** Returns the text of a mail after its transfer encodings are undone. */
const decoded = (raw: string): string =>
  Buffer.from(
    raw.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString();

describe("sending mail over SMTP", () => {
  it("sends plain text and HTML, from the site's address to a single recipient", async () => {
    const server = await mailServer();
    portOf(server).post(MAIL);
    await server.arrived(1);
    const [post] = server.posts;
    expect(post).toMatchObject({ from: "chat@example.org", to: ["ann@example.org"] });
    const raw = post?.raw ?? "";
    expect(raw).toMatch(/^From: The Chatroom <chat@example\.org>\r$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toMatch(/^Content-Type: multipart\/alternative/m);
    expect(raw).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(decoded(raw)).toContain("Plain: ü");
    expect(decoded(raw)).toContain("<p>Rich: ü</p>");
  });

  it("ignores recipients and headers injected through the address or the subject", async () => {
    const server = await mailServer();
    const port = portOf(server);
    port.post({ ...MAIL, to: "ann@example.org\r\nBcc: eve@example.org", subject: "Hi\r\nX-Evil: 1" });
    port.post(MAIL);
    await server.arrived(1);
    await port.close();
    for (const { raw, to } of server.posts) {
      expect(to).not.toContain("eve@example.org");
      expect(raw).not.toMatch(/^(Bcc|X-Evil):/m);
    }
  });

  it("does not block the caller, and reuses open connections", async () => {
    let connections = 0;
    let greet: () => void = () => undefined;
    const posted = new Promise<void>((resolve) => {
      greet = resolve;
    });
    // The server greets no client until all mails have been handed over.
    const server = await mailServer({
      onConnect(_session, done) {
        connections += 1;
        void posted.then(() => done());
      },
    });
    const port = portOf(server);
    for (let mails = 0; mails < 50; mails++) port.post(MAIL);
    expect(server.posts).toEqual([]);
    greet();
    await server.arrived(50);
    expect(connections).toBeLessThanOrEqual(2);
  });

  it("retries a mail after a temporary error", async () => {
    let rejections = 2;
    const server = await mailServer({
      onRcptTo(_address, _session, done) {
        if (rejections-- > 0) return done(Object.assign(new Error("greylisted ann@example.org"), { responseCode: 451 }));
        done();
      },
    });
    const port = portOf(server);
    port.post(MAIL);
    await server.arrived(1);
    await port.close();
    expect([server.posts.length, port.warnings]).toEqual([1, []]);
  });

  it("gives a mail up after a permanent error and logs it without the address", async () => {
    let tries = 0;
    const server = await mailServer({
      onRcptTo(_address, _session, done) {
        tries += 1;
        done(Object.assign(new Error("no such user ann@example.org"), { responseCode: 550 }));
      },
    });
    const port = portOf(server);
    port.post(MAIL);
    await port.warning;
    expect([tries, server.posts]).toEqual([1, []]);
    expect(JSON.stringify(port.warnings)).toContain("550");
    expect(JSON.stringify(port.warnings)).not.toContain("ann@");
  });

  it("gives a mail up after several attempts when the connection fails", async () => {
    const port = portOf({ url: "smtp://127.0.0.1:9" });
    port.post(MAIL);
    await port.warning;
    expect(JSON.stringify(port.warnings)).not.toContain("ann@");
  });

  it("reports a failing server as not working until it accepts a mail again", async () => {
    let isFailing = true;
    const server = await mailServer({
      onMailFrom: (_from, _session, done) => done(isFailing ? Object.assign(new Error("later"), { responseCode: 451 }) : undefined),
    });
    const port = portOf({ url: server.url });
    expect(port.isWorking()).toBe(true);
    port.post(MAIL);
    await port.warning;
    expect(port.isWorking()).toBe(false);
    isFailing = false;
    port.post(MAIL);
    await server.arrived(1);
    await expect.poll(port.isWorking).toBe(true);
  });

  it("drops and logs mails beyond the queue limit", async () => {
    const server = await mailServer();
    const port = portOf({ ...server, mostWaiting: 3 });
    for (let mails = 0; mails < 5; mails++) port.post(MAIL);
    expect(port.warnings).toHaveLength(2);
    await port.close();
    expect(server.posts).toHaveLength(3);
  });

  it("on close: sends the queued mails, and does not wait for one that cannot be sent", async () => {
    const server = await mailServer();
    const port = portOf(server);
    for (let mails = 0; mails < 5; mails++) port.post(MAIL);
    await port.close();
    expect(server.posts).toHaveLength(5);
    const stuck = portOf({ url: "smtp://127.0.0.1:9", retryMs: [60_000] });
    stuck.post(MAIL);
    const startedAt = performance.now();
    await stuck.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(stuck.warnings).toHaveLength(1);
  });
});
