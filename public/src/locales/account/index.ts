import { textsOfBundle } from "../bundle.ts";
import { type AccountCountedKey, type AccountKey, en } from "./en.ts";

const words = textsOfBundle<AccountKey, AccountCountedKey>(en, {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
});

/** The texts of the account pages. */
export const { speak: speakOfAccounts, phrase: ta, counted: countedOf } = words;
