import { textsOfBundle } from "../../bundle.ts";
import { type ConsoleCountedKey, type ConsoleKey, en } from "./en.ts";

const words = textsOfBundle<ConsoleKey, ConsoleCountedKey>(en, {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
});

/** The texts of the moderators' console and of the public moderation log. */
export const { speak: speakOfConsole, phrase: tc, counted: countedConsole } = words;
