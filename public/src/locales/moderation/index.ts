import { textsOfBundle } from "../bundle.ts";
import { en, type ModerationCountedKey, type ModerationKey } from "./en.ts";

const words = textsOfBundle<ModerationKey, ModerationCountedKey>(en, {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
});

/** The texts about reports, decisions of the moderation, appeals and trust. */
export const { speak: speakOfModeration, phrase: tm, counted: countedModeration } = words;
