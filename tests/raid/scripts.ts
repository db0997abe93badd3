import { randomInt } from "node:crypto";

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? "";

const randomWord = (): string => Array.from({ length: randomInt(3, 9) }, () => pick([..."abcdefghijklmnoprstuvwyz"])).join("");

/** A script of the raiders: returns the next text of one of its guests. */
export type Script = { readonly name: string; readonly next: () => string };

/** Four scripts as raids use them: a fixed pitch, a template with synonyms, links, and short taunts. */
export const scripts: readonly Script[] = [
  {
    name: "a fixed text with a random ending",
    next: () => `FREE coins for everybody at the golden casino, join now and bring all your friends!!! ${randomWord()}`,
  },
  {
    name: "a template with synonyms",
    next: () =>
      `${pick(["Hey", "Hi", "Hello"])} people this chat is ${pick(["dead", "boring", "over"])} so everybody ${pick(["move", "come", "switch"])} over to our much better server where the real community is waiting for you`,
  },
  { name: "links", next: () => `look at this https://${randomWord()}.example/${randomWord()} it is amazing` },
  { name: "short taunts", next: () => pick(["this place is trash", "LOSERS get out", "raid raid raid raid", "admins are asleep lol"]) },
];

/** What honest newcomers write first. Each combines two of them, so that two people rarely write the same. */
const sentences: readonly string[] = [
  "Good evening from a rainy Lisbon!",
  "Finally found a place to talk about trains.",
  "Is anybody here learning Japanese?",
  "My sister told me about this room.",
  "What is everyone cooking tonight?",
  "I just finished a book about lighthouses.",
  "First time in a chat like this, be kind :)",
  "Does the music lounge have regular meetings?",
  "Our cat has decided that the keyboard is hers.",
  "Looking for people who play chess by mail.",
  "How late is it where you live?",
  "I moved to Recife last week and know nobody yet.",
  "Can someone explain how the language rooms work?",
  "Sunny here, finally, after two weeks of fog.",
  "Anyone watched the match yesterday?",
  "I repair old radios in my spare time.",
  "Night shift again, keeping myself awake.",
  "Which films do you recommend for a long flight?",
  "We planted tomatoes on the balcony this year.",
  "Practicing my English, please correct me.",
  "Reading along for a while already, so: hello.",
  "Do you know a good podcast on astronomy?",
  "The bakery downstairs makes the whole street smell of cinnamon.",
  "Trying to run ten kilometers by autumn.",
];

/** Returns what an honest newcomer says first. */
export const introduction = (): string => `${pick(sentences)} ${pick(sentences)}`;
