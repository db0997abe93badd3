import { textsOfBundle } from "../bundle.ts";
import { en, type InboxCountedKey, type InboxKey } from "./en.ts";

const words = textsOfBundle<InboxKey, InboxCountedKey>(en, {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
});

/** The texts of conversations, notifications and the search. */
export const { speak: speakOfInbox, phrase: ti, counted: countedInbox } = words;
