import type { SupportedLanguage } from "../../utils/text/languages.ts";
import type { Mail } from "../adapters/mail/port.ts";
import type { MailText } from "./template.ts";
import { mailTemplates } from "./templates/index.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** Isolates a name, whose writing direction may differ from that of the text. */
const isolated = (name: string): string => `\u2068${name}\u2069`;

const withName = (line: string, name: string): string => line.replace("{name}", () => name);

export type Draft = {
  readonly to: string;
  readonly language: SupportedLanguage;
  readonly template: MailText;
  readonly name?: string;
  /** The URL of the button. */
  readonly link?: string;
  /** The token in the link, for the development outbox. */
  readonly code?: string;
};

function plainOf({ language, template, name = "", link }: Draft): string {
  const button = link === undefined || template.button === undefined ? [] : [`${template.button}:\n${link}`];
  return `${[...template.lines.map((line) => withName(line, isolated(name))), ...button, `-- \n${mailTemplates[language].footer}`].join("\n\n")}\n`;
}

const BUTTON = "display:inline-block;padding:12px 20px;border-radius:8px;background:#1f4f8f;color:#ffffff;text-decoration:none";

function htmlOf({ language, template, name = "", link }: Draft): string {
  const paragraphs = template.lines.map((line) => `<p>${withName(escapeHtml(line), `<bdi>${escapeHtml(name)}</bdi>`)}</p>`);
  const button =
    link === undefined || template.button === undefined
      ? []
      : [`<p><a href="${escapeHtml(link)}" style="${BUTTON}">${escapeHtml(template.button)}</a></p>`];
  return `<!doctype html>
<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(template.subject)}</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1b1f24;font:16px/1.5 sans-serif">
<div style="max-width:560px;margin:0 auto">
${[...paragraphs, ...button].join("\n")}
<p style="color:#57606a;font-size:13px">${escapeHtml(mailTemplates[language].footer)}</p>
</div>
</body>
</html>
`;
}

/** Renders a mail as plain text and as HTML with the same content. */
export const renderMail = (draft: Draft): Mail => ({
  to: draft.to,
  subject: draft.template.subject,
  text: plainOf(draft),
  html: htmlOf(draft),
  ...(draft.code !== undefined && { code: draft.code }),
});
