import { describe, expect, it } from "vitest";
import type { Mail } from "../../../services/adapters/mail/port.ts";
import { sendWelcome } from "../../../services/contacts/email/account-mails.ts";
import { renderMail } from "../../../services/mail/render-mail.ts";
import type { MailText } from "../../../services/mail/template.ts";
import { mailTemplates } from "../../../services/mail/templates/index.ts";
import { supportedLanguages } from "../../../utils/text/languages.ts";

const siteUrl = "https://chat.example.net";
/** Returns every mail of a language, by name. */
const wordsOf = (language: keyof typeof mailTemplates): [string, MailText][] =>
  Object.entries(mailTemplates[language]).flatMap(([name, words]): [string, MailText][] =>
    typeof words === "string" ? [] : [[name, words]],
  );

function welcomed(name: string, language: (typeof supportedLanguages)[number] = "en"): Mail {
  const posted: Mail[] = [];
  const mail = { post: (one: Mail) => void posted.push(one), isWorking: () => true, close: async () => undefined };
  sendWelcome({ mail, siteUrl }, { to: "ann@example.org", name, language });
  const [first] = posted;
  if (first === undefined) throw new Error("No mail was posted.");
  return first;
}

describe("mail templates", () => {
  it.each([...supportedLanguages])("in %s have the same content, a distinct subject each, and fit their layout", (language) => {
    const words = wordsOf(language);
    expect(new Set(words.map(([, { subject }]) => subject)).size).toBe(words.length);
    for (const [name, { subject, lines, button }] of words) {
      const english = wordsOf("en").find(([other]) => other === name)?.[1];
      expect([name, lines.length, button !== undefined]).toEqual([name, english?.lines.length, english?.button !== undefined]);
      expect(lines.join().includes("{name}")).toBe(name === "welcome");
      expect(subject.length).toBeLessThan(78);
      if (language !== "en") expect(lines[0]).not.toBe(english?.lines[0]);
    }
    expect(mailTemplates[language].smsCode.match(/\{code\}/g)).toHaveLength(1);
    expect(mailTemplates[language].smsNoAccount).not.toMatch(/[{}]|\d{6}/);
  });

  it.each([...supportedLanguages])("in %s are rendered as plain text and HTML with the same text and link", (language) => {
    for (const [, template] of wordsOf(language)) {
      const link = `${siteUrl}/verify-email#abc`;
      const { text, html, subject } = renderMail({ to: "ann@example.org", language, template, name: "Ann", link, code: "abc" });
      expect(subject).toBe(template.subject);
      expect(text).toContain(link);
      expect(html).toContain(`href="${link}"`);
      for (const line of template.lines.filter((one) => !one.includes("{name}") && !one.includes("'"))) {
        expect(text).toContain(line);
        expect(html).toContain(line);
      }
      expect(html).toContain(`<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}">`);
    }
  });

  it("escape HTML and text direction marks in user names", () => {
    const name = `</bdi><script>alert("1")</script>&'`;
    const { html, text } = welcomed(name);
    expect(html).not.toContain("<script>");
    expect(html).toContain("<bdi>&lt;/bdi&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</bdi>");
    expect(text).toContain(`\u2068${name}\u2069`);
    expect(welcomed("$& $1 {name}").text).toContain("$& $1 {name}");
  });
});
