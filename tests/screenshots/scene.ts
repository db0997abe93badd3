import type { Browser } from "playwright-core";
import { newId } from "../../utils/ids.ts";
import { type Member, newPerson, seat } from "../e2e/members.ts";
import { roomIdOf } from "../e2e/room-record.ts";
import type { Guest } from "../e2e/visitor.ts";
import type { RunningServer } from "../support/server.ts";
import type { Variant } from "./variants.ts";

const TRIES = 5;

/** Creates a member. On a busy machine the first sign-ups may exceed the server's request timeout, so failed attempts are retried. */
async function person(server: RunningServer, name: string): Promise<Member> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await newPerson(server, name);
    } catch (error) {
      if (tries === TRIES || !String(error).includes("unavailable")) throw error;
    }
  }
}

type Locale = Variant["locale"];

/** Sample messages for the rooms of each language: short and long, with Markdown, a list, a quotation and code. */
const talks: Record<Locale, readonly string[]> = {
  en: [
    "Good morning! Does anyone know a quiet café near the old harbour that opens before eight?",
    "The one by the lighthouse. They have **the best cinnamon rolls** in town.",
    "> opens before eight\n\nSeven, even on Sundays.",
    "Thank you both, I’ll try it tomorrow 🙂",
    "Take an umbrella. It looks like rain all week.",
  ],
  de: [
    "Guten Morgen zusammen! Kennt jemand ein ruhiges Café am alten Hafen, das vor acht Uhr öffnet?",
    "Das am Leuchtturm. Dort gibt es **die besten Zimtschnecken** der Stadt.",
    "> vor acht Uhr\n\nUm sieben, sogar sonntags.",
    "Danke euch beiden, das probiere ich morgen aus 🙂",
    "Nimm einen Regenschirm mit: Donaudampfschifffahrtsgesellschaftskapitänswetter, die ganze Woche.",
  ],
  ar: [
    "صباح الخير! هل يعرف أحدكم مقهى هادئًا قرب الميناء القديم يفتح قبل الثامنة؟",
    "المقهى بجانب المنارة. عندهم **أفضل لفائف القرفة** في المدينة.",
    "> قبل الثامنة\n\nيفتح في السابعة، حتى يوم الأحد.",
    "شكرًا لكما، سأجرّبه غدًا 🙂",
    "خذ مظلة معك، فالمطر متوقع طوال الأسبوع.",
  ],
  ja: [
    "おはようございます！旧港の近くで8時前に開く静かなカフェを知っている人はいますか？",
    "灯台のそばの店がいいですよ。**シナモンロール**が町で一番おいしいです。",
    "> 8時前に\n\n日曜日でも7時に開きますよ。",
    "ありがとうございます。明日行ってみます 🙂",
    "傘を持っていったほうがいいですよ。今週はずっと雨のようです。",
  ],
};

export type Scene = { readonly people: readonly Member[] };

const roomOf = (locale: Locale): string => `/l/town-square/${locale}`;

/** Fills the rooms of all languages with messages, in chronological order. */
export async function setScene(server: RunningServer): Promise<Scene> {
  const people: Member[] = [];
  for (const name of ["Mina Park", "Otter 12", "Jonas Weber"]) people.push(await person(server, name));
  for (const [locale, texts] of Object.entries(talks)) {
    const roomId = await roomIdOf(server.url, roomOf(locale as Locale));
    for (const [at, text] of texts.entries()) {
      const author = people[at % people.length] as Member;
      await author.ask("POST", `/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text });
    }
  }
  return { people };
}

type Viewer = { readonly locale: Locale; readonly name: string };

/** Creates a member with a conversation and a message request from a stranger. Returns the addresses of both. */
export async function conversationsOf(server: RunningServer, { locale, name }: Viewer) {
  const me = await person(server, name);
  const friend = await person(server, "Rosa Almeida");
  const stranger = await person(server, "Kenji Sato");
  const begin = async (from: Member, to: Member, texts: readonly string[]): Promise<string> => {
    const { id } = (await from.ask("POST", "/api/conversations", { userId: to.id })).body as { id: string };
    for (const text of texts) await from.ask("POST", `/api/chatroom/rooms/${id}/messages`, { clientMessageId: newId(), text });
    return id;
  };
  for (const one of [me, friend]) await one.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
  const texts = talks[locale];
  const conversation = await begin(friend, me, texts.slice(0, 2));
  await me.ask("POST", `/api/chatroom/rooms/${conversation}/messages`, { clientMessageId: newId(), text: texts[3] });
  await me.patch("/api/users/me", { privacy: { whoMayWrite: "contacts" } });
  const request = await begin(stranger, me, texts.slice(0, 1));
  return { me, conversation: `/m/${conversation}`, request: `/m/${request}` };
}

/** Opens a browser for a variant, signed in or anonymous. */
export const seatFor = async (
  sitting: (options: object) => Promise<Guest>,
  { width, locale, theme }: Variant,
  height: number,
): Promise<Guest> => {
  const isTouch = width < 720;
  const guest = await sitting({
    locale,
    viewport: { width, height },
    hasTouch: isTouch,
    isMobile: isTouch,
    colorScheme: theme === "dark" ? "dark" : "light",
    reducedMotion: "reduce",
  });
  if (theme === "contrast") {
    const settings = JSON.stringify({ theme: "contrast" });
    await guest.context.addInitScript((text) => localStorage.setItem("settings", text), settings);
  }
  return guest;
};

export const memberSeat = (browser: Browser, server: RunningServer, me: Member) => (options: object) => seat(browser, server, me, options);
export { roomOf };
